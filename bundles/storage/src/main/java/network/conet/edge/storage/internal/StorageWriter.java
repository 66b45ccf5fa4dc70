package network.conet.edge.storage.internal;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.storage.internal.log.GroupRecord;
import network.conet.edge.storage.internal.log.Place;
import network.conet.edge.storage.internal.log.RecordFormat;
import network.conet.edge.storage.internal.log.SegmentLog;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns a batch into groups and tells who waits. One owner at a time; takes the state's monitor for short whiles
 * only.
 */
final class StorageWriter {
    private static final Logger LOG = LoggerFactory.getLogger(StorageWriter.class);

    private final StorageState state;
    private final SegmentLog log;
    private final StorageParts parts;
    private final Compactor compactor;

    StorageWriter(StorageState state, SegmentLog log, StorageParts parts, Compactor compactor) {
        this.state = state;
        this.log = log;
        this.parts = parts;
        this.compactor = compactor;
    }

    /**
     * Writes a batch, or refuses what finds no room.
     *
     * @throws IOException the medium failed; what was not durable is refused, acknowledgements wait on
     */
    void commit(StorageState.Batch batch) throws IOException {
        dropCopies(batch.writes());
        try {
            write(batch);
        } catch (IOException failure) {
            synchronized (state) {
                state.isFailed = true;
                state.requeueAcks(batch.acks(), parts.clock().monotonicNanos());
            }
            refuse(new ArrayList<>(batch.writes()), RefuseReason.STORAGE_FAILED);
            refuseAll(RefuseReason.STORAGE_FAILED);
            throw failure;
        }
    }

    /** Refuses everything that waits. */
    void refuseAll(RefuseReason reason) {
        StorageState.Batch rest;
        synchronized (state) {
            rest = state.take(parts.clock().monotonicNanos(), true);
            if (rest != null) {
                state.requeueAcks(rest.acks(), parts.clock().monotonicNanos());
            }
        }
        if (rest != null) {
            refuse(rest.writes(), reason);
        }
    }

    /** Refuses these. */
    void refuse(Collection<PendingWrite> writes, RefuseReason reason) {
        synchronized (state) {
            writes.forEach(state::dropped);
        }
        writes.forEach(write -> write.refuse(reason));
    }

    private void write(StorageState.Batch batch) throws IOException {
        ArrayDeque<PendingWrite> writes = batch.writes();
        ArrayDeque<GroupRecord> acks = ackRecords(batch.acks());
        while (!writes.isEmpty() || !acks.isEmpty()) {
            PendingWrite next = writes.peek();
            int bytes = next == null ? acks.peek().bytes() : next.recordBytes();
            boolean isFreeing = next == null || next.makesRoom();
            if (log.begin(lowWater(), bytes, isFreeing ? SegmentLog.Reserve.ACKS : SegmentLog.Reserve.USERS)) {
                writeGroup(writes, acks, isFreeing);
            } else if (!compactor.makeRoom()) {
                if (next == null) {
                    synchronized (state) {
                        state.requeueAcks(batch.acks(), parts.clock().monotonicNanos());
                    }
                    return;
                }
                refuse(List.of(writes.remove()), RefuseReason.STORAGE_FULL);
                synchronized (state) {
                    state.isFull = true;
                }
            }
        }
    }

    /** @param isReserved whether the group may stand in the reserve, which takes only what makes room */
    private void writeGroup(ArrayDeque<PendingWrite> writes, ArrayDeque<GroupRecord> acks, boolean isReserved)
            throws IOException {
        long millis = parts.clock().epochMillis();
        long setMillis = ClockTrust.isSet(Math.floorDiv(millis, 1000L)) ? millis : 0;
        PendingWrite first = writes.peek();
        // The write that the group was begun for comes first: it was promised its room.
        List<PendingWrite> written = new ArrayList<>();
        if (first != null && first.addTo(log, setMillis)) {
            written.add(writes.remove());
        }
        while (!acks.isEmpty() && log.add(acks.peek())) {
            acks.remove();
        }
        while (!writes.isEmpty() && (!isReserved || writes.peek().makesRoom())
                && writes.peek().addTo(log, setMillis)) {
            written.add(writes.remove());
        }
        try {
            log.commit();
        } catch (IOException failure) {
            for (int i = written.size() - 1; i >= 0; i--) {
                writes.addFirst(written.get(i));
            }
            throw failure;
        }
        synchronized (state) {
            written.forEach(state::stored);
            state.isFull = state.isFull && written.isEmpty();
        }
        written.forEach(PendingWrite::complete);
    }

    /**
     * Completes messages whose copy is stored already. Their hashes begin alike; only the stored hash decides,
     * and a stored copy that is damaged is none.
     */
    private void dropCopies(Collection<PendingWrite> writes) {
        List<PendingWrite> copies = new ArrayList<>();
        for (PendingWrite write : writes) {
            long sequence = write instanceof PendingMessage message ? storedCopy(message) : RecentAcks.NONE;
            if (sequence != RecentAcks.NONE) {
                copies.add(write);
                synchronized (state) {
                    state.dropped(write);
                }
                ((PendingMessage) write).completeAsCopy(sequence);
            }
        }
        writes.removeAll(copies);
    }

    private long storedCopy(PendingMessage message) {
        long mailbox = message.key.mailbox();
        for (long sequence = 0;;) {
            Place place;
            synchronized (state) {
                long acked = state.recentAcks.sequenceOf(mailbox, message.key.hash(),
                        parts.clock().monotonicNanos());
                sequence = state.mailboxes.index().nextOfHash(mailbox, message.key.hash().prefix(), sequence);
                if (acked != RecentAcks.NONE || sequence == 0) {
                    return acked;
                }
                place = state.live.place(state.mailboxes.index().location(mailbox, sequence));
            }
            if (isStored(message, place, sequence)) {
                return sequence;
            }
        }
    }

    private static boolean isStored(PendingMessage message, Place place, long sequence) {
        try {
            Place.Message stored = place.message(sequence);
            return stored != null && Arrays.equals(stored.hash(), message.key.hash().bytes());
        } catch (IOException failure) {
            LOG.warn("A stored message cannot be read, its copy is stored again: {}", failure.toString());
            return false;
        }
    }

    private ArrayDeque<GroupRecord> ackRecords(List<StorageState.Ack> acks) {
        long millis = ClockTrust.isSet(parts.clock().epochSeconds()) ? parts.clock().epochMillis() : 0;
        List<StorageState.Ack> sorted = new ArrayList<>(acks);
        sorted.sort(Comparator.comparingLong(StorageState.Ack::mailbox)
                .thenComparingLong(StorageState.Ack::sequence));
        ArrayDeque<GroupRecord> records = new ArrayDeque<>();
        for (int from = 0; from < sorted.size();) {
            int count = Math.min(RecordFormat.ACKS_MAX, sorted.size() - from);
            List<StorageState.Ack> part = sorted.subList(from, from + count);
            from += count;
            records.add(count == 1 ? GroupRecord.ack(part.get(0).sequence(), part.get(0).mailbox(), millis)
                    : GroupRecord.acks(RecordFormat.encodeAcks(
                            part.stream().mapToLong(StorageState.Ack::mailbox).toArray(),
                            part.stream().mapToLong(StorageState.Ack::sequence).toArray(), count), millis));
        }
        return records;
    }

    private long lowWater() {
        synchronized (state) {
            return log.lowWater();
        }
    }
}
