package network.conet.edge.storage.internal;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.ReentrantLock;
import network.conet.edge.api.Counter;
import network.conet.edge.api.HealthCheck;
import network.conet.edge.api.HealthItem;
import network.conet.edge.api.Ledger;
import network.conet.edge.api.MailSource;
import network.conet.edge.api.Mailbox;
import network.conet.edge.api.ValueStore;
import network.conet.edge.protocol.Hash256;
import network.conet.edge.protocol.KeyId;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.RefusedException;
import network.conet.edge.storage.internal.log.Location;
import network.conet.edge.storage.internal.log.LogOpener;
import network.conet.edge.storage.internal.log.Place;
import network.conet.edge.storage.internal.log.SegmentLog;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Mailboxes, ledger and values on one log. What comes within one window shares one write and one force; while a
 * force is under way the next group collects. Safe for use by many threads.
 *
 * <p>Stages of {@link #store} complete on the thread that pumps: the writer thread in production, the caller
 * of {@link #pump()} in a simulation. Stages of {@link #next} complete on the readers' executor.
 */
public final class StorageService implements Mailbox, HealthCheck, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StorageService.class);

    private final StorageSettings settings;
    private final StorageParts parts;
    private final StorageState state;
    private final SegmentLog log;
    private final StoragePump pump;
    private final LedgerService ledger;
    private final ValueService values;
    private final ReentrantLock writing = new ReentrantLock();
    private boolean isClosed;

    /**
     * Opens what the volume holds and starts the driver.
     *
     * @throws IOException the volume cannot be read, holds files of newer software, or was written with another key;
     *     one clear line
     */
    public StorageService(StorageSettings settings, StorageParts parts) throws IOException {
        this.settings = settings;
        this.parts = parts;
        LogOpener opener = new LogOpener(parts.volume(), settings.log(), parts.key(), parts.random(),
                parts.counters());
        Recovery recovery = new Recovery(settings, parts, opener.pool());
        state = recovery.state();
        synchronized (state) {
            log = opener.open(recovery);
            opener.damage().forEach(state::damaged);
            parts.counters().add(Counter.STORAGE_RECORDS_DAMAGED, recovery.unread().size());
            recovery.unread().forEach(state::damaged);
            String trouble = state.ledger.finishOpening();
            if (trouble != null) {
                state.damaged(trouble);
            }
            for (String line : state.damage) {
                LOG.warn("Mailbox: {}", line);
            }
        }
        pump = new StoragePump(settings, parts, state, log);
        ledger = new LedgerService(settings, parts, state);
        values = new ValueService(settings, parts, state);
        parts.driver().start(this);
    }

    /** The ledger on the same log. */
    public Ledger ledger() {
        return ledger;
    }

    /** The values on the same log. */
    public ValueStore values() {
        return values;
    }

    @Override
    public CompletionStage<Receipt> store(KeyId recipient, Hash256 armorHash, byte[] armor, MailSource source,
            Optional<byte[]> ledgerEntry) {
        PendingMessage.Key key = new PendingMessage.Key(parts.key().blind(recipient.value()), armorHash);
        PendingMessage message = new PendingMessage(state, key, armor);
        boolean isToWake;
        synchronized (state) {
            RefuseReason refusal = state.refusal();
            if (refusal != null) {
                return refused(refusal);
            }
            if (armor.length > settings.armorBytesMax()) {
                return refused(RefuseReason.ARMOR_TOO_LARGE);
            }
            long now = parts.clock().monotonicNanos();
            long acknowledged = state.recentAcks.sequenceOf(key.mailbox(), armorHash, now);
            if (acknowledged != RecentAcks.NONE) {
                return CompletableFuture.completedFuture(new Receipt(acknowledged, true));
            }
            PendingMessage same = state.messages.get(key);
            if (same != null) {
                return same.copy();
            }
            ledgerEntry.ifPresent(content -> ledger.bind(content, message));
            if (!state.mayWait(message.costBytes())) {
                return refused(RefuseReason.MEMORY_FULL);
            }
            // What seems to be stored already takes no room; the writer looks whether it is so.
            boolean isLikelyCopy = state.mailboxes.index().nextOfHash(key.mailbox(), armorHash.prefix(), 0) != 0;
            refusal = isLikelyCopy ? null : state.admission(key.mailbox(), armor.length);
            if (refusal == null && !isLikelyCopy && !state.sources.take(source, armor.length, now)) {
                refusal = RefuseReason.SOURCE_LIMITED;
            }
            state.isFull |= refusal == RefuseReason.STORAGE_FULL;
            if (refusal != null) {
                return refused(refusal);
            }
            state.mailboxes.book(key.mailbox(), armor.length);
            ledger.book(message);
            state.messages.put(key, message);
            isToWake = state.enqueue(message, now, state.windowNanos(now));
        }
        if (isToWake) {
            parts.driver().wake();
        }
        return message.done;
    }

    @Override
    public CompletionStage<Optional<StoredMessage>> next(KeyId recipient, long afterSequence) {
        return parts.onReader(() -> read(parts.key().blind(recipient.value()), afterSequence));
    }

    @Override
    public CompletionStage<Boolean> acknowledge(KeyId recipient, Hash256 armorHash) {
        long mailbox = parts.key().blind(recipient.value());
        boolean isToWake;
        synchronized (state) {
            if (state.isStopping) {
                return CompletableFuture.failedFuture(new RefusedException(RefuseReason.STOPPING));
            }
            long sequence = state.mailboxes.index().nextOfHash(mailbox, armorHash.prefix(), 0);
            if (sequence == 0) {
                return CompletableFuture.completedFuture(false);
            }
            state.mailboxes.remove(mailbox, sequence);
            long now = parts.clock().monotonicNanos();
            state.recentAcks.add(mailbox, armorHash.bytes(), sequence, now, 0);
            isToWake = state.enqueueAck(mailbox, sequence, now) | state.ownerCame(mailbox, now);
        }
        if (isToWake) {
            parts.driver().wake();
        }
        return CompletableFuture.completedFuture(true);
    }

    @Override
    public long bytes(KeyId recipient) {
        synchronized (state) {
            return state.mailboxes.bytes(parts.key().blind(recipient.value()));
        }
    }

    @Override
    public int count(KeyId recipient) {
        synchronized (state) {
            return state.mailboxes.count(parts.key().blind(recipient.value()));
        }
    }

    /**
     * Does what is due by the clock: writes and forces a group whose window is over, expires, makes room, prepares
     * files. For drivers; one call at a time, others wait. A call from within a stage's completion does nothing.
     *
     * @return nanoseconds until something is due if nothing comes; 0 when there is more to do now
     */
    public long pump() {
        if (writing.isHeldByCurrentThread()) {
            return 0;
        }
        writing.lock();
        try {
            return isClosed ? Long.MAX_VALUE : pump.pump();
        } catch (RuntimeException | Error fault) {
            synchronized (state) {
                state.isBroken = true;
            }
            pump.refuseAll(RefuseReason.INTERNAL);
            throw fault;
        } finally {
            writing.unlock();
        }
    }

    /**
     * Copies everything that is wanted together, as far as there is room. Waits for the disk.
     *
     * @throws IOException the medium failed; nothing is lost
     */
    public void compact() throws IOException {
        writing.lock();
        try {
            pump.compact();
        } finally {
            writing.unlock();
        }
    }

    /** Takes nothing more, writes what waits, and closes the files. What cannot be written is refused. */
    @Override
    public void close() throws IOException {
        synchronized (state) {
            if (state.isStopping) {
                return;
            }
            state.isStopping = true;
        }
        parts.driver().stop();
        writing.lock();
        try {
            pump.finish();
        } finally {
            isClosed = true;
            log.pool().close();
            writing.unlock();
        }
    }

    @Override
    public List<HealthItem> check() {
        synchronized (state) {
            return StorageHealth.items(settings, state, parts.clock().epochSeconds());
        }
    }

    /** What is stored, for the operator. */
    public StorageStats stats() {
        writing.lock();
        try {
            synchronized (state) {
                return StorageStats.of(settings, state, log);
            }
        } finally {
            writing.unlock();
        }
    }

    /** Lives that segments have had; for tests. */
    long generations() {
        return log.generations();
    }

    /** Whether anything waits to be written; for tests. */
    boolean hasWaiting() {
        synchronized (state) {
            return state.pendingBytes > 0;
        }
    }

    /** Acknowledgements that wait to be written; for tests. */
    int acksWaiting() {
        synchronized (state) {
            return state.acksWaiting();
        }
    }

    private static CompletionStage<Receipt> refused(RefuseReason reason) {
        return CompletableFuture.failedFuture(new RefusedException(reason));
    }

    private Optional<StoredMessage> read(long mailbox, long afterSequence) throws RefusedException {
        long after = afterSequence;
        long tried = 0;
        while (true) {
            long sequence;
            long location;
            Place place;
            boolean isToWake;
            synchronized (state) {
                if (state.isStopping) {
                    throw new RefusedException(RefuseReason.STOPPING);
                }
                isToWake = state.ownerCame(mailbox, parts.clock().monotonicNanos());
                sequence = state.mailboxes.index().nextAfter(mailbox, after);
                location = sequence == 0 ? 0 : state.mailboxes.index().location(mailbox, sequence);
                place = sequence == 0 ? null : state.live.place(location);
            }
            if (isToWake) {
                parts.driver().wake();
            }
            if (sequence == 0) {
                return Optional.empty();
            }
            if (Location.isDamaged(location)) {
                after = sequence;
                continue;
            }
            String trouble;
            try {
                Place.Message message = place.message(sequence);
                if (message != null) {
                    return Optional.of(new StoredMessage(sequence, message.armor()));
                }
                trouble = "is damaged";
            } catch (IOException failure) {
                trouble = "cannot be read";
            }
            // It may have been acknowledged, or copied elsewhere, while it was read: then the index knows better.
            if (tried == location) {
                damaged(mailbox, sequence, location, trouble);
                after = sequence;
            }
            tried = location;
        }
    }

    /** Notes a record that cannot be served, unless it was forgotten or copied meanwhile. */
    private void damaged(long mailbox, long sequence, long location, String trouble) {
        synchronized (state) {
            boolean isThere = state.mailboxes.index().location(mailbox, sequence) == location;
            if (isThere && !state.isStopping && state.mailboxes.markDamaged(mailbox, sequence)) {
                parts.counters().add(Counter.STORAGE_RECORDS_DAMAGED, 1);
                state.damaged(Mailboxes.nameOf(mailbox, sequence) + " in " + state.live.segment(location).name()
                        + " " + trouble);
            }
        }
    }
}
