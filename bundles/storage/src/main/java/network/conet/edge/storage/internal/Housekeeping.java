package network.conet.edge.storage.internal;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import network.conet.edge.api.Counter;
import network.conet.edge.storage.internal.log.RecordFormat;
import network.conet.edge.storage.internal.log.Scanned;
import network.conet.edge.storage.internal.log.Segment;
import network.conet.edge.storage.internal.log.SegmentLog;
import network.conet.edge.storage.internal.wear.CardWear;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is done by the clock beside writing: expiry, wear, memory. Owned by the writer. */
final class Housekeeping {
    private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);
    private static final int OWNER_MEMORY_FACTOR = 2;
    /** Each waits in memory to be written. */
    private static final int OWNERS_AT_ONCE = 64;

    private final StorageSettings settings;
    private final StorageParts parts;
    private final StorageState state;
    private final SegmentLog log;
    private final ClockTrust trust;
    private long expireAtNanos;
    private long cardAtNanos;
    private long countedBytes;
    private long wornGeneration;

    Housekeeping(StorageSettings settings, StorageParts parts, StorageState state, SegmentLog log) {
        this.settings = settings;
        this.parts = parts;
        this.state = state;
        this.log = log;
        trust = new ClockTrust(parts.clock());
        expireAtNanos = parts.clock().monotonicNanos();
        cardAtNanos = expireAtNanos;
        countedBytes = parts.counters().value(Counter.STORAGE_BYTES_WRITTEN);
        wornGeneration = log.generations();
    }

    /** Does what is due. */
    void run(long nowNanos) throws IOException {
        if (nowNanos - expireAtNanos >= 0) {
            expireAtNanos = nowNanos + StorageLimits.EXPIRY_CHECK_NANOS;
            log.pool().allowGrowth();
            expire();
        }
        if (nowNanos - cardAtNanos >= 0) {
            cardAtNanos = nowNanos + StorageLimits.CARD_CHECK_NANOS;
            Optional<CardWear.Reading> reading = parts.card().get();
            synchronized (state) {
                state.card = reading;
            }
        }
        boolean isMemoryShort = parts.memory().isShort(nowNanos);
        synchronized (state) {
            if (state.refusal() == null && state.ledger.takeMarkWanted()) {
                state.enqueueRider(new PendingSettlement(state, state.ledger.head().settledIndex(),
                        state.ledger.settledHash()), nowNanos);
            }
            countWear(nowNanos);
            state.isMemoryShort = isMemoryShort;
        }
    }

    /** How long nothing is due. */
    long nanosUntilDue(long nowNanos) {
        return Math.max(0, Math.min(expireAtNanos, cardAtNanos) - nowNanos);
    }

    /** Counts what was written since the last time. Under the monitor. */
    private void countWear(long nowNanos) {
        long counted = parts.counters().value(Counter.STORAGE_BYTES_WRITTEN);
        long seconds = parts.clock().epochSeconds();
        state.wear.add(counted - countedBytes, seconds);
        countedBytes = counted;
        state.wearLevel = state.wear.level(seconds);
        if (log.generations() != wornGeneration && state.refusal() == null) {
            wornGeneration = log.generations();
            state.enqueueRider(wearValue(), nowNanos);
        }
    }

    /** The wear so far, to be written. Under the monitor. */
    PendingValue wearValue() {
        return new PendingValue(state, NodeMemory.wearName(), NodeMemory.toBytes(state.wear.record()));
    }

    /** Forgets the messages of segments in which all are too old, if the clock may be believed. */
    private void expire() throws IOException {
        List<Segment> segments;
        long now = parts.clock().epochSeconds();
        synchronized (state) {
            boolean isTrusted = trust.mayExpire(state.mailboxes.newestSeconds());
            state.trustedDay = isTrusted ? (int) TimeUnit.SECONDS.toDays(now) : 0;
            if (!isTrusted) {
                return;
            }
            state.mailboxes.timeKnown(now);
            for (Segment segment : log.live()) {
                segment.use().expirySeconds =
                        Math.min(segment.use().expirySeconds, now + state.mailboxes.retentionSeconds());
            }
            segments = log.live().stream()
                    .filter(live -> live.use().messages > 0 && live.use().expirySeconds <= now).toList();
            forgetOwners();
        }
        for (Segment segment : segments) {
            expire(segment);
        }
    }

    private void expire(Segment segment) throws IOException {
        int before;
        synchronized (state) {
            before = segment.use().messages;
        }
        if (!log.isActive(segment)) {
            log.read(segment, scanned -> forget(segment, scanned));
        }
        synchronized (state) {
            state.mailboxes.forgetAll(segment);
        }
        parts.counters().add(Counter.STORAGE_MESSAGES_EXPIRED, before);
        LOG.info("Mailbox: {} message(s) in {} were too old", before, segment.name());
    }

    private void forget(Segment segment, Scanned scanned) {
        synchronized (state) {
            if (scanned.type() == RecordFormat.MESSAGE
                    && state.mailboxes.wants(scanned, scanned.location(segment))) {
                state.mailboxes.remove(scanned.key(), scanned.sequence());
            }
        }
    }

    /** An owner who did not come for twice the time is a stranger again. */
    private void forgetOwners() {
        int days = OWNER_MEMORY_FACTOR * settings.quotas().abandonedDays();
        List<Long> gone = state.owners.entrySet().stream()
                .filter(owner -> state.trustedDay - owner.getValue() >= days).map(Map.Entry::getKey)
                .limit(OWNERS_AT_ONCE).toList();
        for (Long mailbox : gone) {
            state.owners.remove(mailbox);
            state.enqueueRider(new PendingValue(state, NodeMemory.ownerName(mailbox), null),
                    parts.clock().monotonicNanos());
        }
    }
}
