package network.conet.edge.services.internal;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import network.conet.edge.api.EventStream;
import network.conet.edge.api.Exchange;
import network.conet.edge.api.NodeEntry;
import network.conet.edge.api.Pipe;
import network.conet.edge.protocol.JsonValue;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.ReplyKey;
import network.conet.edge.protocol.ReplyReader;

/** A caller: takes the sealed reply and opens it. */
final class SealedExchange implements Exchange, EventStream {
    final ReplyKey key;
    private final ByteArrayOutputStream sealed = new ByteArrayOutputStream();
    private final CompletableFuture<Void> over = new CompletableFuture<>();
    private RefuseReason refusal;

    SealedExchange(int seed) {
        byte[] bytes = new byte[ReplyKey.BYTES];
        bytes[0] = (byte) seed;
        bytes[1] = (byte) (seed >> Byte.SIZE);
        key = ReplyKey.of(bytes);
    }

    /** @param outcome the last piece; null when the command was refused before it could be sealed */
    record Answer(String text, JsonValue outcome, RefuseReason refusal) {
        boolean isOk() {
            return outcome != null && outcome.member("ok").orElseThrow().equals(JsonValue.of(true));
        }

        String reason() {
            return outcome == null ? refusal.label() : outcome.string("reason").orElse("");
        }
    }

    Answer answer() throws Exception {
        over.get(60, TimeUnit.SECONDS);
        if (refusal != null) {
            return new Answer("", null, refusal);
        }
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        JsonValue outcome = open(text);
        return new Answer(text.toString(StandardCharsets.UTF_8), outcome, null);
    }

    private JsonValue open(ByteArrayOutputStream text) throws IOException {
        return new ReplyReader(key, new ByteArrayInputStream(sealed.toByteArray())).readTo(text);
    }

    @Override
    public String peerAddress() {
        return "192.0.2.9";
    }

    @Override
    public void ok(byte[] json) {
        throw new IllegalStateException("a sealed reply was expected");
    }

    @Override
    public void refuse(RefuseReason reason) {
        refusal = reason;
        over.complete(null);
    }

    @Override
    public EventStream stream(Events events) {
        throw new IllegalStateException("a sealed reply was expected");
    }

    @Override
    public EventStream octets(Events events) {
        return this;
    }

    @Override
    public Pipe pipe() {
        throw new IllegalStateException("a sealed reply was expected");
    }

    @Override
    public CompletionStage<Void> forward(NodeEntry next, byte[] body, String hopHeader) {
        throw new IllegalStateException("a sealed reply was expected");
    }

    @Override
    public boolean write(byte[] frame) {
        sealed.writeBytes(frame);
        return true;
    }

    @Override
    public boolean isWritable() {
        return true;
    }

    @Override
    public void close() {
        over.complete(null);
    }
}
