package network.conet.edge.services.guest;

import java.time.Duration;

/**
 * What one call of a guest may use.
 *
 * @param fuel units, 1 to {@link #FUEL_MAX}; about one instruction each
 * @param deadline wall time of one call
 * @param memoryPages pages of 64 KiB that the memory may grow to, 1 to {@link #MEMORY_PAGES_MAX}
 * @param outputBytes bytes of one reply
 * @param callsInFlight instances that run at the same time, 1 to {@link #CALLS_MAX}
 */
public record GuestLimits(long fuel, Duration deadline, int memoryPages, int outputBytes, int callsInFlight) {
    /** Some minutes of any board; what a manifest may ask for at most. */
    public static final long FUEL_MAX = 1L << 40;
    /** 64 MiB. */
    public static final int MEMORY_PAGES_MAX = 1024;
    /** Longest deadline. */
    public static final Duration DEADLINE_MAX = Duration.ofSeconds(60);
    /** Most calls at a time. */
    public static final int CALLS_MAX = 64;
    /** 64 MiB, streamed. */
    public static final int OUTPUT_BYTES_MAX = 64 << 20;

    /** Refuses limits outside their ranges. */
    public GuestLimits {
        boolean isInRange = fuel >= 1 && fuel <= FUEL_MAX
                && !deadline.isNegative() && !deadline.isZero() && deadline.compareTo(DEADLINE_MAX) <= 0
                && memoryPages >= 1 && memoryPages <= MEMORY_PAGES_MAX
                && outputBytes >= 0 && outputBytes <= OUTPUT_BYTES_MAX
                && callsInFlight >= 1 && callsInFlight <= CALLS_MAX;
        if (!isInRange) {
            throw new IllegalArgumentException("a limit is outside its range");
        }
    }
}
