package network.conet.edge.transport.internal;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import network.conet.edge.api.EventStream;
import network.conet.edge.api.Exchange;
import network.conet.edge.api.NodeEntry;
import network.conet.edge.api.Pipe;
import network.conet.edge.protocol.RefuseReason;

/**
 * One posted request and its single answer. Whoever moves the phase owns the answer; the connection is only
 * touched on its loop. Holds the body's share of the budget until the phase is a final one.
 *
 * <pre>
 *   WAITING ──ok, refuse, stream, pipe────────► ANSWERED
 *      │  ▲
 *      │  └─── next node not reached ───┐
 *      ├──forward──► FORWARDING ────────┴─────► ANSWERED   (request handed over)
 *      └──answer did not come in time─────────► EXPIRED    (a late answer goes nowhere)
 * </pre>
 */
final class PostedRequest implements Exchange {
    private enum Phase { WAITING, FORWARDING, ANSWERED, EXPIRED }

    private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.WAITING);
    private final FrontConnection connection;
    private final FrontParts parts;
    private final boolean fromEdge;
    private final int budgetBytes;

    /** @param budgetBytes what was taken from the budget for the body; given back here */
    PostedRequest(FrontConnection connection, FrontParts parts, boolean fromEdge, int budgetBytes) {
        this.connection = connection;
        this.parts = parts;
        this.fromEdge = fromEdge;
        this.budgetBytes = budgetBytes;
        parts.exchanges.begin();
    }

    /** Whether a node of our own kind asks, which would use the connection again. */
    boolean fromEdge() {
        return fromEdge;
    }

    @Override
    public String peerAddress() {
        SocketAddress remote = connection.context().channel().remoteAddress();
        if (!(remote instanceof InetSocketAddress inet) || inet.getAddress() == null) {
            return "";
        }
        InetAddress address = inet.getAddress();
        String text = address.getHostAddress();
        int scope = text.indexOf('%');
        return scope < 0 ? text : text.substring(0, scope);
    }

    @Override
    public void ok(byte[] json) {
        if (claim()) {
            connection.onLoop(() -> connection.answerOk(this, json));
            finish();
        }
    }

    @Override
    public void refuse(RefuseReason reason) {
        if (claim()) {
            refuseNow(reason);
        }
    }

    @Override
    public EventStream stream(EventStream.Events events) {
        return open(new FrameStream(connection, parts, events, true));
    }

    @Override
    public EventStream octets(EventStream.Events events) {
        return open(new FrameStream(connection, parts, events, false));
    }

    @Override
    public Pipe pipe() {
        ChannelPipe pipe = new ChannelPipe(connection.context().channel(), fromEdge, parts.faults, parts.counters);
        boolean isWanted = claim();
        if (!connection.onLoopLater(() -> {
            if (!isWanted || !connection.handOver(this, pipe)) {
                pipe.neverBegun();
            }
        })) {
            pipe.neverBegun();
        }
        if (isWanted) {
            finish();
        }
        return pipe;
    }

    private EventStream open(FrameStream stream) {
        if (claim()) {
            stream.begin(this);
            finish();
        } else {
            stream.beginClosed();
        }
        return stream;
    }

    @Override
    public CompletionStage<Void> forward(NodeEntry next, byte[] body, String hopHeader) {
        if (hopHeader != null && (hopHeader.indexOf('\r') >= 0 || hopHeader.indexOf('\n') >= 0)) {
            throw new IllegalArgumentException("a header value has one line");
        }
        CompletableFuture<Void> sent = new CompletableFuture<>();
        if (!phase.compareAndSet(Phase.WAITING, Phase.FORWARDING)) {
            requireExpired();
            sent.complete(null);
            return sent;
        }
        if (!connection.onLoop(() -> connection.forward(this, next.endpoint(), body, hopHeader, sent))) {
            forwarded(sent);
        }
        return sent;
    }

    /** The request was handed over, or there is nobody any more who waits for its answer. */
    void forwarded(CompletableFuture<Void> sent) {
        if (settle(Phase.FORWARDING, Phase.ANSWERED)) {
            finish();
            sent.complete(null);
        }
    }

    /** The next node could not be had; the handler must answer. Returns whether it was still to be decided. */
    boolean forwardFailed() {
        return phase.compareAndSet(Phase.FORWARDING, Phase.WAITING);
    }

    /** Refuses, unless an answer was given. For the case that the handler failed. */
    void refuseIfWaiting(RefuseReason reason) {
        if (settle(Phase.WAITING, Phase.ANSWERED)) {
            refuseNow(reason);
        }
    }

    /** No answer came in time. Returns whether that is so. */
    boolean expire() {
        if (!settle(Phase.WAITING, Phase.EXPIRED)) {
            return false;
        }
        finish();
        return true;
    }

    /** Moves to a final phase; the body counts no longer. */
    private boolean settle(Phase from, Phase to) {
        if (!phase.compareAndSet(from, to)) {
            return false;
        }
        parts.budget.give(budgetBytes);
        return true;
    }

    private boolean claim() {
        if (settle(Phase.WAITING, Phase.ANSWERED)) {
            return true;
        }
        requireExpired();
        return false;
    }

    private void refuseNow(RefuseReason reason) {
        parts.counters.refused(reason);
        connection.onLoop(() -> connection.answerRefusal(this, reason));
        finish();
    }

    private void requireExpired() {
        if (phase.get() != Phase.EXPIRED) {
            throw new IllegalStateException("a request was answered twice");
        }
    }

    /** Comes behind the answer's way to the loop: a stop that waited for it must not overtake it. */
    private void finish() {
        parts.exchanges.end();
    }
}
