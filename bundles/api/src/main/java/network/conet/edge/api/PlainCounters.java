package network.conet.edge.api;

import java.util.concurrent.atomic.AtomicLongArray;
import network.conet.edge.protocol.RefuseReason;

/** Counters where there is no node: in a tool or a test. Safe for use by many threads. */
public final class PlainCounters implements Counters {
    private final AtomicLongArray refusals = new AtomicLongArray(RefuseReason.values().length);
    private final AtomicLongArray values = new AtomicLongArray(Counter.values().length);

    @Override
    public void refused(RefuseReason reason) {
        refusals.incrementAndGet(reason.ordinal());
    }

    @Override
    public void add(Counter counter, long amount) {
        values.addAndGet(counter.ordinal(), amount);
    }

    @Override
    public long refusals(RefuseReason reason) {
        return refusals.get(reason.ordinal());
    }

    @Override
    public long value(Counter counter) {
        return values.get(counter.ordinal());
    }
}
