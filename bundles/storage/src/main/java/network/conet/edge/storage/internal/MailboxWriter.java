package network.conet.edge.storage.internal;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import network.conet.edge.api.Clock;
import network.conet.edge.api.Mailbox.Receipt;
import network.conet.edge.protocol.KeyId;
import network.conet.edge.protocol.RefuseReason;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes what is due: turns a batch into groups, completes the senders, expires, recovers after a failure and
 * prepares files ahead. One owner at a time; takes the state's monitor for short whiles only.
 */
final class MailboxWriter {
    private static final Logger LOG = LoggerFactory.getLogger(MailboxWriter.class);
    /** One free segment to roll into and one in reserve. */
    private static final int FREE_SEGMENTS_WANTED = 2;

    private final MailboxState state;
    private final MailboxLog log;
    private final Clock clock;
    private final ClockTrust trust;
    private long recoverAtNanos;
    private long recoverWaitNanos = StorageLimits.RECOVERY_WAIT_NANOS_MIN;
    private long expireAtNanos;

    MailboxWriter(MailboxState state, MailboxLog log, Clock clock) {
        this.state = state;
        this.log = log;
        this.clock = clock;
        trust = new ClockTrust(clock);
        expireAtNanos = clock.monotonicNanos();
    }

    /** Does what is due. @return nanoseconds until something is due again if nothing comes */
    long pump() {
        long now = clock.monotonicNanos();
        MailboxState.Batch batch;
        synchronized (state) {
            batch = state.take(now, false);
        }
        if (batch != null) {
            commit(batch);
        }
        if (now - expireAtNanos >= 0) {
            expire();
            expireAtNanos = now + StorageLimits.EXPIRY_CHECK_NANOS;
        }
        boolean failed;
        synchronized (state) {
            failed = state.failed;
        }
        if (failed && now - recoverAtNanos >= 0) {
            recover();
        }
        boolean more = !failed && log.pool().prepareStep(FREE_SEGMENTS_WANTED);
        long nanos;
        synchronized (state) {
            now = clock.monotonicNanos();
            nanos = more ? 0 : Math.min(state.nanosUntilDue(now), Math.max(0, expireAtNanos - now));
            return state.failed ? Math.min(nanos, Math.max(0, recoverAtNanos - now)) : nanos;
        }
    }

    /** Writes everything that waits and says on the disk that this was a clean stop. */
    void finish() throws IOException {
        MailboxState.Batch batch;
        boolean works;
        synchronized (state) {
            works = !state.failed && !state.broken;
            batch = state.take(clock.monotonicNanos(), true);
        }
        if (batch != null && works) {
            commit(batch);
        } else if (batch != null) {
            refuse(batch.messages(), RefuseReason.STOPPING);
        }
        synchronized (state) {
            works = !state.failed && !state.broken;
        }
        if (works) {
            log.closeCleanly();
        }
    }

    /** Refuses everything that waits. */
    void refuseAll(RefuseReason reason) {
        MailboxState.Batch rest;
        List<PendingMessage> all;
        synchronized (state) {
            rest = state.take(clock.monotonicNanos(), true);
            all = new ArrayList<>(state.pending.values());
            if (rest != null) {
                state.requeueAcks(rest.acks(), clock.monotonicNanos());
            }
        }
        refuse(all, reason);
    }

    private void commit(MailboxState.Batch batch) {
        try {
            dropCopies(batch.messages());
            write(batch);
        } catch (IOException failure) {
            long now = clock.monotonicNanos();
            synchronized (state) {
                state.failed = true;
                state.requeueAcks(batch.acks(), now);
            }
            recoverAtNanos = now + recoverWaitNanos;
            LOG.error("The mailbox cannot be written; new mail is refused: {}", failure.toString());
            refuseAll(RefuseReason.STORAGE_FAILED);
        }
    }

    private void write(MailboxState.Batch batch) throws IOException {
        ArrayDeque<PendingMessage> messages = batch.messages();
        ArrayDeque<GroupRecord> acks = ackRecords(batch.acks());
        while (!messages.isEmpty() || !acks.isEmpty()) {
            PendingMessage next = messages.peek();
            int bytes = next == null ? acks.peek().bytes() : next.recordBytes();
            if (!log.begin(lowWater(), bytes, next == null)) {
                if (reclaim()) {
                    continue;
                }
                if (next != null) {
                    refuse(List.of(messages.remove()), RefuseReason.MAILBOX_FULL);
                    synchronized (state) {
                        state.full = true;
                    }
                    continue;
                }
                synchronized (state) {
                    state.requeueAcks(batch.acks(), clock.monotonicNanos());
                }
                return;
            }
            writeGroup(messages, acks);
        }
    }

    private void writeGroup(ArrayDeque<PendingMessage> messages, ArrayDeque<GroupRecord> acks) throws IOException {
        long millis = clock.epochMillis();
        long seconds = Math.floorDiv(millis, 1000L);
        boolean set = ClockTrust.isSet(seconds);
        long expiry = set ? seconds + state.index.retentionSeconds() : 0;
        while (!acks.isEmpty() && log.add(acks.peek())) {
            acks.remove();
        }
        List<PendingMessage> written = new ArrayList<>();
        for (PendingMessage next = messages.peek(); next != null; next = messages.peek()) {
            if (next.item == null) {
                next.item = GroupRecord.message(log.takeSequence(), next.key.recipient().value(),
                        set ? millis : 0, expiry, next.key.hash().bytes(), next.armor);
            }
            if (!log.add(next.item)) {
                break;
            }
            written.add(messages.remove());
        }
        if (!log.hasGroup()) {
            throw new AssertionError("a group without a record");
        }
        log.commit();
        Segment segment = log.groupSegment();
        synchronized (state) {
            for (PendingMessage message : written) {
                GroupRecord item = message.item;
                state.index.add(message.key.recipient(), item.sequence, item.location,
                        message.key.hash().prefix(), segment, item.expirySeconds, set ? seconds : 0);
                state.forgetPending(message);
                state.full = false;
            }
        }
        for (PendingMessage message : written) {
            message.done.complete(new Receipt(message.item.sequence, false));
        }
    }

    /** Makes it durable that the oldest segments are dead, which frees them. Whether that freed any. */
    private boolean reclaim() throws IOException {
        long mark = lowWater();
        if (mark <= log.durableLowWater() || !log.begin(mark, RecordFormat.HEADER_BYTES, true)) {
            return false;
        }
        if (!log.hasGroup()) {
            log.add(GroupRecord.lowWater(mark));
        }
        log.commit();
        return true;
    }

    /**
     * Completes messages whose copy is stored already. Their hashes begin alike; only the stored hash decides,
     * and a stored copy that is damaged is none.
     */
    private void dropCopies(Collection<PendingMessage> messages) {
        List<PendingMessage> copies = new ArrayList<>();
        for (PendingMessage message : messages) {
            long sequence = storedCopy(message);
            if (sequence != RecentAcks.NONE) {
                copies.add(message);
                synchronized (state) {
                    state.forgetPending(message);
                }
                message.done.complete(new Receipt(sequence, true));
            }
        }
        messages.removeAll(copies);
    }

    private long storedCopy(PendingMessage message) {
        KeyId recipient = message.key.recipient();
        for (int from = 0;;) {
            long sequence;
            long location;
            synchronized (state) {
                long acked = state.recentAcks.sequenceOf(recipient, message.key.hash(), clock.monotonicNanos());
                MailboxEntries entries = state.index.mailbox(recipient);
                int at = entries == null ? -1 : entries.indexOfPrefix(message.key.hash().prefix(), from);
                if (acked != RecentAcks.NONE || at < 0) {
                    return acked;
                }
                sequence = entries.sequence(at);
                location = entries.location(at);
                from = at + 1;
            }
            if (!Location.isDamaged(location) && isStored(message, location, sequence)) {
                return sequence;
            }
        }
    }

    private boolean isStored(PendingMessage message, long location, long sequence) {
        Segment segment = log.pool().byNumber(Location.number(location));
        try {
            MailboxLog.Payload payload = MailboxLog.read(segment, segment.life, location, sequence);
            return payload != null && java.util.Arrays.equals(payload.hash(), message.key.hash().bytes());
        } catch (IOException failure) {
            LOG.warn("A stored message cannot be read, its copy is stored again: {}", failure.toString());
            return false;
        }
    }

    private ArrayDeque<GroupRecord> ackRecords(List<MailboxState.Ack> acks) {
        long millis = ClockTrust.isSet(clock.epochSeconds()) ? clock.epochMillis() : 0;
        List<MailboxState.Ack> sorted = new ArrayList<>(acks);
        sorted.sort(Comparator.comparing(MailboxState.Ack::recipient)
                .thenComparingLong(MailboxState.Ack::sequence));
        ArrayDeque<GroupRecord> records = new ArrayDeque<>();
        long[] sequences = new long[StorageLimits.ACK_BATCH_MAX];
        for (int at = 0; at < sorted.size();) {
            KeyId recipient = sorted.get(at).recipient();
            int count = 0;
            while (at < sorted.size() && count < sequences.length && sorted.get(at).recipient().equals(recipient)) {
                sequences[count++] = sorted.get(at++).sequence();
            }
            records.add(count == 1 ? GroupRecord.ack(sequences[0], recipient.value(), millis)
                    : GroupRecord.ackBatch(RecordFormat.encodeSequences(sequences, 0, count), recipient.value(),
                            millis));
        }
        return records;
    }

    private long lowWater() {
        synchronized (state) {
            return log.lowWater();
        }
    }

    private void refuse(Collection<PendingMessage> messages, RefuseReason reason) {
        synchronized (state) {
            messages.forEach(state::forgetPending);
        }
        messages.forEach(message -> message.refuse(reason));
    }

    /** Forgets the messages of segments in which all are too old, if the clock may be believed. */
    private void expire() {
        log.pool().allowGrowth();
        synchronized (state) {
            if (!trust.mayExpire(state.index.newestSeconds())) {
                return;
            }
            long now = clock.epochSeconds();
            state.index.timeKnown(now);
            for (Segment segment : log.live()) {
                segment.expirySeconds = Math.min(segment.expirySeconds, now + state.index.retentionSeconds());
                if (segment.liveMessages > 0 && segment.expirySeconds <= now) {
                    state.index.removeSegment(segment);
                }
            }
        }
    }

    /** Tries to write into another segment; nothing of the one that failed is tried again. */
    private void recover() {
        try {
            if (log.canRecover() && log.begin(lowWater(), RecordFormat.HEADER_BYTES, true)) {
                if (!log.hasGroup()) {
                    log.add(GroupRecord.lowWater(log.durableLowWater()));
                }
                log.commit();
                synchronized (state) {
                    state.failed = false;
                }
                recoverWaitNanos = StorageLimits.RECOVERY_WAIT_NANOS_MIN;
                LOG.warn("The mailbox can be written again");
                return;
            }
        } catch (IOException failure) {
            LOG.warn("The mailbox still cannot be written: {}", failure.toString());
        }
        recoverWaitNanos = Math.min(2 * recoverWaitNanos, StorageLimits.RECOVERY_WAIT_NANOS_MAX);
        recoverAtNanos = clock.monotonicNanos() + recoverWaitNanos;
    }
}
