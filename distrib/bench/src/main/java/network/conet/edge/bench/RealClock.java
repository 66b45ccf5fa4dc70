package network.conet.edge.bench;

import network.conet.edge.api.Clock;

/** The machine's clock. */
public final class RealClock implements Clock {
    @Override
    public long epochMillis() {
        return System.currentTimeMillis();
    }

    @Override
    public long monotonicNanos() {
        return System.nanoTime();
    }
}
