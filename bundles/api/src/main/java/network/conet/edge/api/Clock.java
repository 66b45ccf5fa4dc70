package network.conet.edge.api;

/** The only source of time. Safe for use by many threads. A test sets it; nothing else reads a system clock. */
public interface Clock {
    /** Milliseconds since 1970-01-01 UTC. Can jump: a board without a clock chip starts in 1970. */
    long epochMillis();

    /** Nanoseconds from an arbitrary origin; never goes back. For measuring durations. */
    long monotonicNanos();

    /** {@link #epochMillis()} in whole seconds, as the wire writes time. */
    default long epochSeconds() {
        return Math.floorDiv(epochMillis(), 1000L);
    }
}
