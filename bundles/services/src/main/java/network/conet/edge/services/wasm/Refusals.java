package network.conet.edge.services.wasm;

import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.RefusedException;

/** How modules are refused, with words for who publishes them. */
final class Refusals {
    private Refusals() {}

    static RefusedException malformed(String what, int at) {
        return new RefusedException(RefuseReason.MODULE_MALFORMED, what + " at byte " + at);
    }

    static RefusedException invalid(String what, int at) {
        return new RefusedException(RefuseReason.MODULE_INVALID, what + " at byte " + at);
    }

    static RefusedException unsupported(String what, int at) {
        return new RefusedException(RefuseReason.MODULE_UNSUPPORTED, what + " at byte " + at);
    }

    /** Refuses a count over its limit. Counts are unsigned. */
    static void limit(String what, int count, int max) throws RefusedException {
        if (count < 0 || count > max) {
            throw new RefusedException(RefuseReason.MODULE_LIMIT_EXCEEDED,
                    what + " " + Integer.toUnsignedString(count) + ", at most " + max);
        }
    }
}
