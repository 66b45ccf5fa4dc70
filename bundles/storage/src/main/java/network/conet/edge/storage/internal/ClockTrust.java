package network.conet.edge.storage.internal;

import java.util.concurrent.TimeUnit;
import network.conet.edge.api.Clock;

/**
 * Whether the wall clock may be believed when it says that messages are too old. Boards without a clock chip
 * start in 1970 and jump; a message must not be lost by it. Not thread safe.
 */
final class ClockTrust {
    private final Clock clock;
    private long lastWallMillis;
    private long lastNanos;
    private long steadySinceNanos;

    ClockTrust(Clock clock) {
        this.clock = clock;
        lastWallMillis = clock.epochMillis();
        lastNanos = clock.monotonicNanos();
        steadySinceNanos = lastNanos;
    }

    /** Whether the clock was set at all. */
    static boolean isSet(long epochSeconds) {
        return epochSeconds >= StorageLimits.CLOCK_FLOOR_SECONDS;
    }

    /**
     * To be asked regularly.
     *
     * @param newestSeconds the latest time that any message carries
     */
    boolean mayExpire(long newestSeconds) {
        long wallMillis = clock.epochMillis();
        long nanos = clock.monotonicNanos();
        long passed = TimeUnit.NANOSECONDS.toMillis(nanos - lastNanos);
        if (Math.abs(wallMillis - lastWallMillis - passed) > StorageLimits.CLOCK_JUMP_MILLIS) {
            steadySinceNanos = nanos;
        }
        lastWallMillis = wallMillis;
        lastNanos = nanos;
        long seconds = Math.floorDiv(wallMillis, 1000L);
        long steadyNanos = nanos - steadySinceNanos;
        return isSet(seconds) && (steadyNanos >= StorageLimits.CLOCK_CERTAIN_NANOS
                || steadyNanos >= StorageLimits.CLOCK_STEADY_NANOS && seconds >= newestSeconds);
    }
}
