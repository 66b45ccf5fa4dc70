package network.conet.edge.services.engine;

import java.util.Optional;
import network.conet.edge.protocol.RefuseReason;

/** Thrown by a function of the host to end the guest that called it. Unchecked, to pass through guest code. */
public final class HostStop extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient RefuseReason reason;

    private HostStop(RefuseReason reason) {
        super(reason == null ? "exit" : reason.label(), null, false, false);
        this.reason = reason;
    }

    /** Ends the guest because of a fault. */
    public static HostStop because(RefuseReason reason) {
        return new HostStop(reason);
    }

    /** Ends the guest as it wished, successfully. */
    public static HostStop exit() {
        return new HostStop(null);
    }

    /** Why; empty when the guest ended itself successfully. */
    public Optional<RefuseReason> reason() {
        return Optional.ofNullable(reason);
    }
}
