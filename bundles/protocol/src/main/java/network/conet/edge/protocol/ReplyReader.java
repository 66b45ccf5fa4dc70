package network.conet.edge.protocol;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;

/** Opens a reply that {@link ReplyWriter} sealed. Blocks on its source; not safe for use by many threads. */
public final class ReplyReader {
    private final ReplyKey replyKey;
    private final InputStream in;
    /** Derived from the salt at the head, once that was read. */
    private SecretKeySpec key;
    private long number;
    private JsonValue outcome;

    /**
     * @param replyKey what was sent with the call
     * @param in the reply as it comes; not closed here
     */
    public ReplyReader(ReplyKey replyKey, InputStream in) {
        this.replyKey = replyKey;
        this.in = in;
    }

    /**
     * Reads the whole reply. Every piece is passed on as soon as it is known to be genuine and in its place.
     *
     * @param out takes the data; flushed after every piece
     * @return the outcome
     * @throws EOFException when the reply was cut off: what was passed on is genuine but not all
     * @throws IOException when the reply is not genuine, or a stream fails
     */
    public JsonValue readTo(OutputStream out) throws IOException {
        for (Optional<byte[]> data = next(); data.isPresent(); data = next()) {
            out.write(data.get());
            out.flush();
        }
        return outcome;
    }

    /**
     * Waits for the next piece.
     *
     * @return its data; empty when the reply has ended as its writer meant it to
     * @throws EOFException when the reply was cut off: what came before is genuine but not all
     * @throws IOException when the reply is not genuine, or the stream fails
     */
    public Optional<byte[]> next() throws IOException {
        if (outcome != null) {
            return Optional.empty();
        }
        if (key == null) {
            key = replyKey.derive(exactly(ReplyKey.SALT_BYTES));
        }
        byte[] head = exactly(ReplyWriter.HEAD_BYTES);
        int value = ByteBuffer.wrap(head).getInt();
        int length = value & ~ReplyWriter.LAST;
        if (length > ReplyWriter.PIECE_BYTES_MAX) {
            throw new IOException("the reply is not genuine");
        }
        byte[] data = open(key, number++, head, exactly(length + ReplyWriter.TAG_BYTES));
        if ((value & ReplyWriter.LAST) != 0) {
            outcome = outcome(data);
            return Optional.empty();
        }
        return Optional.of(data);
    }

    private static byte[] open(SecretKeySpec key, long number, byte[] head, byte[] sealed) throws IOException {
        try {
            return ReplyWriter.cipher(Cipher.DECRYPT_MODE, key, number, head).doFinal(sealed);
        } catch (GeneralSecurityException forged) {
            throw new IOException("the reply is not genuine", forged);
        }
    }

    private static JsonValue outcome(byte[] utf8) throws IOException {
        try {
            return JsonValue.parse(utf8);
        } catch (JsonException notJson) {
            throw new IOException("the outcome of the call cannot be read", notJson);
        }
    }

    private byte[] exactly(int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("the reply was cut off");
        }
        return bytes;
    }
}
