package network.conet.edge.protocol;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/** An Ethereum address: 20 bytes, immutable, compared by value (section 1.1). */
public final class WalletAddress {
    /** Length in bytes. */
    public static final int BYTES = 20;

    private static final WalletAddress ZERO = new WalletAddress(new byte[BYTES]);

    private final byte[] bytes;

    private WalletAddress(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * @param bytes exactly 20 bytes; copied
     * @return the address
     * @throws IllegalArgumentException when the length is another
     */
    public static WalletAddress of(byte[] bytes) {
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("an address has 20 bytes, not " + bytes.length);
        }
        return new WalletAddress(bytes.clone());
    }

    /** The address that contracts answer for "nobody". */
    public static WalletAddress zero() {
        return ZERO;
    }

    /**
     * Reads an address of any case; an address of mixed case must have a right EIP-55 checksum.
     *
     * @param text {@code 0x} and 40 hexadecimal digits
     * @param keccak the hash of EIP-55
     * @return the address, or empty when the text is anything else
     */
    public static Optional<WalletAddress> parse(String text, Keccak256 keccak) {
        byte[] bytes = Hex.parsePrefixed(text, BYTES);
        if (bytes == null) {
            return Optional.empty();
        }
        WalletAddress address = new WalletAddress(bytes);
        String digits = text.substring(2);
        boolean lower = digits.chars().noneMatch(c -> c >= 'A' && c <= 'F');
        boolean upper = digits.chars().noneMatch(c -> c >= 'a' && c <= 'f');
        if (lower || upper || address.toChecksumString(keccak).endsWith(digits)) {
            return Optional.of(address);
        }
        return Optional.empty();
    }

    /** A copy of the 20 bytes. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** Whether this is {@link #zero()}. */
    public boolean isZero() {
        return equals(ZERO);
    }

    /**
     * The form that people see, with the checksum of EIP-55 in the case of its letters.
     *
     * @param keccak the hash of EIP-55
     */
    public String toChecksumString(Keccak256 keccak) {
        String digits = toString().substring(2);
        byte[] hash = keccak.hash(digits.getBytes(StandardCharsets.US_ASCII)).bytes();
        StringBuilder text = new StringBuilder(2 + 2 * BYTES).append("0x");
        for (int i = 0; i < digits.length(); i++) {
            int nibble = hash[i / 2] >> (i % 2 == 0 ? 4 : 0) & 0xF;
            text.append(nibble >= 8 ? Character.toUpperCase(digits.charAt(i)) : digits.charAt(i));
        }
        return text.toString();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof WalletAddress address && Arrays.equals(bytes, address.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** The form on the wire: {@code 0x} and 40 lower-case digits. */
    @Override
    public String toString() {
        return Hex.prefixed(bytes);
    }
}
