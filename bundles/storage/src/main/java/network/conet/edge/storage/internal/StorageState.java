package network.conet.edge.storage.internal;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import network.conet.edge.api.Mailbox;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.storage.internal.index.DirectIndex;
import network.conet.edge.storage.internal.index.MailboxIndex;
import network.conet.edge.storage.internal.log.FlashPolicy;
import network.conet.edge.storage.internal.log.RecordFormat;
import network.conet.edge.storage.internal.log.Scanned;
import network.conet.edge.storage.internal.log.SegmentPool;
import network.conet.edge.storage.internal.wear.CardWear;
import network.conet.edge.storage.internal.wear.WearBudget;
import network.conet.edge.storage.internal.wear.WearRecord;

/**
 * What many threads ask and change: what is stored where, what waits to be written, and whether writing works. It is
 * its own monitor: every field and method is used only while it is held, and nothing waits while it is.
 */
final class StorageState {
    private static final long DAY_SECONDS = 86_400L;

    final LiveRecords live;
    final Mailboxes mailboxes;
    final LedgerBook ledger;
    final ValueTable values;
    final RecentAcks recentAcks;
    final SourceShares sources;
    /** Messages that are not durable. */
    final Map<PendingMessage.Key, PendingMessage> messages = new HashMap<>();
    /** The day (since 1970) on which owners of mailboxes came last. */
    final Map<Long, Integer> owners = new HashMap<>();
    /** Lines for the operator, one for each thing that was lost. */
    final List<String> damage = new ArrayList<>();

    long pendingBytes;
    /** Those of them that only wait for a ride. */
    private long ridingBytes;
    long ledgerBooked;
    long valuesBooked;
    /** The disk failed; nothing is taken until it has worked again. */
    boolean isFailed;
    /** A fault of our own; nothing is taken any more. */
    boolean isBroken;
    boolean isStopping;
    /** The last write that was due found no room. */
    boolean isFull;
    /** The heap is nearly full of what is needed. */
    boolean isMemoryShort;
    WearBudget.Level wearLevel = WearBudget.Level.NORMAL;
    WearBudget wear;
    Optional<CardWear.Reading> card = Optional.empty();
    /** Today, by a clock that may be believed; 0 when none may. */
    int trustedDay;

    private final StorageSettings settings;
    private ArrayDeque<PendingWrite> queue = new ArrayDeque<>();
    private List<Ack> acks = new ArrayList<>();
    private long queueBytes;
    private long queueDueNanos;
    private long acksDueNanos;
    private long lastMessageNanos;
    private boolean hadMessage;

    /** An acknowledgement that is not on the disk. */
    record Ack(long mailbox, long sequence) {}

    /** What is written next. */
    record Batch(ArrayDeque<PendingWrite> writes, List<Ack> acks) {}

    StorageState(StorageSettings settings, SegmentPool pool, Mailboxes.AckMemory memory) {
        this.settings = settings;
        live = new LiveRecords(pool);
        mailboxes = new Mailboxes(new MailboxIndex(settings.index().heapMessagesMax(), DirectIndex::new), live,
                settings.quotas(), settings.index().messagesMax(), memory);
        ledger = new LedgerBook(live);
        values = new ValueTable(live, this::remembered);
        recentAcks = new RecentAcks(StorageLimits.RECENT_ACKS_MAX,
                TimeUnit.SECONDS.toNanos(Mailbox.DUPLICATE_MEMORY_SECONDS));
        sources = new SourceShares(settings.quotas().sourceBytesADay(), StorageLimits.SOURCES_MAX);
        wear(WearRecord.NONE);
    }

    /** Goes on counting wear from a record. */
    void wear(WearRecord record) {
        StorageSettings.Wear medium = settings.wear();
        wear = new WearBudget(medium.ratedTerabytes(), medium.lifetimeYears(), medium.writeFactor(), record);
    }

    private void remembered(String key, byte[] value) {
        if (key.equals(NodeMemory.WEAR_KEY) && value != null) {
            NodeMemory.wear(value).ifPresent(this::wear);
        } else if (key.startsWith(NodeMemory.OWNER_PREFIX)) {
            long mailbox = HexFormat.fromHexDigitsToLong(key.substring(NodeMemory.OWNER_PREFIX.length()));
            if (value == null) {
                owners.remove(mailbox);
            } else {
                owners.put(mailbox, NodeMemory.day(value));
            }
        }
    }

    /** Who knows which records of a type are wanted; null for types that nobody keeps. */
    RecordOwner ownerOf(byte type) {
        return switch (type) {
            case RecordFormat.MESSAGE, RecordFormat.ACK, RecordFormat.ACKS, RecordFormat.ACKS_OF_ONE -> mailboxes;
            case RecordFormat.LEDGER_ENTRY, RecordFormat.LEDGER_SETTLED -> ledger;
            case RecordFormat.VALUE, RecordFormat.VALUE_REMOVED -> values;
            default -> null;
        };
    }

    /** Why nothing is taken now, or null. */
    RefuseReason refusal() {
        if (isStopping) {
            return RefuseReason.STOPPING;
        }
        if (isBroken) {
            return RefuseReason.INTERNAL;
        }
        return isFailed ? RefuseReason.STORAGE_FAILED : null;
    }

    /** Why new mail for a mailbox is not taken now although all works, or null. Takes nothing from the source. */
    RefuseReason admission(long mailbox, int armorBytes) {
        if (wearLevel == WearBudget.Level.SPENT) {
            return RefuseReason.WRITE_BUDGET_SPENT;
        }
        if (isMemoryShort) {
            return RefuseReason.MEMORY_FULL;
        }
        Integer came = owners.get(mailbox);
        if (came != null && trustedDay != 0 && trustedDay - came >= settings.quotas().abandonedDays()) {
            return RefuseReason.MAILBOX_ABANDONED;
        }
        return mailboxes.refusal(mailbox, armorBytes);
    }

    /** Whether more bytes may wait for the disk. A single write may, whatever its size; riders do not count. */
    boolean mayWait(int costBytes) {
        return pendingBytes == ridingBytes || pendingBytes + costBytes <= settings.flash().pendingBytesMax();
    }

    /** How long a message that comes now waits for others. */
    long windowNanos(long nowNanos) {
        boolean isQuiet = !hadMessage
                || nowNanos - lastMessageNanos >= TimeUnit.MILLISECONDS.toNanos(FlashPolicy.QUIET_GAP_MILLIS);
        hadMessage = true;
        lastMessageNanos = nowNanos;
        long millis = isQuiet ? settings.flash().quietWindowMillis() : settings.flash().commitWindowMillis();
        return TimeUnit.MILLISECONDS.toNanos(wearLevel == WearBudget.Level.NORMAL ? millis : 2 * millis);
    }

    /** How long something may wait that only asks for a ride. */
    long rideNanos() {
        return TimeUnit.MILLISECONDS.toNanos(settings.flash().ackDelayMillis());
    }

    /** Adds a value, or with null its removal; see {@link #enqueue}. */
    boolean enqueueValue(PendingValue write, long nowNanos, long waitNanos) {
        valuesBooked += write.bookedBytes();
        return enqueue(write, nowNanos, waitNanos);
    }

    /** The owner of a mailbox was here; noted once a day, on what is written next. Whether the driver should know. */
    boolean ownerCame(long mailbox, long nowNanos) {
        Integer before = owners.get(mailbox);
        if (trustedDay == 0 || before != null && before >= trustedDay
                || before == null && owners.size() >= StorageLimits.OWNERS_MAX || refusal() != null) {
            return false;
        }
        PendingValue mark =
                new PendingValue(this, NodeMemory.ownerName(mailbox), NodeMemory.toBytes(trustedDay));
        if (pendingBytes + mark.costBytes() > settings.flash().pendingBytesMax()) {
            return false;
        }
        owners.put(mailbox, trustedDay);
        return enqueueRider(mark, nowNanos);
    }

    /** All that can own records. */
    List<RecordOwner> recordOwners() {
        return List.of(mailboxes, ledger, values);
    }

    /** Whether a message may be forgotten for its age, by a clock that may be believed. */
    boolean isExpired(Scanned scanned) {
        return scanned.type() == RecordFormat.MESSAGE && scanned.expirySeconds() != 0
                && scanned.expirySeconds() <= trustedDay * DAY_SECONDS;
    }

    /** Adds a write that may wait so long; whether the driver should know. */
    boolean enqueue(PendingWrite write, long nowNanos, long waitNanos) {
        pendingBytes += write.costBytes();
        boolean isSooner = queue.isEmpty() || nowNanos + waitNanos - queueDueNanos < 0;
        if (isSooner) {
            queueDueNanos = nowNanos + waitNanos;
        }
        queue.add(write);
        boolean wasShort = queueBytes < settings.flash().commitBytes();
        queueBytes += write.costBytes();
        return isSooner || wasShort && queueBytes >= settings.flash().commitBytes();
    }

    /** Adds a write that waits for others, as long as acknowledgements do; see {@link #enqueue}. */
    boolean enqueueRider(PendingWrite write, long nowNanos) {
        write.ride();
        ridingBytes += write.costBytes();
        return enqueue(write, nowNanos, rideNanos());
    }

    /** A write left the queue and is durable. */
    void stored(PendingWrite write) {
        leave(write);
        write.stored(write.item());
        if (write.companion() != null) {
            write.companion().stored(write.companion().item());
        }
    }

    /** A write left the queue and is not written. */
    void dropped(PendingWrite write) {
        leave(write);
        if (write.companion() != null) {
            write.companion().dropped();
        }
        write.dropped();
    }

    private void leave(PendingWrite write) {
        pendingBytes -= write.costBytes();
        ridingBytes -= write.isRiding() ? write.costBytes() : 0;
    }

    /** Adds an acknowledgement; whether the driver should know. */
    boolean enqueueAck(long mailbox, long sequence, long nowNanos) {
        if (acks.isEmpty()) {
            acksDueNanos = nowNanos + rideNanos();
        }
        acks.add(new Ack(mailbox, sequence));
        return acks.size() == 1 || acks.size() == StorageLimits.ACKS_WAITING;
    }

    /** Puts acknowledgements back that could not be written. */
    void requeueAcks(Collection<Ack> unwritten, long nowNanos) {
        acks.addAll(unwritten);
        if (!acks.isEmpty()) {
            acksDueNanos = nowNanos + Math.max(rideNanos(), StorageLimits.ACK_RETRY_NANOS);
        }
    }

    /** What is due, or all there is; null when nothing is. */
    Batch take(long nowNanos, boolean isAll) {
        if (nanosUntilDue(nowNanos) > 0 && !(isAll && !(queue.isEmpty() && acks.isEmpty()))) {
            return null;
        }
        Batch batch = new Batch(queue, acks);
        queue = new ArrayDeque<>();
        acks = new ArrayList<>();
        queueBytes = 0;
        return batch;
    }

    /** How long nothing is due; 0 when something is, {@link Long#MAX_VALUE} when nothing waits. */
    long nanosUntilDue(long nowNanos) {
        long nanos = Long.MAX_VALUE;
        if (isFailed || isBroken) {
            return nanos;
        }
        if (!queue.isEmpty()) {
            nanos = queueBytes >= settings.flash().commitBytes() ? 0 : Math.max(0, queueDueNanos - nowNanos);
        }
        if (!acks.isEmpty()) {
            boolean areMany = acks.size() >= StorageLimits.ACKS_WAITING && acksDueNanos - nowNanos <= rideNanos();
            nanos = Math.min(nanos, areMany ? 0 : Math.max(0, acksDueNanos - nowNanos));
        }
        return nanos;
    }

    /** Acknowledgements that are not durable; those of a batch that is being written are not among them. */
    int acksWaiting() {
        return acks.size();
    }

    void damaged(String line) {
        if (damage.size() < StorageLimits.DAMAGE_LINES_MAX) {
            damage.add(line);
        }
    }
}
