package network.conet.edge.api;

import java.time.Duration;

/**
 * @param bytesMax bytes that one direction may carry; at least 1
 * @param idle longest time in which nothing moves on either pipe, in either direction
 */
public record FlowLimits(long bytesMax, Duration idle) {
    /** Refuses limits that are none. */
    public FlowLimits {
        if (bytesMax < 1 || idle.isNegative() || idle.isZero()) {
            throw new IllegalArgumentException("a flow has limits");
        }
    }
}
