package network.conet.edge.storage.internal;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import network.conet.edge.api.Clock;
import network.conet.edge.api.Counters;
import network.conet.edge.api.Volume;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.RefusedException;
import network.conet.edge.storage.internal.log.StorageKey;
import network.conet.edge.storage.internal.wear.CardWear;

/**
 * What the storage service works with.
 *
 * @param volume not used by anybody else; its owner closes it after the service
 * @param key of what lies on the volume
 * @param clock the only time
 * @param counters what is counted
 * @param random seeds of checksums; a {@code SecureRandom} in production
 * @param readers runs reads of messages; may refuse. {@code Runnable::run} reads on the caller
 * @param driver {@code new CommitThread()}, or {@link CommitDriver#MANUAL} to pump by hand
 * @param card asked once an hour, on the writer, for what the medium says of its wear
 * @param memory tells when memory is short
 */
public record StorageParts(
        Volume volume,
        StorageKey key,
        Clock clock,
        Counters counters,
        RandomGenerator random,
        Executor readers,
        CommitDriver driver,
        Supplier<Optional<CardWear.Reading>> card,
        MemoryProbe memory) {

    /** Something that is read from the medium. */
    interface Reading<T> {
        T read() throws RefusedException;
    }

    /** Reads on the readers' executor; fails with {@code MEMORY_FULL} when too many wait for it. */
    <T> CompletionStage<T> onReader(Reading<T> reading) {
        CompletableFuture<T> found = new CompletableFuture<>();
        try {
            readers.execute(() -> {
                try {
                    found.complete(reading.read());
                } catch (RefusedException | RuntimeException | Error failure) {
                    found.completeExceptionally(failure);
                }
            });
        } catch (RejectedExecutionException full) {
            found.completeExceptionally(new RefusedException(RefuseReason.MEMORY_FULL));
        }
        return found;
    }

    /** Without a medium that tells of its wear. */
    public StorageParts(Volume volume, StorageKey key, Clock clock, Counters counters, RandomGenerator random,
            Executor readers, CommitDriver driver) {
        this(volume, key, clock, counters, random, readers, driver, Optional::empty,
                new MemoryProbe(MemoryProbe.Heap.OWN));
    }
}
