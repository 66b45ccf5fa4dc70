package network.conet.edge.protocol;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals a reply piece by piece. On the connection it is
 *
 * <pre>
 *   salt, 16 bytes │ piece │ piece │ … │ last piece            and nothing behind it
 *
 *   piece  = head, 4 bytes │ ciphertext, as long as the plaintext │ tag, 16 bytes
 *   head   = bit 31: this is the last piece │ bits 30..0: plaintext bytes, big-endian
 *   cipher = AES-256-GCM; nonce = number of the piece from 0, 12 bytes big-endian; associated data = head
 * </pre>
 *
 * The last piece holds the outcome as a JSON object. A reply that ends without it was cut off. The construction is
 * STREAM (Hoang, Reyhanitabar, Rogaway, Vizár: Online Authenticated-Encryption and its Nonce-Reuse
 * Misuse-Resistance, 2015) with the mark of the last piece in the associated data; the salt makes the key fresh even
 * when a caller sends the same reply key twice. Not safe for use by many threads.
 */
public final class ReplyWriter {
    /** Largest plaintext of one piece, in bytes. */
    public static final int PIECE_BYTES_MAX = 64 * 1024;
    static final int HEAD_BYTES = 4;
    static final int TAG_BYTES = 16;
    static final int NONCE_BYTES = 12;
    static final int LAST = 1 << 31;
    /** Room for the salt, and the head and tag of one piece. */
    private static final int SLACK_BYTES = 64;

    private final SecretKeySpec key;
    private final byte[] salt;
    private long pieces;
    private boolean ended;

    /**
     * @param replyKey what the caller sent
     * @param salt 16 random bytes, fresh for this reply
     */
    public ReplyWriter(ReplyKey replyKey, byte[] salt) {
        if (salt.length != ReplyKey.SALT_BYTES) {
            throw new IllegalArgumentException("a salt has 16 bytes");
        }
        this.salt = salt.clone();
        this.key = replyKey.derive(salt);
    }

    /**
     * Seals a part of the reply.
     *
     * @param data 1 to {@link #PIECE_BYTES_MAX} bytes
     * @return what goes on the connection next
     */
    public byte[] piece(byte[] data) {
        if (data.length == 0) {
            throw new IllegalArgumentException("an empty piece");
        }
        return seal(data, 0);
    }

    /**
     * Seals a part of the reply of any length, as so many pieces as it takes.
     *
     * @return what goes on the connection next; nothing when the data is empty
     */
    public byte[] pieces(byte[] data) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(
                data.length + data.length / PIECE_BYTES_MAX * (HEAD_BYTES + TAG_BYTES) + SLACK_BYTES);
        for (int at = 0; at < data.length; at += PIECE_BYTES_MAX) {
            out.writeBytes(piece(Arrays.copyOfRange(data, at, Math.min(data.length, at + PIECE_BYTES_MAX))));
        }
        return out.toByteArray();
    }

    /** Seals the outcome; the reply ends with it. */
    public byte[] last(JsonValue outcome) {
        byte[] sealed = seal(outcome.toString().getBytes(StandardCharsets.UTF_8), LAST);
        ended = true;
        return sealed;
    }

    private byte[] seal(byte[] data, int mark) {
        if (ended) {
            throw new IllegalStateException("the reply has ended");
        }
        if (data.length > PIECE_BYTES_MAX) {
            throw new IllegalArgumentException("a piece has at most " + PIECE_BYTES_MAX + " bytes");
        }
        int saltBytes = pieces == 0 ? salt.length : 0;
        ByteBuffer out = ByteBuffer.allocate(saltBytes + HEAD_BYTES + data.length + TAG_BYTES);
        out.put(salt, 0, saltBytes);
        byte[] head = head(data.length | mark);
        out.put(head);
        try {
            Cipher cipher = cipher(Cipher.ENCRYPT_MODE, key, pieces++, head);
            cipher.doFinal(ByteBuffer.wrap(data), out);
        } catch (GeneralSecurityException impossible) {
            throw new AssertionError("AES-GCM with a fresh nonce does not fail", impossible);
        }
        return out.array();
    }

    static byte[] head(int value) {
        return ByteBuffer.allocate(HEAD_BYTES).putInt(value).array();
    }

    static Cipher cipher(int mode, SecretKeySpec key, long number, byte[] head) throws GeneralSecurityException {
        byte[] nonce = ByteBuffer.allocate(NONCE_BYTES).putInt(0).putLong(number).array();
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(TAG_BYTES * Byte.SIZE, nonce));
        cipher.updateAAD(head);
        return cipher;
    }
}
