package network.conet.edge.protocol;

import java.util.Arrays;
import java.util.Optional;

/** A hash of 32 bytes, immutable: Keccak-256 on the wire, SHA-256 in a ledger. */
public final class Hash256 {
    /** Length in bytes. */
    public static final int BYTES = 32;

    private final byte[] bytes;

    private Hash256(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * @param bytes exactly 32 bytes; copied
     * @return the hash
     * @throws IllegalArgumentException when the length is another
     */
    public static Hash256 of(byte[] bytes) {
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("a hash has 32 bytes, not " + bytes.length);
        }
        return new Hash256(bytes.clone());
    }

    /**
     * @param text {@code 0x} and 64 hexadecimal digits
     * @return the hash, or empty when the text is anything else
     */
    public static Optional<Hash256> parse(String text) {
        return Optional.ofNullable(Hex.parsePrefixed(text, BYTES)).map(Hash256::new);
    }

    /** A copy of the 32 bytes. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** The first eight bytes as a big-endian number: enough to find the hash in a table, never to trust it. */
    public long prefix() {
        long value = 0;
        for (int i = 0; i < Long.BYTES; i++) {
            value = value << 8 | (bytes[i] & 0xFF);
        }
        return value;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Hash256 hash && Arrays.equals(bytes, hash.bytes);
    }

    @Override
    public int hashCode() {
        return (int) prefix();
    }

    /** {@code 0x} and 64 lower-case digits. */
    @Override
    public String toString() {
        return Hex.prefixed(bytes);
    }
}
