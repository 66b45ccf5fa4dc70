package network.conet.edge.api;

import java.time.Duration;
import java.util.Objects;

/**
 * What bounds a flow. The two flows of a pair may share one allowance.
 *
 * @param bytes the bytes that may be moved
 * @param idle longest time in which nothing moves on either pipe, in either direction
 */
public record FlowLimits(ByteAllowance bytes, Duration idle) {
    /** Refuses limits that are none. */
    public FlowLimits {
        Objects.requireNonNull(bytes);
        if (idle.isNegative() || idle.isZero()) {
            throw new IllegalArgumentException("a flow has limits");
        }
    }
}
