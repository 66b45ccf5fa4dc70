package network.conet.edge.services.internal;

import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import network.conet.edge.api.ValueStore;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.RefusedException;

/** Values in memory; the real store has tests of its own. */
final class MemoryValues implements ValueStore {
    private final TreeMap<String, TreeMap<String, byte[]>> spaces = new TreeMap<>();
    boolean isFailing;

    @Override
    public synchronized CompletionStage<Optional<byte[]>> get(String space, String key) {
        return CompletableFuture.completedFuture(
                Optional.ofNullable(spaces.getOrDefault(space, new TreeMap<>()).get(key)));
    }

    @Override
    public synchronized CompletionStage<Void> put(String space, String key, byte[] value) {
        if (isFailing) {
            return CompletableFuture.failedFuture(new RefusedException(RefuseReason.STORAGE_FAILED));
        }
        spaces.computeIfAbsent(space, name -> new TreeMap<>()).put(key, value);
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public synchronized CompletionStage<Void> remove(String space, String key) {
        spaces.getOrDefault(space, new TreeMap<>()).remove(key);
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public synchronized List<String> keys(String space) {
        return List.copyOf(spaces.getOrDefault(space, new TreeMap<>()).keySet());
    }
}
