package network.conet.edge.relay.internal;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.concurrent.CompletionStage;
import network.conet.edge.api.EventStream;
import network.conet.edge.api.Exchange;
import network.conet.edge.api.NodeEntry;
import network.conet.edge.api.Pipe;
import network.conet.edge.protocol.JsonValue;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.ReplyKey;
import network.conet.edge.protocol.ReplyWriter;

/**
 * Answers a command under the key that came inside it: the entry, which passes the answer on, learns its length and its
 * time, not whose mail it is or who was asked about. Refusals are in the open: they say nothing but their number.
 */
final class SealedExchange implements Exchange {
    private static final int SALT_BYTES = 16;
    private static final JsonValue DONE = JsonValue.object().put("ok", true).build();

    private final Exchange exchange;
    private final ReplyWriter writer;

    SealedExchange(Exchange exchange, ReplyKey key, SecureRandom random) {
        this.exchange = exchange;
        byte[] salt = new byte[SALT_BYTES];
        random.nextBytes(salt);
        this.writer = new ReplyWriter(key, salt);
    }

    @Override
    public String peerAddress() {
        return exchange.peerAddress();
    }

    /** As JSON again, so that connections between nodes go on as after any other short answer. */
    @Override
    public void ok(byte[] json) {
        ByteArrayOutputStream sealed = new ByteArrayOutputStream();
        synchronized (writer) {
            sealed.writeBytes(writer.pieces(json));
            sealed.writeBytes(writer.last(DONE));
        }
        exchange.ok(JsonValue.object().put("reply", Base64.getEncoder().encodeToString(sealed.toByteArray())).build()
                .toString().getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public void refuse(RefuseReason reason) {
        exchange.refuse(reason);
    }

    @Override
    public EventStream stream(EventStream.Events events) {
        return new SealedStream(exchange.octets(events));
    }

    @Override
    public EventStream octets(EventStream.Events events) {
        return stream(events);
    }

    @Override
    public Pipe pipe() {
        throw new IllegalStateException("a connection that is given away cannot be sealed");
    }

    @Override
    public CompletionStage<Void> forward(NodeEntry next, byte[] body, String hopHeader) {
        throw new IllegalStateException("a command that was opened here is not sent on");
    }

    /** Each frame is sealed and queued before the next one, whoever writes. */
    private final class SealedStream implements EventStream {
        private final EventStream stream;
        private boolean isEnded;

        private SealedStream(EventStream stream) {
            this.stream = stream;
        }

        @Override
        public boolean write(byte[] frame) {
            synchronized (writer) {
                return !isEnded && stream.write(writer.pieces(frame));
            }
        }

        @Override
        public boolean isWritable() {
            return stream.isWritable();
        }

        @Override
        public void close() {
            synchronized (writer) {
                if (!isEnded) {
                    isEnded = true;
                    stream.write(writer.last(DONE));
                }
            }
            stream.close();
        }
    }
}
