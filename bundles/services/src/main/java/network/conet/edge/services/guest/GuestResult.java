package network.conet.edge.services.guest;

import java.util.Optional;
import network.conet.edge.protocol.RefuseReason;

/**
 * How a call ended.
 *
 * @param fault why it failed; empty when the guest returned zero
 * @param fuel units that it used, whatever its end; never more than its limit
 */
public record GuestResult(Optional<RefuseReason> fault, long fuel) {
    /** Whether the guest returned zero. */
    public boolean isOk() {
        return fault.isEmpty();
    }
}
