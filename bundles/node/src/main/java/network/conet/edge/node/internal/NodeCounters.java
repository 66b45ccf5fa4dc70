package network.conet.edge.node.internal;

import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;
import network.conet.edge.api.Counter;
import network.conet.edge.api.Counters;
import network.conet.edge.protocol.RefuseReason;
import org.osgi.service.component.annotations.Component;

/** Counters of one life of the process. Safe for use by many threads. */
@Component(service = Counters.class)
public final class NodeCounters implements Counters {
    private final LongAdder[] refusals = adders(RefuseReason.values().length);
    private final LongAdder[] values = adders(Counter.values().length);

    @Override
    public void refused(RefuseReason reason) {
        refusals[reason.ordinal()].increment();
    }

    @Override
    public void add(Counter counter, long amount) {
        values[counter.ordinal()].add(amount);
    }

    @Override
    public long refusals(RefuseReason reason) {
        return refusals[reason.ordinal()].sum();
    }

    @Override
    public long value(Counter counter) {
        return values[counter.ordinal()].sum();
    }

    private static LongAdder[] adders(int count) {
        return Stream.generate(LongAdder::new).limit(count).toArray(LongAdder[]::new);
    }
}
