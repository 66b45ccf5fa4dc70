package network.conet.edge.protocol;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The secret under which the reply to one command comes back (section 5.6): 32 random bytes that the caller puts inside
 * the sealed command. Entry nodes, which pass the reply on, never see it.
 */
public final class ReplyKey {
    /** Length in bytes. */
    public static final int BYTES = 32;
    /** Length of the salt at the head of every reply. */
    static final int SALT_BYTES = 16;

    private static final byte[] LABEL = "conet service reply 1".getBytes(StandardCharsets.US_ASCII);

    private final byte[] bytes;

    private ReplyKey(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * @param bytes 32 bytes from a secure source; copied
     * @throws IllegalArgumentException when the length is another
     */
    public static ReplyKey of(byte[] bytes) {
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("a reply key has 32 bytes");
        }
        return new ReplyKey(bytes.clone());
    }

    /** Reads base64 with padding; empty when it is anything but 32 bytes. */
    public static Optional<ReplyKey> parse(String base64) {
        try {
            byte[] read = Base64.getDecoder().decode(base64);
            return read.length == BYTES ? Optional.of(new ReplyKey(read)) : Optional.empty();
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
    }

    /** Base64 with padding. For the sealed command only. */
    public String base64() {
        return Base64.getEncoder().encodeToString(bytes);
    }

    /** The AES-256 key of one reply: HMAC-SHA-256 under the reply key over a label and the reply's salt. */
    SecretKeySpec derive(byte[] salt) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(bytes, "HmacSHA256"));
            mac.update(LABEL);
            return new SecretKeySpec(mac.doFinal(salt), "AES");
        } catch (GeneralSecurityException missing) {
            throw new AssertionError("every Java platform has HmacSHA256", missing);
        }
    }

    /** Says nothing: the bytes must not reach a log. */
    @Override
    public String toString() {
        return "ReplyKey";
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ReplyKey key && MessageDigest.isEqual(bytes, key.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }
}
