package network.conet.edge.storage.internal;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import network.conet.edge.api.Clock;
import network.conet.edge.api.Counter;
import network.conet.edge.api.Counters;
import network.conet.edge.storage.internal.log.GroupRecord;
import network.conet.edge.storage.internal.log.LogLimits;
import network.conet.edge.storage.internal.log.Place;
import network.conet.edge.storage.internal.log.RecordFormat;
import network.conet.edge.storage.internal.log.Scanned;
import network.conet.edge.storage.internal.log.Segment;
import network.conet.edge.storage.internal.log.SegmentLog;
import network.conet.edge.storage.internal.wear.WearBudget;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes room: copies what is still wanted out of the oldest segments, one group at a time, so that they can be used
 * again. A copy is an ordinary record with the same content and number; the old one counts until the copy is durable.
 * Owned by the writer.
 *
 * <p>Which segments: as many of the oldest as together hold little that is wanted, measured in room. One full segment
 * in front of many dead ones is copied too: it stands in their way.
 */
final class Compactor {
    private static final Logger LOG = LoggerFactory.getLogger(Compactor.class);
    /** Padding of the last group of a segment's copies; that of the others is less than a sixteenth of their bytes. */
    private static final int COPY_BYTES_MORE = LogLimits.ALIGNMENT_BYTES_MAX;
    /** So many segments must be written, or half of one be given up, before all is copied again under pressure. */
    private static final int ROUND_SEGMENTS = 4;

    private final StorageState state;
    private final SegmentLog log;
    private final Counters counters;
    private final Clock clock;
    private Segment segment;
    private long generation;
    /** The segment that could not be read lately, until when it is left alone, and how often that was so. */
    private long blockedGeneration;
    private long blockedUntilNanos;
    private int attempts;
    private final ArrayDeque<Scanned> rest = new ArrayDeque<>();
    /** Under pressure, segments of later generations are not copied: they are copies of this round themselves. */
    private long roundThrough;
    private boolean isRoundOver = true;
    /** When the round ended: the generation that was written then, and what was wanted up to it. */
    private long endedAt = -ROUND_SEGMENTS;
    private long wantedAtEnd;

    Compactor(StorageState state, SegmentLog log, StorageParts parts) {
        this.state = state;
        this.log = log;
        counters = parts.counters();
        clock = parts.clock();
    }

    /** Copies one group if segments are few and that is cheap; whether it did. */
    boolean step() throws IOException {
        boolean mayWrite;
        synchronized (state) {
            mayWrite = state.wearLevel != WearBudget.Level.SPENT;
        }
        return mayWrite && log.freeSegments() + freeable() <= StorageLimits.FREE_SEGMENTS_WANTED
                && copyOneGroup(choose(StorageLimits.COMPACT_SHARE_IDLE, Long.MAX_VALUE));
    }

    /**
     * Frees what is dead, or copies one group to make more dead, even where that is dear; whether it did anything.
     * Goes through the segments once, then not again before that promises more: messages of an unlucky size leave the
     * same gap in every segment, and copying them would go on for ever.
     */
    boolean makeRoom() throws IOException {
        if (free()) {
            return true;
        }
        if (isRoundOver && !log.live().isEmpty()) {
            boolean isWorthIt = log.generations() - endedAt >= ROUND_SEGMENTS
                    || 2 * (wantedAtEnd - wantedThrough(endedAt)) >= log.live().get(0).bytes();
            if (!isWorthIt) {
                return false;
            }
            isRoundOver = false;
            roundThrough = log.generations();
        }
        Segment oldest = choose(StorageLimits.COMPACT_SHARE_PRESSED, roundThrough);
        if (oldest == null) {
            isRoundOver = true;
            endedAt = log.generations();
            wantedAtEnd = wantedThrough(endedAt);
        }
        return copyOneGroup(oldest);
    }

    private long wantedThrough(long last) {
        synchronized (state) {
            return log.live().stream().filter(live -> live.generation() <= last).mapToLong(live -> live.use().bytes)
                    .sum();
        }
    }

    /** Copies everything that is wanted to the end of the log, oldest first; for an operator who asks. */
    void all() throws IOException {
        long last = log.generations();
        boolean hasMore = true;
        while (hasMore) {
            List<Segment> old;
            synchronized (state) {
                old = log.live().stream().filter(live -> live.generation() <= last && live.use().records > 0
                        && !log.isActive(live)).toList();
            }
            hasMore = !old.isEmpty() && hasRoomFor(old.get(0)) && copyGroupOf(old.get(0));
            if (!hasMore || log.freeSegments() <= StorageLimits.FREE_SEGMENTS_WANTED) {
                free();
            }
        }
    }

    /** Makes it durable that the oldest segments are dead, which frees them. Whether that freed any. */
    private boolean free() throws IOException {
        long mark;
        synchronized (state) {
            mark = log.lowWater();
        }
        if (mark <= log.durableLowWater() || !log.begin(mark, RecordFormat.HEADER_BYTES, SegmentLog.Reserve.MAKERS)) {
            return false;
        }
        if (!log.hasGroup()) {
            log.add(GroupRecord.lowWater(mark));
        }
        log.commit();
        return true;
    }

    /** Segments that the next group's mark will free. */
    private int freeable() {
        int count = 0;
        synchronized (state) {
            long mark = log.lowWater();
            while (count < log.live().size() && log.live().get(count).generation() < mark) {
                count++;
            }
        }
        return count;
    }

    private boolean copyOneGroup(Segment oldest) throws IOException {
        return oldest != null && hasRoomFor(oldest) && copyGroupOf(oldest);
    }

    /** The oldest segment that holds something, if it is worth to copy it; null when it is not. */
    private Segment choose(double shareMax, long last) {
        synchronized (state) {
            long wanted = 0;
            long room = 0;
            Segment first = null;
            for (Segment live : log.live()) {
                if (log.isActive(live) || live.generation() > last) {
                    return null;
                }
                if (first == null && live.use().records == 0) {
                    continue; // dead already: free, and no reason to copy what is behind it
                }
                first = first == null ? live : first;
                wanted += live.use().bytes;
                room += live.bytes();
                if (wanted <= shareMax * room) {
                    return first;
                }
            }
            return null;
        }
    }

    /** A copy that does not fit would use up the reserve and free nothing. */
    private boolean hasRoomFor(Segment source) {
        long bytes;
        synchronized (state) {
            bytes = source.use().bytes;
        }
        return bytes + bytes / 16 + COPY_BYTES_MORE <= log.roomBytes();
    }

    private boolean copyGroupOf(Segment source) throws IOException {
        boolean isDone = false;
        boolean isSame = source.generation() == blockedGeneration;
        if (isSame && clock.monotonicNanos() - blockedUntilNanos < 0) {
            return false;
        }
        attempts = isSame ? attempts : 0;
        try {
            boolean hasCopied = tryCopyGroupOf(source);
            isDone = true;
            return hasCopied;
        } catch (UnreadableException bad) {
            LOG.warn("Mailbox: {} cannot be read: {}", source.name(), bad.getCause().toString());
            blockedGeneration = source.generation();
            blockedUntilNanos = clock.monotonicNanos() + StorageLimits.UNREADABLE_WAIT_NANOS;
            attempts++;
            return false;
        } finally {
            if (!isDone) {
                segment = null; // what was taken off the list is not copied; begin again
            }
        }
    }

    private boolean tryCopyGroupOf(Segment source) throws IOException, UnreadableException {
        if (source != segment || source.generation() != generation) {
            segment = source;
            generation = source.generation();
            rest.clear();
            log.read(source, this::remember);
        }
        List<Copy> copies = new ArrayList<>();
        UnreadableException unreadable = null;
        boolean hasGroup = false;
        while (!rest.isEmpty()) {
            Copy copy;
            try {
                copy = copyOf(rest.peek());
            } catch (UnreadableException bad) {
                unreadable = bad; // what was copied before is still worth writing
                break;
            }
            if (copy == null) {
                rest.remove();
                continue;
            }
            if (!hasGroup && !log.begin(lowWater(), copy.record.bytes(), SegmentLog.Reserve.MAKERS)) {
                return false;
            }
            hasGroup = true;
            if (!log.add(copy.record)) {
                break;
            }
            copies.add(copy);
            rest.remove();
        }
        if (!copies.isEmpty()) {
            log.commit();
            counters.add(Counter.STORAGE_RECORDS_MOVED, copies.size());
            synchronized (state) {
                copies.forEach(copy -> state.ownerOf(copy.scanned.type())
                        .moved(copy.scanned, copy.scanned.location(source), copy.record.location(),
                                copy.expirySeconds));
            }
        } else if (hasGroup) {
            throw new AssertionError("a group that was begun took nothing");
        }
        if (unreadable != null) {
            throw unreadable;
        }
        if (rest.isEmpty()) {
            dropUnseen(source);
            segment = null;
        }
        return true;
    }

    /** A medium that does not read what it holds may do so later: the segment is left alone for a while. */
    private static final class UnreadableException extends Exception {
        private static final long serialVersionUID = 1L;

        UnreadableException(IOException cause) {
            super(cause);
        }
    }

    /** A record and its copy. */
    private record Copy(Scanned scanned, GroupRecord record, long expirySeconds) {}

    private void remember(Scanned scanned) {
        synchronized (state) {
            RecordOwner owner = state.ownerOf(scanned.type());
            if (owner != null && owner.wants(scanned, scanned.location(segment))) {
                rest.add(scanned);
            }
        }
    }

    /** The copy to write; null when the record is not wanted any more, or cannot be read. */
    private Copy copyOf(Scanned scanned) throws UnreadableException {
        long location = scanned.location(segment);
        RecordOwner owner = state.ownerOf(scanned.type());
        Place place;
        long expirySeconds = scanned.expirySeconds();
        synchronized (state) {
            if (!owner.wants(scanned, location)) {
                return null;
            }
            if (state.isExpired(scanned)) {
                owner.lost(scanned, location); // nobody misses it: a copy would only live longer
                counters.add(Counter.STORAGE_MESSAGES_EXPIRED, 1);
                return null;
            }
            place = state.live.place(location);
            if (scanned.type() == RecordFormat.MESSAGE) {
                expirySeconds = state.mailboxes.expiryOfCopy(scanned, segment);
            }
        }
        byte[] payload = null;
        try {
            payload = place.payload(scanned.type(), scanned.sequence());
        } catch (IOException unreadable) {
            if (attempts < StorageLimits.UNREADABLE_ATTEMPTS) {
                throw new UnreadableException(unreadable);
            }
        }
        if (payload != null) {
            return new Copy(scanned, GroupRecord.moved(scanned, payload, expirySeconds), expirySeconds);
        }
        synchronized (state) {
            if (owner.wants(scanned, location)) {
                lost(owner.lost(scanned, location));
            }
        }
        return null;
    }

    /** What the segment should hold and does not: its record cannot even be found. */
    private void dropUnseen(Segment source) {
        synchronized (state) {
            if (source.generation() == generation && source.use().records > 0) {
                lost(source.use().records + " record(s) in " + source.name());
                state.recordOwners().forEach(owner -> owner.forgetAll(source));
            }
        }
    }

    private void lost(String what) {
        counters.add(Counter.STORAGE_RECORDS_DAMAGED, 1);
        state.damaged(what + " is damaged and lost");
        LOG.warn("Mailbox: {} is damaged and lost", what);
    }

    private long lowWater() {
        synchronized (state) {
            return log.lowWater();
        }
    }
}
