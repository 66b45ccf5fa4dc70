package network.conet.edge.relay.internal;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import network.conet.edge.api.EventStream;
import network.conet.edge.api.Exchange;
import network.conet.edge.api.NodeEntry;
import network.conet.edge.api.Pipe;
import network.conet.edge.protocol.RefuseReason;

/** Keeps the answer; a second one fails. */
final class RecordingExchange implements Exchange {
    static final String PEER = "198.51.100.7";

    String json;
    RefuseReason refusal;
    RecordingStream stream;
    /** Whether the stream is of octets. */
    boolean isOctets;
    NodeEntry next;
    byte[] forwardedBody;
    String forwardedHops;
    /** Completed by the test: whether the next node was reached. */
    final CompletableFuture<Void> sent = new CompletableFuture<>();
    private int answers;

    int answers() {
        return answers;
    }

    @Override
    public String peerAddress() {
        return PEER;
    }

    @Override
    public void ok(byte[] body) {
        answer();
        json = new String(body, StandardCharsets.UTF_8);
    }

    @Override
    public void refuse(RefuseReason reason) {
        answer();
        refusal = reason;
    }

    @Override
    public EventStream stream(EventStream.Events events) {
        answer();
        stream = new RecordingStream(events);
        return stream;
    }

    @Override
    public EventStream octets(EventStream.Events events) {
        isOctets = true;
        return stream(events);
    }

    @Override
    public Pipe pipe() {
        throw new AssertionError("the relay gives no connection away");
    }

    @Override
    public CompletionStage<Void> forward(NodeEntry to, byte[] body, String hopHeader) {
        next = to;
        forwardedBody = body;
        forwardedHops = hopHeader;
        return sent.thenRun(this::answer);
    }

    private void answer() {
        if (++answers > 1) {
            throw new IllegalStateException("answered twice");
        }
    }
}
