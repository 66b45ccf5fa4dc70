package network.conet.edge.testkit;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import network.conet.edge.api.EventStream;
import network.conet.edge.api.Exchange;
import network.conet.edge.api.NodeEntry;
import network.conet.edge.api.Pipe;
import network.conet.edge.protocol.RefuseReason;

/** The answering end of a {@link SimConnection}, given to a handler. */
final class SimExchange implements Exchange {
    /** A stream with more frames than this under way asks its writer to wait. */
    private static final int FRAMES_UNDER_WAY_MAX = 3;

    private final SimNetwork network;
    private final SimConnection connection;
    private final SimNode node;
    private boolean isAnswered;
    private boolean isPeerGone;
    private Stream stream;
    private SimConnection onward;

    SimExchange(SimNetwork network, SimConnection connection, SimNode node) {
        this.network = network;
        this.connection = connection;
        this.node = node;
    }

    /** Whether a living node still owes an answer. */
    boolean isOwed() {
        return node.isUp() && !isAnswered;
    }

    @Override
    public String peerAddress() {
        return "192.0.2.1";
    }

    @Override
    public void ok(byte[] json) {
        answer("ok");
        send("ok", () -> connection.client().ok(json));
        end();
    }

    @Override
    public void refuse(RefuseReason reason) {
        answer("refuse " + reason);
        send("refusal " + reason, () -> connection.client().refused(reason));
        end();
    }

    @Override
    public EventStream stream(EventStream.Events events) {
        answer("stream");
        stream = new Stream(events);
        send("stream head", () -> connection.client().streamOpened());
        if (isPeerGone) {
            network.add(1, "stream of a peer that has gone", () -> node.run(stream::ended));
        }
        return stream;
    }

    @Override
    public EventStream octets(EventStream.Events events) {
        return stream(events);
    }

    @Override
    public Pipe pipe() {
        throw new UnsupportedOperationException("the simulated network carries messages, not raw bytes");
    }

    @Override
    public CompletionStage<Void> forward(NodeEntry next, byte[] body, String hopHeader) {
        CompletableFuture<Void> sent = new CompletableFuture<>();
        if (!node.isUp()) {
            return sent;
        }
        SimConnection hop = network.connection(node, new Onward());
        hop.connectAndPost(next.endpoint(), body, hopHeader, sent);
        return sent.thenRun(() -> {
            answer("forward");
            onward = hop;
            if (isPeerGone) {
                onward.close();
            }
        });
    }

    /** The asking side has gone. */
    void peerGone() {
        isPeerGone = true;
        if (stream != null) {
            stream.ended();
        }
        if (onward != null) {
            onward.close();
        }
    }

    private void answer(String what) {
        if (!node.isUp()) {
            return;
        }
        if (isAnswered) {
            network.violation("second answer, " + what + ", on " + this);
            throw new IllegalStateException("answered already");
        }
        isAnswered = true;
    }

    private void send(String label, Runnable arrival) {
        if (node.isUp()) {
            connection.toAsker(label, arrival);
        }
    }

    private void end() {
        if (node.isUp()) {
            connection.endByServer();
        }
    }

    @Override
    public String toString() {
        return "exchange of " + connection;
    }

    /** What comes back from the next node goes on to the one who asked. */
    private final class Onward implements SimClient {
        private boolean isAnyByte;

        @Override
        public void ok(byte[] json) {
            isAnyByte = true;
            send("ok", () -> connection.client().ok(json));
        }

        @Override
        public void refused(RefuseReason reason) {
            // A refusal of this kind is a connection that ends without a byte.
            if (reason.answer() != RefuseReason.Answer.CLOSE) {
                isAnyByte = true;
                send("refusal " + reason, () -> connection.client().refused(reason));
            }
        }

        @Override
        public void streamOpened() {
            isAnyByte = true;
            send("stream head", () -> connection.client().streamOpened());
        }

        @Override
        public void frame(byte[] frame) {
            send("frame", () -> connection.client().frame(frame));
        }

        @Override
        public void closed() {
            if (!isAnyByte) {
                send("refusal", () -> connection.client().refused(RefuseReason.NEXT_NODE_SILENT));
            }
            end();
        }
    }

    private final class Stream implements EventStream {
        private final Events events;
        private int underWay;
        private boolean isFull;
        private boolean isOpen = true;
        private boolean isEndTold;

        private Stream(Events events) {
            this.events = events;
        }

        @Override
        public boolean write(byte[] frame) {
            if (!isOpen || !node.isUp()) {
                return false;
            }
            underWay++;
            isFull |= underWay >= FRAMES_UNDER_WAY_MAX;
            send("frame", () -> {
                connection.client().frame(frame);
                network.add(network.delayMillis(), "drained", () -> node.run(this::drained));
            });
            return isWritable();
        }

        @Override
        public boolean isWritable() {
            return isOpen && !isFull;
        }

        @Override
        public void close() {
            if (isOpen && node.isUp()) {
                isOpen = false;
                end();
            }
        }

        private void drained() {
            underWay--;
            if (isFull && underWay <= 1 && isOpen) {
                isFull = false;
                events.writable();
            }
        }

        private void ended() {
            isOpen = false;
            if (!isEndTold) {
                isEndTold = true;
                events.closed();
            }
        }
    }
}
