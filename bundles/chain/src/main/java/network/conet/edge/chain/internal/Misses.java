package network.conet.edge.chain.internal;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import network.conet.edge.chain.ChainLimits;

/**
 * What was asked for and is not there, for {@link ChainLimits#MISS_MILLIS}; the oldest forgotten first. Not
 * thread-safe: its owner locks.
 */
final class Misses<K> {
    private static final long KEPT_NANOS = TimeUnit.MILLISECONDS.toNanos(ChainLimits.MISS_MILLIS);

    private final Map<K, Long> since = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<K, Long> eldest) {
            return size() > ChainLimits.MISSES_MAX;
        }
    };

    void add(K key, long nowNanos) {
        since.remove(key);
        since.put(key, nowNanos);
    }

    boolean contains(K key, long nowNanos) {
        Long then = since.get(key);
        if (then == null) {
            return false;
        }
        if (nowNanos - then >= KEPT_NANOS) {
            since.remove(key);
            return false;
        }
        return true;
    }

    void remove(K key) {
        since.remove(key);
    }

    void clear() {
        since.clear();
    }

    int size() {
        return since.size();
    }
}
