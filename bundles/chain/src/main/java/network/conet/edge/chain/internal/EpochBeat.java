package network.conet.edge.chain.internal;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import network.conet.edge.api.Counter;
import network.conet.edge.api.Counters;
import network.conet.edge.api.EpochListener;
import network.conet.edge.chain.ChainLimits;
import network.conet.edge.protocol.Epoch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes epochs of block numbers: each even number once and in rising order (section 6.1). After a pause the last
 * {@link ChainLimits#EPOCHS_MADE_UP_MAX} are made up for and the rest counted. {@link #advance} is for one thread.
 */
final class EpochBeat {
    private static final Logger LOG = LoggerFactory.getLogger(EpochBeat.class);

    private final Counters counters;
    private final List<EpochListener> listeners = new CopyOnWriteArrayList<>();
    private final Set<EpochListener> failing =
            Collections.synchronizedSet(Collections.newSetFromMap(new IdentityHashMap<>()));
    private volatile Epoch current = Epoch.UNKNOWN;
    private volatile long skipped;

    EpochBeat(Counters counters) {
        this.counters = counters;
    }

    void add(EpochListener listener) {
        listeners.add(listener);
    }

    void remove(EpochListener listener) {
        listeners.remove(listener);
        failing.remove(listener);
    }

    Epoch current() {
        return current;
    }

    /** Epochs that nobody was told of. */
    long skipped() {
        return skipped;
    }

    /** Whether a block number brings an epoch that was not begun yet. */
    boolean isDue(long block) {
        return even(block) > current.number();
    }

    /**
     * Begins all epochs up to a block.
     *
     * @param block the newest block
     * @param info what is known of the present epoch; its number is not used
     */
    void advance(long block, Epoch info) {
        long last = even(block);
        if (last <= current.number()) {
            return;
        }
        long first = last;
        if (current.number() > 0) {
            long following = current.number() + 2;
            first = Math.max(following, last - 2L * (ChainLimits.EPOCHS_MADE_UP_MAX - 1));
            if (first > following) {
                long missed = (first - following) / 2;
                skipped += missed;
                LOG.warn("{} epochs passed while the network's clock could not be read", missed);
            }
        }
        for (long number = first; number <= last; number += 2) {
            begin(new Epoch(number, info.rate(), info.minersTotal(), info.usersTotal()));
        }
    }

    /** Goes back: the clock was wrong before. The next epoch begins from there. */
    void restartAt(long block) {
        current = new Epoch(Math.max(0, even(block)), 0, 0, 0);
    }

    private void begin(Epoch epoch) {
        current = epoch;
        counters.add(Counter.EPOCHS_BEGUN, 1);
        for (EpochListener listener : listeners) {
            try {
                listener.epochBegan(epoch);
            } catch (RuntimeException broken) {
                // One listener's fault must not silence the network's beat for the others.
                if (failing.add(listener)) {
                    LOG.error("an epoch listener fails; said once", broken);
                }
            }
        }
    }

    private static long even(long block) {
        return block - Math.floorMod(block, 2L);
    }
}
