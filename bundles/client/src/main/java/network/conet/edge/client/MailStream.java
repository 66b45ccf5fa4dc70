package network.conet.edge.client;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Optional;
import java.util.Queue;
import network.conet.edge.client.ClientException.Kind;
import network.conet.edge.crypto.WalletSignatures;
import network.conet.edge.protocol.FrameReader;
import network.conet.edge.protocol.Hash256;
import network.conet.edge.protocol.JsonValue;
import network.conet.edge.protocol.RefusedException;
import network.conet.edge.protocol.ReplyKey;
import network.conet.edge.protocol.ReplyReader;

/** One open connection to our mailbox. One thread reads; any thread may close. */
final class MailStream implements Closeable {
    private static final int READ_BYTES = 16 * 1024;
    private static final String SEALED = "application/octet-stream";

    private final InputStream in;
    /** Opens what comes; empty when the node, of another make, sends it in the open. */
    private final Optional<ReplyReader> sealed;
    private final Identity identity;
    private final WalletSignatures signatures = new WalletSignatures();
    private final FrameReader reader = new FrameReader();
    private final Queue<JsonValue> frames = new ArrayDeque<>();
    private final byte[] buffer = new byte[READ_BYTES];

    private MailStream(InputStream in, Optional<ReplyReader> sealed, Identity identity) {
        this.in = in;
        this.sealed = sealed;
        this.identity = identity;
    }

    static MailStream of(HttpResponse<InputStream> response, Identity identity, ReplyKey key)
            throws ClientException, IOException {
        if (response.statusCode() != 200) {
            response.body().close();
            throw new ClientException(
                    Kind.REFUSED, "the mailbox node does not let us listen: " + response.statusCode());
        }
        boolean isSealed = response.headers().firstValue("Content-Type").orElse("").startsWith(SEALED);
        return new MailStream(response.body(),
                isSealed ? Optional.of(new ReplyReader(key, response.body())) : Optional.empty(), identity);
    }

    /**
     * What a stream carries.
     *
     * @param mail a message, or empty for a sign of life
     */
    record Event(Optional<Mail> mail) {}

    /**
     * A message of ours.
     *
     * @param armorHash by which it is acknowledged
     * @param content the opened message; empty when it cannot be opened with our key
     */
    record Mail(Hash256 armorHash, Optional<ChatMessage> content) {}

    /** Waits for the next message or sign of life; empty when the stream has ended. */
    Optional<Event> next() throws IOException {
        while (frames.isEmpty()) {
            Optional<byte[]> read = read();
            if (read.isEmpty()) {
                return Optional.empty();
            }
            try {
                frames.addAll(reader.feed(read.get(), 0, read.get().length));
            } catch (RefusedException notFrames) {
                throw new IOException("the node sent something that is no event stream");
            }
        }
        Optional<String> armor = frames.remove().string("data");
        return Optional.of(new Event(armor.map(this::open)));
    }

    private Optional<byte[]> read() throws IOException {
        if (sealed.isPresent()) {
            return sealed.get().next();
        }
        int count = in.read(buffer);
        return count < 0 ? Optional.empty() : Optional.of(Arrays.copyOf(buffer, count));
    }

    private Mail open(String armor) {
        byte[] bytes = armor.getBytes(StandardCharsets.UTF_8);
        Hash256 hash = signatures.hash(bytes);
        try {
            return new Mail(hash, Optional.of(ChatMessage.decode(identity.pgp().decrypt(bytes))));
        } catch (RefusedException notForUs) {
            return new Mail(hash, Optional.empty());
        }
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
