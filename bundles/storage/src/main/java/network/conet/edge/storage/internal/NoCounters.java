package network.conet.edge.storage.internal;

import network.conet.edge.api.Counter;
import network.conet.edge.api.Counters;
import network.conet.edge.protocol.RefuseReason;

/** Counts nothing: where no node looks at the counters. */
public final class NoCounters implements Counters {
    @Override
    public void refused(RefuseReason reason) {
        // nobody asks
    }

    @Override
    public void add(Counter counter, long amount) {
        // nobody asks
    }

    @Override
    public long refusals(RefuseReason reason) {
        return 0;
    }

    @Override
    public long value(Counter counter) {
        return 0;
    }
}
