package network.conet.edge.protocol;

import java.util.Objects;

/**
 * Input that was refused. It is expected, frequent under attack and therefore carries no stack trace; what
 * matters is the reason. Never used for failed surroundings (those are {@link java.io.IOException}) nor for
 * broken invariants (those are {@link AssertionError}).
 */
public final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final RefuseReason reason;

    /** @param reason why; not null */
    public RefusedException(RefuseReason reason) {
        super(Objects.requireNonNull(reason, "reason").label(), null, false, false);
        this.reason = reason;
    }

    /**
     * @param reason why; not null
     * @param detail what exactly, for who publishes or operates: the limit and the number, never contents of messages
     */
    public RefusedException(RefuseReason reason, String detail) {
        super(reason.label() + ": " + detail, null, false, false);
        this.reason = reason;
    }

    /** Why the input was refused. */
    public RefuseReason reason() {
        return reason;
    }
}
