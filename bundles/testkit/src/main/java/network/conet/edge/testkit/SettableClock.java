package network.conet.edge.testkit;

import java.util.concurrent.TimeUnit;
import network.conet.edge.api.Clock;

/** A clock that stands still until a test moves it. Safe for use by many threads. */
public final class SettableClock implements Clock {
    private long epochMillis;
    private long monotonicNanos;

    /** @param epochMillis the time it shows at first */
    public SettableClock(long epochMillis) {
        this.epochMillis = epochMillis;
    }

    @Override
    public synchronized long epochMillis() {
        return epochMillis;
    }

    @Override
    public synchronized long monotonicNanos() {
        return monotonicNanos;
    }

    /** Lets time pass. */
    public synchronized void advanceMillis(long millis) {
        if (millis < 0) {
            throw new IllegalArgumentException("time does not pass backwards; jump instead");
        }
        epochMillis += millis;
        monotonicNanos += TimeUnit.MILLISECONDS.toNanos(millis);
    }

    /** Sets the wall clock without time passing: what an NTP correction, or its absence, does. */
    public synchronized void jumpTo(long millis) {
        epochMillis = millis;
    }
}
