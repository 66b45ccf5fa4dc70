package network.conet.edge.testkit;

import java.util.concurrent.CompletableFuture;
import network.conet.edge.protocol.Endpoint;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.RefusedException;

/**
 * A connection with its two ends: the one that asks, a client or a node that forwards, and the node that answers.
 * Each direction keeps its order; a break loses what is under way.
 */
public final class SimConnection {
    private final SimNetwork network;
    private final int number;
    /** Null for a client: clients do not crash as nodes do. */
    private final SimNode asker;
    private final SimClient client;
    private SimNode server;
    private SimExchange exchange;
    private boolean isBroken;
    private boolean isAskerTold;
    private boolean isServerTold;
    private long lastToServerMillis;
    private long lastToAskerMillis;

    SimConnection(SimNetwork network, int number, SimNode asker, SimClient client) {
        this.network = network;
        this.number = number;
        this.asker = asker;
        this.client = client;
    }

    /** The asking side goes away without a word more. */
    public void close() {
        if (isBroken) {
            return;
        }
        network.note("close by asker", this);
        breakOff();
    }

    /** Connects and posts; the future, if any, completes when the request is on its way, or fails. */
    void connectAndPost(Endpoint to, byte[] body, String hopHeader, CompletableFuture<Void> sent) {
        if (asker != null) {
            asker.joined(this);
        }
        boolean isLost = network.isLost();
        network.add(network.delayMillis(), "connect", () -> {
            if (isBroken || asker != null && !asker.isUp()) {
                return;
            }
            server = isLost ? null : network.nodeIfUp(to);
            if (server == null) {
                failToConnect(sent);
                return;
            }
            server.joined(this);
            exchange = new SimExchange(network, this, server);
            transmit(true, "request", () -> server.handle(body, hopHeader, exchange));
            if (sent != null) {
                sent.complete(null);
            }
        });
    }

    private void failToConnect(CompletableFuture<Void> sent) {
        network.note("cannot connect", this);
        isBroken = true;
        isServerTold = true;
        if (sent == null) {
            tellAsker();
            return;
        }
        isAskerTold = true;
        asker.left(this);
        sent.completeExceptionally(new RefusedException(RefuseReason.NEXT_NODE_UNREACHABLE));
    }

    /** Sends something to the asker. */
    void toAsker(String label, Runnable arrival) {
        transmit(false, label, arrival);
    }

    SimClient client() {
        return client;
    }

    /** The server's side is done: the asker hears of the end behind all that was sent. */
    void endByServer() {
        transmit(false, "end", this::tellAsker);
    }

    private void transmit(boolean isToServer, String label, Runnable arrival) {
        if (isBroken) {
            return;
        }
        if (network.isLost()) {
            network.note("lost " + label, this);
            breakOff();
            return;
        }
        long now = network.clock().epochMillis();
        long at = Math.max(now + network.delayMillis(), isToServer ? lastToServerMillis : lastToAskerMillis);
        if (isToServer) {
            lastToServerMillis = at;
        } else {
            lastToAskerMillis = at;
        }
        SimNode receiver = isToServer ? server : asker;
        network.add(at - now, label + ' ' + number, () -> {
            if (!isBroken && (receiver == null || receiver.isUp())) {
                arrival.run();
            }
        });
    }

    /** Nothing passes any more; both ends hear of it in their own time. */
    void breakOff() {
        if (isBroken) {
            return;
        }
        isBroken = true;
        network.add(network.delayMillis(), "break seen by asker " + number, this::tellAsker);
        network.add(network.delayMillis(), "break seen by server " + number, this::tellServer);
    }

    private void tellAsker() {
        if (isAskerTold) {
            return;
        }
        isAskerTold = true;
        if (asker == null) {
            client.closed();
        } else if (asker.isUp()) {
            asker.left(this);
            client.closed();
        }
        if (!isBroken) {
            isBroken = true;
            network.add(network.delayMillis(), "end seen by server " + number, this::tellServer);
        }
    }

    private void tellServer() {
        if (isServerTold || server == null) {
            return;
        }
        isServerTold = true;
        if (server.isUp()) {
            server.left(this);
            exchange.peerGone();
        }
    }

    @Override
    public String toString() {
        return "connection " + number + " to " + server;
    }
}
