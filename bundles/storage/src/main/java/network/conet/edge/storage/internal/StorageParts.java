package network.conet.edge.storage.internal;

import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import network.conet.edge.api.Clock;
import network.conet.edge.api.Counters;
import network.conet.edge.api.Volume;
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

    /** Without a medium that tells of its wear. */
    public StorageParts(Volume volume, StorageKey key, Clock clock, Counters counters, RandomGenerator random,
            Executor readers, CommitDriver driver) {
        this(volume, key, clock, counters, random, readers, driver, Optional::empty,
                new MemoryProbe(MemoryProbe.Heap.OWN));
    }
}
