package network.conet.edge.api;

import network.conet.edge.protocol.RefuseReason;

/** What the node counts. Safe for use by many threads; counting never fails and never waits. */
public interface Counters {
    /** Counts one refusal. */
    void refused(RefuseReason reason);

    /** Adds to a counter. */
    void add(Counter counter, long amount);

    /** The present value. */
    long refusals(RefuseReason reason);

    /** The present value. */
    long value(Counter counter);
}
