package network.conet.edge.transport.internal;

import java.nio.charset.StandardCharsets;
import network.conet.edge.protocol.ProtocolLimits;
import network.conet.edge.protocol.RefuseReason;

/**
 * The parts of a request's header block that a node uses (2.2, 2.3). Refilled for each request of a connection.
 * Not safe for use by several threads.
 */
final class RequestHead {
    private static final byte[] NODE_WALLET = WireAnswers.ascii("/nodewallet");
    private static final int VERSION_CHARS = 8;

    /** What the request wants. */
    enum Kind { OPTIONS, WALLET, POST }

    private Kind kind;
    private int bodyBytes;
    private boolean lengthSeen;
    private String hopHeader;
    private boolean fromEdge;
    private boolean awaitsContinue;

    /** Which of the three requests it is. */
    Kind kind() {
        return kind;
    }

    /** The announced length of the body, 0 when nothing is announced. */
    int bodyBytes() {
        return bodyBytes;
    }

    /** Value of the hop header, or null. */
    String hopHeader() {
        return hopHeader;
    }

    /** Whether a node of our own kind asks, which uses the connection again. */
    boolean fromEdge() {
        return fromEdge;
    }

    /** Whether the client sends its body only when asked. */
    boolean awaitsContinue() {
        return awaitsContinue;
    }

    /**
     * Reads a header block that {@link HeadScanner#end} found.
     *
     * @param bytes begin with the block
     * @param length of the block with its blank line
     * @return null, or why the request is refused
     */
    RefuseReason read(byte[] bytes, int length) {
        kind = null;
        bodyBytes = 0;
        lengthSeen = false;
        hopHeader = null;
        fromEdge = false;
        awaitsContinue = false;
        int lineEnd = HeadScanner.lineEnd(bytes, 0);
        RefuseReason refused = requestLine(bytes, lineEnd);
        for (int at = lineEnd + 2; refused == null && at < length - 2; at = lineEnd + 2) {
            lineEnd = HeadScanner.lineEnd(bytes, at);
            int colon = HeadScanner.colon(bytes, at, lineEnd);
            if (colon < 0) {
                return RefuseReason.REQUEST_MALFORMED;
            }
            int from = HeadScanner.trimStart(bytes, colon + 1, lineEnd);
            refused = field(bytes, at, colon, from, HeadScanner.trimEnd(bytes, from, lineEnd));
        }
        return refused;
    }

    /** {@code method SP target SP HTTP/1.digit}. */
    private RefuseReason requestLine(byte[] bytes, int end) {
        int methodEnd = indexOfSpace(bytes, 0, end);
        int targetEnd = methodEnd < 0 ? -1 : indexOfSpace(bytes, methodEnd + 1, end);
        if (methodEnd < 1 || targetEnd < methodEnd + 2 || !isVersion(bytes, targetEnd + 1, end)) {
            return RefuseReason.REQUEST_MALFORMED;
        }
        boolean get = HeadScanner.isName(bytes, 0, methodEnd, "get") && bytes[0] == 'G';
        boolean post = HeadScanner.isName(bytes, 0, methodEnd, "post") && bytes[0] == 'P';
        if (HeadScanner.isName(bytes, 0, methodEnd, "options") && bytes[0] == 'O') {
            kind = Kind.OPTIONS;
        } else if ((get || post) && isNodeWallet(bytes, methodEnd + 1, targetEnd)) {
            kind = Kind.WALLET;
        } else if (post) {
            kind = Kind.POST;
        } else {
            return get ? RefuseReason.PATH_UNKNOWN : RefuseReason.METHOD_UNSUPPORTED;
        }
        return null;
    }

    private RefuseReason field(byte[] bytes, int nameFrom, int nameTo, int from, int to) {
        // The first letters tell nearly all names apart; most fields of a browser end here.
        switch (HeadScanner.lower(bytes[nameFrom])) {
            case 'c':
                return HeadScanner.isName(bytes, nameFrom, nameTo, "content-length") ? length(bytes, from, to) : null;
            case 't':
                return HeadScanner.isName(bytes, nameFrom, nameTo, "transfer-encoding")
                        ? RefuseReason.TRANSFER_ENCODING_UNSUPPORTED : null;
            case 'e':
                awaitsContinue |= HeadScanner.isName(bytes, nameFrom, nameTo, "expect")
                        && HeadScanner.isName(bytes, from, to, "100-continue");
                return null;
            case 'x':
                if (HeadScanner.isName(bytes, nameFrom, nameTo, "x-conet-edge")) {
                    fromEdge = to - from == 1 && bytes[from] == '1';
                } else if (HeadScanner.isName(bytes, nameFrom, nameTo, "x-conet-hop-sigs")) {
                    if (hopHeader != null) {
                        return RefuseReason.HOPS_MALFORMED;
                    }
                    hopHeader = new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
                }
                return null;
            default:
                return null;
        }
    }

    /** One length and no second one, even an equal one: two readers must not disagree (RFC 9112 section 6.3). */
    private RefuseReason length(byte[] bytes, int from, int to) {
        long number = HeadScanner.number(bytes, from, to);
        if (number < 0 || lengthSeen) {
            return RefuseReason.REQUEST_MALFORMED;
        }
        if (number > ProtocolLimits.BODY_BYTES_MAX) {
            return RefuseReason.BODY_TOO_LARGE;
        }
        lengthSeen = true;
        bodyBytes = (int) number;
        return null;
    }

    private static int indexOfSpace(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] == ' ') {
                return i;
            }
        }
        return -1;
    }

    private static boolean isVersion(byte[] bytes, int from, int to) {
        return to - from == VERSION_CHARS && bytes[from] == 'H' && bytes[from + 1] == 'T' && bytes[from + 2] == 'T'
                && bytes[from + 3] == 'P' && bytes[from + 4] == '/' && bytes[from + 5] == '1'
                && bytes[from + 6] == '.' && bytes[from + 7] >= '0' && bytes[from + 7] <= '9';
    }

    /** The path begins so, in any case; what follows is ignored (2.3). */
    private static boolean isNodeWallet(byte[] bytes, int from, int to) {
        if (to - from < NODE_WALLET.length) {
            return false;
        }
        for (int i = 0; i < NODE_WALLET.length; i++) {
            if (HeadScanner.lower(bytes[from + i]) != NODE_WALLET[i]) {
                return false;
            }
        }
        return true;
    }
}
