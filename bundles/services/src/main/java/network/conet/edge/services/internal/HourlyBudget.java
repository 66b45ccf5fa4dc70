package network.conet.edge.services.internal;

import network.conet.edge.api.Clock;

/** So much an hour, by the clock's hours. Safe for use by many threads. */
final class HourlyBudget {
    private static final long HOUR_MILLIS = 3_600_000;

    private final Clock clock;
    private final long max;
    private long hour = Long.MIN_VALUE;
    private long used;

    HourlyBudget(Clock clock, long max) {
        this.clock = clock;
        this.max = max;
    }

    /** Takes some of it, or nothing when that is more than is left. */
    synchronized boolean take(long amount) {
        long now = Math.floorDiv(clock.epochMillis(), HOUR_MILLIS);
        if (now != hour) {
            hour = now;
            used = 0;
        }
        if (amount > max - used) {
            return false;
        }
        used += amount;
        return true;
    }
}
