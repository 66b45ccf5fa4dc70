package network.conet.edge.protocol.service;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;
import network.conet.edge.protocol.JsonException;
import network.conet.edge.protocol.JsonValue;

/** Opens a reply that {@link ReplyWriter} sealed. Blocks on its source; not safe for use by many threads. */
public final class ReplyReader {
    private final ReplyKey replyKey;
    private final InputStream in;

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
        SecretKeySpec key = replyKey.derive(exactly(ReplyKey.SALT_BYTES));
        for (long number = 0; ; number++) {
            byte[] head = exactly(ReplyWriter.HEAD_BYTES);
            int value = ByteBuffer.wrap(head).getInt();
            int length = value & ~ReplyWriter.LAST;
            if (length > ReplyWriter.PIECE_BYTES_MAX) {
                throw new IOException("the reply is not genuine");
            }
            byte[] data = open(key, number, head, exactly(length + ReplyWriter.TAG_BYTES));
            if ((value & ReplyWriter.LAST) != 0) {
                return outcome(data);
            }
            out.write(data);
            out.flush();
        }
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
