package network.conet.edge.storage.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.zip.CRC32C;
import network.conet.edge.api.Counter;
import network.conet.edge.api.Counters;

/**
 * The log itself: groups of records, each forced once, in segments that are used again oldest first.
 * Synchronous and without threads; one owner at a time. Only {@link #read} may be called by others.
 *
 * <p>Rules that crash tests taught:
 * <ul>
 * <li>segments are freed oldest first, and used again only after the mark that says so is durable;
 * <li>nothing is written behind a torn tail: after an unclean stop, and after a failed force, writing goes on
 *     in another segment, whose first group says where the earlier one ends;
 * <li>a force that failed is not tried again: the system may have dropped the pages and answer with success;
 * <li>messages leave one segment free, so that acknowledgements can always make room.
 * </ul>
 */
final class MailboxLog {
    private final MailboxSettings settings;
    private final RandomGenerator random;
    private final Counters counters;
    private final SegmentPool pool;
    private final ByteBuffer buffer;
    /** The buffer is written when it holds so much; what is behind takes header and padding. */
    private final int fullBytes;
    private final CRC32C crc = new CRC32C();
    private final ByteBuffer scratch = ByteBuffer.allocate(3 * Long.BYTES);
    private final ByteBuffer header = ByteBuffer.allocate(RecordFormat.HEADER_BYTES);

    /** Oldest first; the active one is the last. */
    private final List<Segment> live = new ArrayList<>();
    private final List<Unsealed> unsealed = new ArrayList<>();
    private final List<GroupRecord> group = new ArrayList<>();
    private Segment active;
    private long position;
    private long durableLowWater;
    private long nextGeneration;
    private long nextSequence;
    private boolean closedAtEnd;

    private boolean freshSegment;
    private long groupLowWater;
    private long groupStart;
    private long groupEnd;

    /** A segment whose end no other segment tells yet. */
    record Unsealed(long generation, long end) {}

    /** What {@link LogOpener} found on the disk. */
    record Found(List<Segment> live, List<Unsealed> unsealed, Segment active, long position, long lowWater,
            long nextGeneration, long nextSequence) {}

    MailboxLog(MailboxSettings settings, RandomGenerator random, Counters counters, SegmentPool pool,
            ByteBuffer buffer, Found found) {
        this.settings = settings;
        this.random = random;
        this.counters = counters;
        this.pool = pool;
        this.buffer = buffer;
        fullBytes = buffer.capacity() - 2 * StorageLimits.ALIGNMENT_BYTES;
        live.addAll(found.live());
        unsealed.addAll(found.unsealed());
        active = found.active();
        position = found.position();
        durableLowWater = found.lowWater();
        nextGeneration = found.nextGeneration();
        nextSequence = found.nextSequence();
        closedAtEnd = active != null;
    }

    /** The number that the next message gets; numbers of failed groups are not used again. */
    long takeSequence() {
        return nextSequence++;
    }

    /** Lives that segments have had so far. */
    long generations() {
        return nextGeneration - 1;
    }

    /** Segments in use, oldest first. */
    List<Segment> live() {
        return live;
    }

    boolean isActive(Segment segment) {
        return segment == active;
    }

    SegmentPool pool() {
        return pool;
    }

    /** Below this generation everything is dead, and the disk knows it. */
    long durableLowWater() {
        return durableLowWater;
    }

    /**
     * The mark that the next group may carry: every segment before it is without live messages. To be called
     * under the monitor that guards the counts.
     */
    long lowWater() {
        long mark = durableLowWater;
        for (Segment segment : live) {
            if (segment == active || segment.liveMessages > 0) {
                break;
            }
            mark = Math.max(mark, segment.life.generation() + 1);
        }
        return mark;
    }

    /**
     * Begins a group.
     *
     * @param lowWater from {@link #lowWater()}
     * @param bytes of its first record
     * @param reserve whether it may use the last free segment: only for what makes room
     * @return whether there is room; nothing was written yet in either case
     */
    boolean begin(long lowWater, int bytes, boolean reserve) {
        group.clear();
        if (!reserve && !pool.canGive(1)) {
            return false;
        }
        int marks = lowWater > durableLowWater ? RecordFormat.HEADER_BYTES : 0;
        boolean fits = freshSegment || active != null && unsealed.isEmpty()
                && position + marks + bytes <= settings.segmentBytes()
                && active.life.bytes() == settings.segmentBytes();
        if (!fits && !roll(reserve)) {
            return false;
        }
        groupLowWater = lowWater;
        groupStart = position;
        groupEnd = freshSegment ? SegmentHeader.BYTES : position;
        if (freshSegment) {
            for (Unsealed end : unsealed) {
                add(GroupRecord.seal(end.generation(), end.end()));
            }
        } else if (lowWater > durableLowWater) {
            add(GroupRecord.lowWater(lowWater));
        }
        return true;
    }

    /** Adds a record to the group; false when it does not fit any more. */
    boolean add(GroupRecord item) {
        boolean fits = groupEnd + item.bytes() <= settings.segmentBytes();
        boolean wanted = group.isEmpty() || groupEnd - groupStart + item.bytes() <= StorageLimits.GROUP_BYTES_MAX
                || group.get(group.size() - 1).type != RecordFormat.MESSAGE;
        if (!fits || !wanted) {
            return false;
        }
        item.location = Location.of(active.number, groupEnd, item.payloadBytes());
        groupEnd += item.bytes();
        group.add(item);
        return true;
    }

    /** Whether the group has any record. */
    boolean hasGroup() {
        return !group.isEmpty();
    }

    /** The segment of the group. */
    Segment groupSegment() {
        return active;
    }

    /**
     * Writes the group and forces it. When it returns, all of it is durable and dead segments are free.
     *
     * @throws IOException nothing of the group counts; the segment is left, see {@link #failed}
     */
    void commit() throws IOException {
        try {
            writeGroup();
            counters.add(Counter.STORAGE_FORCES, 1);
            active.file.force();
        } catch (IOException failure) {
            failed();
            throw failure;
        }
        closedAtEnd = group.get(group.size() - 1).type == RecordFormat.CLOSED;
        position = StorageLimits.alignUp(groupEnd, StorageLimits.ALIGNMENT_BYTES);
        if (freshSegment) {
            unsealed.clear();
            freshSegment = false;
        }
        if (groupLowWater > durableLowWater) {
            durableLowWater = groupLowWater;
            while (live.get(0).life.generation() < durableLowWater) {
                pool.release(live.remove(0));
            }
        }
    }

    /** Says on the disk that writing stopped here, unless it is said already or there is no room to. */
    void closeCleanly() throws IOException {
        if (active != null && !closedAtEnd && !freshSegment
                && position + RecordFormat.HEADER_BYTES <= settings.segmentBytes()
                && begin(durableLowWater, RecordFormat.HEADER_BYTES, true)) {
            add(GroupRecord.closed());
            commit();
        }
    }

    /** Whether an attempt to go on after a failure can be made at all. */
    boolean canRecover() {
        return unsealed.size() < StorageLimits.UNSEALED_MAX && pool.canGive(1);
    }

    private boolean roll(boolean reserve) {
        if (!pool.ensureFree(reserve ? 1 : 2) || unsealed.size() >= StorageLimits.UNSEALED_MAX) {
            return false;
        }
        if (active != null) {
            unsealed.add(new Unsealed(active.life.generation(), position));
        }
        active = pool.take();
        active.life = new Segment.Life(nextGeneration++, random.nextLong(), settings.segmentBytes(),
                StorageLimits.ALIGNMENT_BYTES);
        live.add(active);
        position = 0;
        freshSegment = true;
        return true;
    }

    /**
     * Leaves the segment. What of the group reached the disk is cut off by the end mark in the next segment;
     * a segment that held only this group is free again at once, because its next life has another header.
     */
    private void failed() {
        Segment left = active;
        active = null;
        closedAtEnd = false;
        unsealed.add(new Unsealed(left.life.generation(), freshSegment ? SegmentHeader.BYTES : groupStart));
        if (freshSegment) {
            freshSegment = false;
            live.remove(left);
            pool.release(left);
        }
    }

    private void writeGroup() throws IOException {
        buffer.clear();
        long written = groupStart;
        if (freshSegment) {
            new SegmentHeader(active.life.generation(), groupLowWater, settings.segmentBytes(),
                    StorageLimits.ALIGNMENT_BYTES, active.life.salt(), nextSequence).writeTo(buffer);
        }
        for (int i = 0; i < group.size(); i++) {
            GroupRecord item = group.get(i);
            int flags = (i == 0 ? RecordFormat.FLAG_FIRST : 0)
                    | (i == group.size() - 1 ? RecordFormat.FLAG_LAST : 0);
            encodeHeader(item, (byte) flags);
            written = put(header.array(), written);
            written = put(item.head, written);
            written = put(item.body, written);
        }
        long end = StorageLimits.alignUp(groupEnd, StorageLimits.ALIGNMENT_BYTES);
        while (written + buffer.position() < end) {
            buffer.put((byte) 0);
        }
        flush(written);
    }

    private void encodeHeader(GroupRecord item, byte flags) {
        header.putInt(RecordFormat.LENGTH_OFFSET, item.payloadBytes()).put(RecordFormat.TYPE_OFFSET, item.type)
                .put(RecordFormat.FLAGS_OFFSET, flags).putShort(RecordFormat.CLASS_OFFSET, (short) 0)
                .putInt(RecordFormat.EXPIRY_OFFSET, (int) item.expirySeconds)
                .putLong(RecordFormat.SEQUENCE_OFFSET, item.sequence).putLong(RecordFormat.KEY_OFFSET, item.key)
                .putLong(RecordFormat.TIME_OFFSET, item.timeMillis);
        RecordFormat.seed(crc, scratch, active.life.salt(), active.life.generation(),
                Location.offset(item.location));
        crc.update(header.array(), RecordFormat.LENGTH_OFFSET,
                RecordFormat.HEADER_BYTES - RecordFormat.LENGTH_OFFSET);
        crc.update(item.head);
        crc.update(item.body);
        header.putInt(0, (int) crc.getValue());
    }

    /** Appends bytes to the buffer, writing it out whenever it is full; the offset of the buffer's begin. */
    private long put(byte[] bytes, long written) throws IOException {
        long at = written;
        int done = 0;
        while (done < bytes.length) {
            int part = Math.min(bytes.length - done, fullBytes - buffer.position());
            buffer.put(bytes, done, part);
            done += part;
            if (buffer.position() == fullBytes) {
                at = flush(at);
            }
        }
        return at;
    }

    private long flush(long at) throws IOException {
        buffer.flip();
        int count = buffer.remaining();
        if (count > 0) {
            counters.add(Counter.STORAGE_BYTES_WRITTEN, count);
            active.file.write(buffer, at);
        }
        buffer.clear();
        return at + count;
    }

    /**
     * Reads a message and checks it against its checksum and against what the index says of it. May be called
     * by any thread, while the segment is written and even while it begins another life.
     *
     * @return the payload's two parts, or null when the record there is not this one
     * @throws IOException when the disk cannot be read
     */
    static Payload read(Segment segment, Segment.Life life, long location, long sequence) throws IOException {
        int length = Location.length(location);
        long offset = Location.offset(location);
        ByteBuffer front = ByteBuffer.allocate(RecordFormat.HEADER_BYTES + Payload.HASH_BYTES);
        byte[] armor = new byte[length - Payload.HASH_BYTES];
        if (segment.file.read(front, offset) < front.capacity()
                || segment.file.read(ByteBuffer.wrap(armor), offset + front.capacity()) < armor.length) {
            return null;
        }
        CRC32C crc = new CRC32C();
        RecordFormat.seed(crc, ByteBuffer.allocate(3 * Long.BYTES), life.salt(), life.generation(), offset);
        crc.update(front.array(), RecordFormat.LENGTH_OFFSET, front.capacity() - RecordFormat.LENGTH_OFFSET);
        crc.update(armor);
        boolean right = front.getInt(0) == (int) crc.getValue()
                && front.getInt(RecordFormat.LENGTH_OFFSET) == length
                && front.getLong(RecordFormat.SEQUENCE_OFFSET) == sequence;
        return right ? new Payload(front.array(), armor) : null;
    }

    /** @param front header and hash of the record */
    record Payload(byte[] front, byte[] armor) {
        static final int HASH_BYTES = network.conet.edge.protocol.Hash256.BYTES;

        byte[] hash() {
            return java.util.Arrays.copyOfRange(front, RecordFormat.HEADER_BYTES, front.length);
        }
    }
}
