package network.conet.edge.services.internal;

import java.util.Optional;
import java.util.function.Consumer;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.WalletAddress;

/** Asks the service that decides about a command of the wire whether a caller may be joined with a target. */
public interface TunnelPolicy {
    /**
     * Asks; the price of the question is the caller's. Never waits.
     *
     * @param input what the service reads
     * @param answer told once, on a thread that may not wait
     */
    void decide(String command, WalletAddress caller, byte[] input, Consumer<Decision> answer);

    /**
     * Exactly one of the two is there.
     *
     * @param plan the target that is allowed
     * @param refusal why none is
     */
    record Decision(Optional<TunnelPlan> plan, Optional<RefuseReason> refusal) {
        static Decision no(RefuseReason reason) {
            return new Decision(Optional.empty(), Optional.of(reason));
        }
    }
}
