package network.conet.edge.services.guest;

import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.RefusedException;
import network.conet.edge.services.engine.HostStop;

/** What functions of the host answer when they did not do it ({@code docs/protocol/guest-interface.md}). */
final class Errors {
    static final int OK = 0;
    /** There is no such value. */
    static final int MISSING = -1;
    /** A quota is used up. */
    static final int FULL = -2;
    /** An argument is not what it should be. */
    static final int MALFORMED = -3;
    /** Storage, network or directory fail now. */
    static final int FAILED = -4;
    /** The other side, or the host's rules, refuse. */
    static final int REFUSED = -5;

    /** Of WASI preview 1. */
    static final int WASI_BADF = 8;
    static final int WASI_INVAL = 28;
    static final int WASI_NOSYS = 52;
    static final int WASI_SPIPE = 70;

    private Errors() {}

    /** The guest is told of what it can do something about; the rest ends the call. */
    static int code(RefusedException refused) {
        RefuseReason reason = refused.reason();
        return switch (reason) {
            case VALUES_FULL, EGRESS_SPENT, STORAGE_FULL, MAILBOX_FULL, SOURCE_LIMITED, WRITE_BUDGET_SPENT -> FULL;
            case TARGET_MALFORMED, ARMOR_TOO_LARGE -> MALFORMED;
            case TARGET_FORBIDDEN, ROUTE_UNKNOWN, MAILBOX_ABANDONED -> REFUSED;
            case STORAGE_FAILED, MEMORY_FULL, ROUTES_UNAVAILABLE, NEXT_NODE_UNREACHABLE, NEXT_NODE_SILENT,
                    TARGET_UNRESOLVED, TARGET_UNREACHABLE, TUNNELS_FULL -> FAILED;
            default -> throw HostStop.because(reason);
        };
    }
}
