package network.conet.edge.crypto;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.bouncycastle.crypto.Digest;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.digests.SHA384Digest;
import org.bouncycastle.crypto.digests.SHA512Digest;
import org.bouncycastle.crypto.engines.AESWrapEngine;
import org.bouncycastle.crypto.params.KeyParameter;
import org.bouncycastle.math.ec.rfc7748.X25519;

/**
 * Opens a public-key encrypted session key packet for an ECDH subkey on Curve25519 (RFC 6637 sections 7 and 8, RFC
 * 9580 sections 5.1 and 11.5). Immutable.
 *
 * <pre>
 *  version 3   03  key id (8)                       algorithm 18  ephemeral point  length  wrapped key
 *  version 6   06  length  version  fingerprint     algorithm 18  ephemeral point  length  wrapped key
 *
 *  ephemeral point   0107 (263 bits)  40  u (32, little-endian)
 *  wrapped content   version 3: cipher  key  checksum (2)  padding        version 6: key  checksum (2)  padding
 * </pre>
 */
final class SessionKeys {
    static final int AES_128 = 7;
    static final int AES_256 = 9;
    static final int ALGORITHM_ECDH = 18;
    static final int POINT_BYTES = X25519.POINT_SIZE;

    private static final int KEY_ID_BYTES = 8;
    private static final int POINT_BITS = 263;
    static final int NATIVE_POINT = 0x40;
    /** Object identifier 1.3.6.1.4.1.3029.1.5.1 as it stands in a key packet, with its length. */
    static final byte[] CURVE_OID = {10, 0x2B, 6, 1, 4, 1, (byte) 0x97, 0x55, 1, 5, 1};
    private static final byte[] ANONYMOUS_SENDER = "Anonymous Sender    ".getBytes(StandardCharsets.US_ASCII);

    private final byte[] scalar;
    private final byte[] fingerprint;
    private final int kdfHash;
    private final int kdfCipher;

    /**
     * @param scalar the private key, 32 bytes, little-endian
     * @param fingerprint the subkey's, 20 bytes
     * @param kdfHash hash algorithm of the subkey's KDF parameters: 8, 9 or 10
     * @param kdfCipher cipher of the subkey's KDF parameters: 7, 8 or 9
     */
    SessionKeys(byte[] scalar, byte[] fingerprint, int kdfHash, int kdfCipher) {
        this.scalar = scalar.clone();
        this.fingerprint = fingerprint.clone();
        this.kdfHash = kdfHash;
        this.kdfCipher = kdfCipher;
    }

    /**
     * A session key.
     *
     * @param cipher algorithm of the data, or 0 when the data packet says it (version 6)
     * @param key its key
     */
    record SessionKey(int cipher, byte[] key) {
        @Override
        public String toString() {
            return "SessionKey[cipher=" + cipher + "]";
        }
    }

    /** Length of a cipher's key, or 0 when it is not AES. */
    static int keyBytes(int cipher) {
        return cipher >= AES_128 && cipher <= AES_256 ? 16 + 8 * (cipher - AES_128) : 0;
    }

    /** Whether a packet names this subkey as its recipient. Costs no arithmetic. */
    boolean isFor(byte[] body) {
        if (body.length == 0) {
            return false;
        }
        return switch (body[0]) {
            case 3 -> body.length > KEY_ID_BYTES && Arrays.equals(body, 1, 1 + KEY_ID_BYTES,
                    fingerprint, fingerprint.length - KEY_ID_BYTES, fingerprint.length);
            case 6 -> body.length > 2 + fingerprint.length && body[1] == 1 + fingerprint.length && body[2] == 4
                    && Arrays.equals(body, 3, 3 + fingerprint.length, fingerprint, 0, fingerprint.length);
            default -> false;
        };
    }

    /** Opens a packet that {@link #isFor} says yes to. */
    SessionKey open(byte[] body) throws MalformedException {
        int version = body[0];
        int at = version == 3 ? 1 + KEY_ID_BYTES : 3 + fingerprint.length;
        int wrappedAt = at + 1 + 3 + POINT_BYTES + 1;
        if (body.length <= wrappedAt || body[at] != ALGORITHM_ECDH
                || (body[at + 1] & 0xFF) << 8 != (POINT_BITS & 0xFF00) || body[at + 2] != (byte) POINT_BITS
                || body[at + 3] != NATIVE_POINT || (body[wrappedAt - 1] & 0xFF) != body.length - wrappedAt) {
            throw new MalformedException("session key packet");
        }
        byte[] shared = new byte[POINT_BYTES];
        byte[] wrapKey = null;
        byte[] content = null;
        try {
            // The top bit does not count for the curve (RFC 7748); nobody sets it, so nobody may flip it either.
            if (body[wrappedAt - 2] < 0 || !X25519.calculateAgreement(scalar, 0, body, at + 4, shared, 0)) {
                throw new MalformedException("ephemeral point");
            }
            wrapKey = wrapKey(shared);
            content = unwrap(wrapKey, body, wrappedAt);
            return parse(content, version);
        } finally {
            scrub(shared);
            scrub(wrapKey);
            scrub(content);
        }
    }

    /** RFC 6637 section 7: Hash(00000001 || shared secret || parameters), cut to the wrapping cipher's key. */
    private byte[] wrapKey(byte[] shared) {
        Digest digest = digest(kdfHash);
        digest.update(new byte[] {0, 0, 0, 1}, 0, 4);
        digest.update(shared, 0, shared.length);
        digest.update(CURVE_OID, 0, CURVE_OID.length);
        digest.update(new byte[] {ALGORITHM_ECDH, 3, 1, (byte) kdfHash, (byte) kdfCipher}, 0, 5);
        digest.update(ANONYMOUS_SENDER, 0, ANONYMOUS_SENDER.length);
        digest.update(fingerprint, 0, fingerprint.length);
        byte[] full = new byte[digest.getDigestSize()];
        digest.doFinal(full, 0);
        byte[] key = Arrays.copyOf(full, keyBytes(kdfCipher));
        scrub(full);
        return key;
    }

    private static byte[] unwrap(byte[] wrapKey, byte[] body, int wrappedAt) throws MalformedException {
        int length = body.length - wrappedAt;
        if (length % 8 != 0 || length < 24) {
            throw new MalformedException("wrapped key");
        }
        AESWrapEngine engine = new AESWrapEngine();
        engine.init(false, new KeyParameter(wrapKey));
        try {
            return engine.unwrap(body, wrappedAt, length);
        } catch (InvalidCipherTextException wrong) {
            throw new MalformedException("wrapped key");
        }
    }

    private static SessionKey parse(byte[] content, int version) throws MalformedException {
        int padding = content[content.length - 1];
        int keyAt = version == 3 ? 1 : 0;
        int keyLength = content.length - padding - 2 - keyAt;
        int cipher = version == 3 ? content[0] : 0;
        boolean known = version != 3 || keyLength == keyBytes(cipher);
        if (padding <= 0 || keyLength <= 0 || !known) {
            throw new MalformedException("session key");
        }
        int sum = 0;
        for (int i = keyAt; i < keyAt + keyLength; i++) {
            sum += content[i] & 0xFF;
        }
        int checkAt = keyAt + keyLength;
        boolean right = (byte) (sum >> 8) == content[checkAt] && (byte) sum == content[checkAt + 1];
        for (int i = checkAt + 2; i < content.length; i++) {
            right &= content[i] == padding;
        }
        if (!right) {
            throw new MalformedException("session key");
        }
        return new SessionKey(cipher, Arrays.copyOfRange(content, keyAt, keyAt + keyLength));
    }

    /** Whether a hash may be used in KDF parameters. */
    static boolean isKdfHash(int algorithm) {
        return algorithm >= 8 && algorithm <= 10;
    }

    private static Digest digest(int algorithm) {
        return switch (algorithm) {
            case 8 -> new SHA256Digest();
            case 9 -> new SHA384Digest();
            case 10 -> new SHA512Digest();
            default -> throw new AssertionError("checked when the key was read");
        };
    }

    /** The private scalar with the bits set that RFC 7748 sets, as a copy that the caller clears. */
    byte[] clampedScalar() {
        byte[] clamped = scalar.clone();
        X25519.clampPrivateKey(clamped);
        return clamped;
    }

    static void scrub(byte[] secret) {
        if (secret != null) {
            Arrays.fill(secret, (byte) 0);
        }
    }
}
