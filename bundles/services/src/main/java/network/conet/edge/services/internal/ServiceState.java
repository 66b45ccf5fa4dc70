package network.conet.edge.services.internal;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import network.conet.edge.api.ValueStore;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.RefusedException;
import network.conet.edge.protocol.service.ServiceName;

/**
 * The values of one service in one form of its state: a space of the value store, with a quota over keys and values.
 * Another form of the same service's state is another space, so that a version that is taken back finds its own as it
 * left it. Safe for use by many threads; waits for the storage.
 */
final class ServiceState {
    private final ValueStore store;
    private final String space;
    private final long quotaBytes;
    /** Bytes of each value, and of its key; null until first asked. */
    private Map<String, Integer> sizes;
    private long usedBytes;

    ServiceState(ValueStore store, ServiceName service, int stateVersion, long quotaBytes) {
        this.store = store;
        this.space = "svc." + service + "." + stateVersion;
        this.quotaBytes = quotaBytes;
    }

    Optional<byte[]> value(String key) throws RefusedException {
        return Waiting.on(store.get(space, key));
    }

    List<String> keys() {
        return store.keys(space);
    }

    /** @throws RefusedException VALUES_FULL over the quota, and as the store refuses */
    void keep(String key, byte[] value) throws RefusedException {
        synchronized (this) {
            load();
            int size = size(key, value.length);
            int before = sizes.getOrDefault(key, 0);
            boolean isOneMore = before == 0 && sizes.size() >= ServicesLimits.KEYS_MAX;
            if (isOneMore || usedBytes - before + size > quotaBytes) {
                throw new RefusedException(RefuseReason.VALUES_FULL);
            }
            Waiting.on(store.put(space, key, value));
            sizes.put(key, size);
            usedBytes += size - before;
        }
    }

    void forget(String key) throws RefusedException {
        synchronized (this) {
            load();
            Waiting.on(store.remove(space, key));
            Integer before = sizes.remove(key);
            usedBytes -= before == null ? 0 : before;
        }
    }

    /** Forgets everything. */
    void clear() throws RefusedException {
        for (String key : keys()) {
            forget(key);
        }
    }

    private void load() throws RefusedException {
        if (sizes != null) {
            return;
        }
        Map<String, Integer> found = new HashMap<>();
        long used = 0;
        for (String key : keys()) {
            Optional<byte[]> value = value(key);
            int size = size(key, value.map(bytes -> bytes.length).orElse(0));
            found.put(key, size);
            used += size;
        }
        sizes = found;
        usedBytes = used;
    }

    private static int size(String key, int valueBytes) {
        return key.getBytes(StandardCharsets.UTF_8).length + valueBytes;
    }
}
