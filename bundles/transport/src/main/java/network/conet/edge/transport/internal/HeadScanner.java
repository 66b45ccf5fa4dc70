package network.conet.edge.transport.internal;

/**
 * Finds the end of a header block and splits its lines. Works on plain arrays: a block is looked at once, byte by
 * byte, whether it comes whole or in pieces.
 *
 * <pre>
 *   first line CRLF  ( name ":" value CRLF )*  CRLF
 * </pre>
 *
 * Stricter than the reference, which searches the text for what it knows (2.2), wherever two readers of the same
 * bytes could understand different things: a bare CR or LF, a control character, a folded line, white space before
 * the colon, a line without a colon (RFC 9112 sections 2.2, 5.1, 5.2). Not stricter anywhere else: no white space is
 * needed behind the colon, and bytes above 0x7E are allowed in values.
 */
final class HeadScanner {
    /** The end has not come yet. */
    static final int MORE = -1;
    /** It is no header block. */
    static final int MALFORMED = -2;

    private HeadScanner() {}

    /**
     * @param bytes begin with the block
     * @param from what is before was looked at already
     * @param to end of what is there
     * @return the length of the block with its blank line, {@link #MORE} or {@link #MALFORMED}
     */
    static int end(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            byte c = bytes[i];
            boolean afterCr = i > 0 && bytes[i - 1] == '\r';
            if (c == '\n') {
                if (!afterCr) {
                    return MALFORMED;
                }
                if (i >= 3 && bytes[i - 2] == '\n') {
                    return i + 1;
                }
            } else if (afterCr || c >= 0 && c < ' ' && c != '\t' && c != '\r' || c == 0x7F) {
                return MALFORMED;
            }
        }
        return MORE;
    }

    /** Where the line that begins at {@code from} ends: the place of its CR. The block is a scanned one. */
    static int lineEnd(byte[] bytes, int from) {
        int i = from;
        while (bytes[i] != '\r') {
            i++;
        }
        return i;
    }

    /** The place of the colon behind a field name, or {@link #MALFORMED}. */
    static int colon(byte[] bytes, int from, int lineEnd) {
        for (int i = from; i < lineEnd; i++) {
            if (bytes[i] == ':') {
                return i == from ? MALFORMED : i;
            }
            if (bytes[i] <= ' ') {
                return MALFORMED;
            }
        }
        return MALFORMED;
    }

    /** Whether the field name is the given one, which is in lower case. */
    static boolean isName(byte[] bytes, int from, int to, String lowerCase) {
        if (to - from != lowerCase.length()) {
            return false;
        }
        for (int i = 0; i < lowerCase.length(); i++) {
            if (lower(bytes[from + i]) != lowerCase.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Where a value begins: behind white space. */
    static int trimStart(byte[] bytes, int from, int to) {
        int i = from;
        while (i < to && (bytes[i] == ' ' || bytes[i] == '\t')) {
            i++;
        }
        return i;
    }

    /** Where a value ends: before white space. */
    static int trimEnd(byte[] bytes, int from, int to) {
        int i = to;
        while (i > from && (bytes[i - 1] == ' ' || bytes[i - 1] == '\t')) {
            i--;
        }
        return i;
    }

    /** A decimal number of 1 to 15 digits, or {@link #MALFORMED}. */
    static long number(byte[] bytes, int from, int to) {
        final int digitsMax = 15;
        if (to == from || to - from > digitsMax) {
            return MALFORMED;
        }
        long number = 0;
        for (int i = from; i < to; i++) {
            if (bytes[i] < '0' || bytes[i] > '9') {
                return MALFORMED;
            }
            number = number * 10 + bytes[i] - '0';
        }
        return number;
    }

    static int lower(byte c) {
        return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
    }
}
