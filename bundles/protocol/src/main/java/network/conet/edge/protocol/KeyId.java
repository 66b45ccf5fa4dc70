package network.conet.edge.protocol;

import java.util.HexFormat;
import java.util.Optional;

/**
 * The routing address of a node or user: the 64-bit id of the first subkey of its OpenPGP key, as it stands
 * in the session key packet of every message sealed to it (sections 1.2 and 3.2; RFC 4880 section 12.2).
 *
 * @param value the id as a big-endian number; zero is the anonymous recipient and addresses nobody
 */
public record KeyId(long value) implements Comparable<KeyId> {
    /** Digits of the written form. */
    public static final int TEXT_CHARS = 16;

    private static final HexFormat UPPER = HexFormat.of().withUpperCase();

    /**
     * Reads the written form.
     *
     * @param text exactly 16 hexadecimal digits of either case
     * @return the id, or empty when the text is anything else
     */
    public static Optional<KeyId> parse(String text) {
        if (text == null || text.length() != TEXT_CHARS) {
            return Optional.empty();
        }
        for (int i = 0; i < TEXT_CHARS; i++) {
            if (!HexFormat.isHexDigit(text.charAt(i))) {
                return Optional.empty();
            }
        }
        return Optional.of(new KeyId(HexFormat.fromHexDigitsToLong(text)));
    }

    /** The id of a recipient who is not named; no mailbox has it. */
    public boolean isAnonymous() {
        return value == 0;
    }

    @Override
    public int compareTo(KeyId other) {
        return Long.compareUnsigned(value, other.value);
    }

    /** The written form: 16 upper-case hexadecimal digits. */
    @Override
    public String toString() {
        return UPPER.toHexDigits(value);
    }
}
