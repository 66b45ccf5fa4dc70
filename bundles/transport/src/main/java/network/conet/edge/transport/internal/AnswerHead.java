package network.conet.edge.transport.internal;

import java.util.Arrays;

/**
 * What an entry must know of the answer that it passes on: whether the next node is one of ours, which ends its
 * answer at the announced length and takes another request on the same connection.
 *
 * <p>The verdict follows from the bytes of the header block alone. A chain of entries that pass on the same bytes
 * therefore agrees on it; none takes a connection for free that its neighbour still has joined to another.
 */
final class AnswerHead {
    /** The marker with the line before it, as {@link WireAnswers} writes them: exactly this. */
    private static final byte[] STAYS = WireAnswers.ascii("Connection: keep-alive\r\nX-CoNET-Edge: 1\r\n");
    /** What a client gets instead, whose connection does not stay. */
    private static final byte[] CLOSES = WireAnswers.ascii("Connection: close\r\n");
    private static final byte[] BEGIN = WireAnswers.ascii("HTTP/1.1 ");

    private final long bodyBytes;
    private final int markAt;

    private AnswerHead(long bodyBytes, int markAt) {
        this.bodyBytes = bodyBytes;
        this.markAt = markAt;
    }

    /** Whether these first bytes of an answer can be HTTP. */
    static boolean mayBegin(byte[] bytes, int to) {
        int length = Math.min(to, BEGIN.length);
        return Arrays.equals(bytes, 0, length, BEGIN, 0, length);
    }

    /**
     * @param bytes begin with the header block
     * @param length of the block with its blank line
     * @return the head, or null when the answer ends with its connection
     */
    static AnswerHead read(byte[] bytes, int length) {
        long bodyBytes = -1;
        int markAt = -1;
        int lineEnd = HeadScanner.lineEnd(bytes, 0);
        for (int at = lineEnd + 2; at < length - 2; at = lineEnd + 2) {
            lineEnd = HeadScanner.lineEnd(bytes, at);
            int colon = HeadScanner.colon(bytes, at, lineEnd);
            if (colon < 0 || HeadScanner.isName(bytes, at, colon, "transfer-encoding")) {
                return null;
            }
            if (HeadScanner.isName(bytes, at, colon, "content-length")) {
                int from = HeadScanner.trimStart(bytes, colon + 1, lineEnd);
                long number = HeadScanner.number(bytes, from, HeadScanner.trimEnd(bytes, from, lineEnd));
                if (number < 0 || bodyBytes >= 0) {
                    return null;
                }
                bodyBytes = number;
            } else if (at + STAYS.length <= length
                    && Arrays.equals(bytes, at, at + STAYS.length, STAYS, 0, STAYS.length)) {
                markAt = at;
            }
        }
        return bodyBytes < 0 || markAt < 0 ? null : new AnswerHead(bodyBytes, markAt);
    }

    /** The announced length of the body. */
    long bodyBytes() {
        return bodyBytes;
    }

    /**
     * Takes the marker out of a header block.
     *
     * @param bytes begin with the block that was read; the block that a client gets is moved to end where it ended
     * @param length of the block
     * @return where the block now begins
     */
    int unmark(byte[] bytes, int length) {
        int shift = STAYS.length - CLOSES.length;
        System.arraycopy(bytes, 0, bytes, shift, markAt);
        System.arraycopy(CLOSES, 0, bytes, shift + markAt, CLOSES.length);
        if (shift >= length) {
            throw new AssertionError("a header block is longer than its marker");
        }
        return shift;
    }
}
