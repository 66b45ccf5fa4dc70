package network.conet.edge.services.engine;

import java.util.Optional;
import network.conet.edge.protocol.RefuseReason;

/** A call that did not return. The instance is of no use any more. */
public final class WasmTrap extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient RefuseReason reason;

    WasmTrap(RefuseReason reason) {
        super(reason == null ? "exit" : reason.label(), null, false, false);
        this.reason = reason;
    }

    /**
     * FUEL_SPENT, STACK_EXHAUSTED, GUEST_TRAPPED, DEADLINE_PASSED (the thread was interrupted), or what a function of
     * the host said; empty when the guest ended itself successfully.
     */
    public Optional<RefuseReason> reason() {
        return Optional.ofNullable(reason);
    }
}
