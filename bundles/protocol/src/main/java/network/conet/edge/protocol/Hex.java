package network.conet.edge.protocol;

import java.util.HexFormat;

/** Hexadecimal text of fixed length, read strictly. */
final class Hex {
    private static final HexFormat LOWER = HexFormat.of();

    private Hex() {}

    /** Bytes as lower-case digits behind {@code 0x}. */
    static String prefixed(byte[] bytes) {
        return "0x" + LOWER.formatHex(bytes);
    }

    /**
     * @param text {@code 0x} and exactly {@code 2 * length} digits of either case
     * @return the bytes, or null when the text is anything else
     */
    static byte[] parsePrefixed(String text, int length) {
        if (text == null || text.length() != 2 + 2 * length || text.charAt(0) != '0'
                || (text.charAt(1) != 'x' && text.charAt(1) != 'X')) {
            return null;
        }
        for (int i = 2; i < text.length(); i++) {
            if (!HexFormat.isHexDigit(text.charAt(i))) {
                return null;
            }
        }
        return LOWER.parseHex(text, 2, text.length());
    }
}
