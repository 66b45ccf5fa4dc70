package network.conet.edge.protocol;

import java.util.Arrays;
import java.util.Optional;

/**
 * A recoverable secp256k1 signature.
 *
 * <pre>
 *  0        32       64   65
 *  +--------+--------+----+
 *  |   r    |   s    | v  |   v = 27 or 28
 *  +--------+--------+----+
 * </pre>
 *
 * Only the shape is checked here (65 bytes, v); whether r and s are in range is for the one who recovers.
 */
public final class WalletSignature {
    /** Length in bytes. */
    public static final int BYTES = 65;

    private final byte[] bytes;

    private WalletSignature(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * @param bytes r, s, v; v may be 0 or 1 and is then stored as 27 or 28; copied
     * @return the signature
     * @throws IllegalArgumentException when the length or v is another
     */
    public static WalletSignature of(byte[] bytes) {
        return normalized(bytes.clone())
                .orElseThrow(() -> new IllegalArgumentException("not a signature: wrong length or v"));
    }

    /**
     * @param text {@code 0x} and 130 hexadecimal digits
     * @return the signature, or empty when the text is anything else
     */
    public static Optional<WalletSignature> parse(String text) {
        byte[] bytes = Hex.parsePrefixed(text, BYTES);
        return bytes == null ? Optional.empty() : normalized(bytes);
    }

    private static Optional<WalletSignature> normalized(byte[] bytes) {
        if (bytes.length != BYTES) {
            return Optional.empty();
        }
        int v = bytes[BYTES - 1];
        if (v == 0 || v == 1) {
            v += 27;
            bytes[BYTES - 1] = (byte) v;
        }
        return v == 27 || v == 28 ? Optional.of(new WalletSignature(bytes)) : Optional.empty();
    }

    /** A copy of the 65 bytes. */
    public byte[] bytes() {
        return bytes.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof WalletSignature signature && Arrays.equals(bytes, signature.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** {@code 0x} and 130 lower-case digits. */
    @Override
    public String toString() {
        return Hex.prefixed(bytes);
    }
}
