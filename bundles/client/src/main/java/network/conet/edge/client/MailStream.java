package network.conet.edge.client;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import network.conet.edge.client.ClientException.Kind;
import network.conet.edge.crypto.WalletSignatures;
import network.conet.edge.protocol.FrameReader;
import network.conet.edge.protocol.Hash256;
import network.conet.edge.protocol.JsonValue;
import network.conet.edge.protocol.RefusedException;

/** One open connection to our mailbox. One thread reads; any thread may close. */
final class MailStream implements Closeable {
    private static final int READ_BYTES = 16 * 1024;

    private final InputStream in;
    private final Identity identity;
    private final WalletSignatures signatures = new WalletSignatures();
    private final FrameReader reader = new FrameReader();
    private final Queue<JsonValue> frames = new ArrayDeque<>();
    private final byte[] buffer = new byte[READ_BYTES];

    private MailStream(InputStream in, Identity identity) {
        this.in = in;
        this.identity = identity;
    }

    static MailStream of(HttpResponse<InputStream> response, Identity identity) throws ClientException, IOException {
        if (response.statusCode() != 200) {
            response.body().close();
            throw new ClientException(
                    Kind.REFUSED, "the mailbox node does not let us listen: " + response.statusCode());
        }
        return new MailStream(response.body(), identity);
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
            int count = in.read(buffer);
            if (count < 0) {
                return Optional.empty();
            }
            try {
                frames.addAll(reader.feed(buffer, 0, count));
            } catch (RefusedException notFrames) {
                throw new IOException("the node sent something that is no event stream");
            }
        }
        Optional<String> armor = frames.remove().string("data");
        return Optional.of(new Event(armor.map(this::open)));
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
