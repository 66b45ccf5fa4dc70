package network.conet.edge.storage.internal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import network.conet.edge.api.Clock;
import network.conet.edge.api.Counter;
import network.conet.edge.api.Counters;
import network.conet.edge.api.HealthCheck;
import network.conet.edge.api.HealthItem;
import network.conet.edge.api.Mailbox;
import network.conet.edge.api.Volume;
import network.conet.edge.protocol.Hash256;
import network.conet.edge.protocol.KeyId;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.RefusedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The mailbox on a {@link Volume}. Messages that come within one window share one write and one force; while a
 * force is under way the next group collects. Safe for use by many threads.
 *
 * <p>Stages of {@link #store} complete on the thread that pumps: the writer thread in production, the caller
 * of {@link #pump()} in a simulation. Stages of {@link #next} complete on the readers' executor.
 */
public final class MailboxService implements Mailbox, HealthCheck, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MailboxService.class);

    private final MailboxSettings settings;
    private final Clock clock;
    private final Counters counters;
    private final Executor readers;
    private final CommitDriver driver;
    private final MailboxState state;
    private final MailboxLog log;
    private final MailboxWriter writer;
    private final ReentrantLock writing = new ReentrantLock();
    private boolean closed;

    /**
     * Opens what the volume holds and starts the driver.
     *
     * @param volume not used by anybody else; the caller closes it after this
     * @param random seeds of checksums; a {@code SecureRandom} in production
     * @param readers runs reads of messages; may refuse. {@code Runnable::run} reads on the caller
     * @param driver {@code new CommitThread()}, or {@link CommitDriver#MANUAL} to call {@link #pump()} by hand
     * @throws IOException the volume cannot be read, or holds files of newer software; one clear line
     */
    public MailboxService(Volume volume, MailboxSettings settings, Clock clock, Counters counters,
            RandomGenerator random, Executor readers, CommitDriver driver) throws IOException {
        this.settings = settings;
        this.clock = clock;
        this.counters = counters;
        this.readers = readers;
        this.driver = driver;
        state = new MailboxState(settings, TimeUnit.SECONDS.toNanos(DUPLICATE_MEMORY_SECONDS));
        LogOpener opener = new LogOpener(volume, settings, random, counters);
        synchronized (state) {
            log = opener.open(new Recovery(state, clock));
            opener.damage().forEach(state::damaged);
        }
        for (String line : opener.damage()) {
            LOG.warn("Mailbox: {}", line);
        }
        writer = new MailboxWriter(state, log, clock);
        driver.start(this);
    }

    @Override
    public CompletionStage<Receipt> store(KeyId recipient, Hash256 armorHash, byte[] armor) {
        PendingMessage.Key key = new PendingMessage.Key(recipient, armorHash);
        PendingMessage message;
        boolean wake;
        synchronized (state) {
            RefuseReason refusal = state.refusal();
            if (refusal != null) {
                return refused(refusal);
            }
            if (armor.length > settings.armorBytesMax()) {
                return refused(RefuseReason.ARMOR_TOO_LARGE);
            }
            long now = clock.monotonicNanos();
            long acknowledged = state.recentAcks.sequenceOf(recipient, armorHash, now);
            if (acknowledged != RecentAcks.NONE) {
                return CompletableFuture.completedFuture(new Receipt(acknowledged, true));
            }
            PendingMessage same = state.pending.get(key);
            if (same != null) {
                return same.copy();
            }
            message = new PendingMessage(key, armor);
            if (state.pendingBytes > 0 && state.pendingBytes + message.costBytes() > settings.pendingBytesMax()) {
                return refused(RefuseReason.MEMORY_FULL);
            }
            wake = state.enqueue(message, now);
        }
        if (wake) {
            driver.wake();
        }
        return message.done;
    }

    @Override
    public CompletionStage<Optional<StoredMessage>> next(KeyId recipient, long afterSequence) {
        CompletableFuture<Optional<StoredMessage>> found = new CompletableFuture<>();
        try {
            readers.execute(() -> {
                try {
                    found.complete(read(recipient, afterSequence));
                } catch (RefusedException | RuntimeException | Error failure) {
                    found.completeExceptionally(failure);
                }
            });
        } catch (RejectedExecutionException full) {
            found.completeExceptionally(new RefusedException(RefuseReason.MEMORY_FULL));
        }
        return found;
    }

    @Override
    public CompletionStage<Boolean> acknowledge(KeyId recipient, Hash256 armorHash) {
        boolean wake;
        synchronized (state) {
            if (state.stopping) {
                return CompletableFuture.failedFuture(new RefusedException(RefuseReason.STOPPING));
            }
            MailboxEntries entries = state.index.mailbox(recipient);
            int at = entries == null ? -1 : entries.indexOfPrefix(armorHash.prefix(), 0);
            if (at < 0) {
                return CompletableFuture.completedFuture(false);
            }
            long sequence = entries.sequence(at);
            Segment segment = log.pool().byNumber(Location.number(entries.location(at)));
            state.index.remove(recipient, entries, at, segment);
            long now = clock.monotonicNanos();
            state.recentAcks.add(recipient, armorHash.bytes(), sequence, now, 0);
            wake = state.enqueueAck(recipient, sequence, now);
        }
        if (wake) {
            driver.wake();
        }
        return CompletableFuture.completedFuture(true);
    }

    @Override
    public int count(KeyId recipient) {
        synchronized (state) {
            return state.index.count(recipient);
        }
    }

    /**
     * Does what is due by the clock: writes and forces a group whose window is over, expires, prepares files.
     * For drivers; one call at a time, others wait. A call from within a stage's completion does nothing.
     *
     * @return nanoseconds until something is due if nothing comes; 0 when there is more to do now
     */
    public long pump() {
        if (writing.isHeldByCurrentThread()) {
            return 0;
        }
        writing.lock();
        try {
            return closed ? Long.MAX_VALUE : writer.pump();
        } catch (RuntimeException | Error fault) {
            synchronized (state) {
                state.broken = true;
            }
            writer.refuseAll(RefuseReason.INTERNAL);
            throw fault;
        } finally {
            writing.unlock();
        }
    }

    /** Takes nothing more, writes what waits, and closes the files. What cannot be written is refused. */
    @Override
    public void close() throws IOException {
        synchronized (state) {
            if (state.stopping) {
                return;
            }
            state.stopping = true;
        }
        driver.stop();
        writing.lock();
        try {
            writer.finish();
        } finally {
            closed = true;
            log.pool().close();
            writing.unlock();
        }
    }

    @Override
    public List<HealthItem> check() {
        List<HealthItem> items = new ArrayList<>();
        synchronized (state) {
            if (state.failed || state.broken) {
                items.add(new HealthItem("storage.failed", HealthItem.Severity.CRITICAL,
                        "The mailbox cannot be written; new mail is refused, stored mail is still delivered.",
                        state.broken ? "Restart the node and report the fault in its log."
                                : "Check the card or disk. The node tries again by itself; after replacing the "
                                        + "medium, restart it."));
            }
            if (state.full) {
                items.add(new HealthItem("storage.full", HealthItem.Severity.WARNING,
                        "The mailbox is full; new mail is refused until stored mail is fetched or expires.",
                        "Raise quotaMiB if the disk has room."));
            }
            for (String line : state.damage) {
                items.add(new HealthItem("storage.damaged", HealthItem.Severity.WARNING, "Mailbox: " + line + ".",
                        "Everything else is served. If it happens again, replace the card or disk."));
            }
        }
        return items;
    }

    /** Lives that segments have had; for tests. */
    long generations() {
        return log.generations();
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

    private Optional<StoredMessage> read(KeyId recipient, long afterSequence) throws RefusedException {
        long after = afterSequence;
        while (true) {
            long sequence;
            long location;
            Segment segment;
            Segment.Life life;
            synchronized (state) {
                if (state.stopping) {
                    throw new RefusedException(RefuseReason.STOPPING);
                }
                MailboxEntries entries = state.index.mailbox(recipient);
                int at = entries == null ? 0 : entries.indexAfter(after);
                if (entries == null || at == entries.size()) {
                    return Optional.empty();
                }
                sequence = entries.sequence(at);
                location = entries.location(at);
                segment = log.pool().byNumber(Location.number(location));
                life = segment.life;
            }
            after = sequence;
            if (Location.isDamaged(location)) {
                continue;
            }
            try {
                MailboxLog.Payload payload = MailboxLog.read(segment, life, location, sequence);
                if (payload != null) {
                    return Optional.of(new StoredMessage(sequence, payload.armor()));
                }
                damaged(recipient, sequence, segment, "is damaged");
            } catch (IOException failure) {
                damaged(recipient, sequence, segment, "cannot be read");
            }
        }
    }

    /** Notes a record that cannot be served, unless it was forgotten while it was read. */
    private void damaged(KeyId recipient, long sequence, Segment segment, String what) {
        synchronized (state) {
            MailboxEntries entries = state.index.mailbox(recipient);
            int at = entries == null ? -1 : entries.indexOf(sequence);
            if (at < 0 || state.stopping || Location.isDamaged(entries.location(at))) {
                return;
            }
            entries.markDamaged(at);
            counters.add(Counter.STORAGE_RECORDS_DAMAGED, 1);
            state.damaged("message " + sequence + " in " + segment.name() + " " + what);
        }
    }
}
