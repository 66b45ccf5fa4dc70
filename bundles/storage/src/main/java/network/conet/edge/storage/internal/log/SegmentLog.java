package network.conet.edge.storage.internal.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.zip.CRC32C;
import network.conet.edge.api.Counter;
import network.conet.edge.api.Counters;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The log itself: groups of records, each forced once, in segments that are used again oldest first.
 * Synchronous and without threads; one owner at a time.
 *
 * <p>Rules that crash tests taught:
 * <ul>
 * <li>segments are freed oldest first, and used again only after the mark that says so is durable;
 * <li>nothing is written behind a torn tail: after an unclean stop, and after a failed force, writing goes on
 *     in another segment, whose first group says where the earlier one ends;
 * <li>a force that failed is not tried again: the system may have dropped the pages and answer with success;
 * <li>users leave two segments free and acknowledgements one, so that copies can make room and a failed segment can
 *     be left; and where no segment is free, one page is left for the mark that frees some.
 * </ul>
 */
public final class SegmentLog {
    private static final Logger LOG = LoggerFactory.getLogger(SegmentLog.class);

    private final LogSettings settings;
    private final StorageKey key;
    private final RandomGenerator random;
    private final Counters counters;
    private final SegmentPool pool;
    private final ByteBuffer buffer;
    /** The buffer is written when it holds so much; what is behind takes header and padding. */
    private final int fullBytes;
    private final CRC32C crc = new CRC32C();
    private final ByteBuffer scratch = ByteBuffer.allocate(3 * Long.BYTES);
    private final ByteBuffer header = ByteBuffer.allocate(RecordFormat.HEADER_BYTES);
    private final byte[] maskedScratch = new byte[LogLimits.SCRATCH_BYTES];

    /** Who begins a group, and so how many segments must stay free when it takes another one. */
    public enum Reserve {
        /** What makes room: marks, copies that will be complete, and the first group after a failure. */
        MAKERS(0),
        /** Acknowledgements, which make room only when they let the mark rise. */
        ACKS(1),
        /** What takes room. */
        USERS(2);

        private final int segments;

        Reserve(int segments) {
            this.segments = segments;
        }
    }

    /** Oldest first; the active one is the last. */
    private final List<Segment> live = new ArrayList<>();
    private final List<Unsealed> unsealed = new ArrayList<>();
    private final List<GroupRecord> group = new ArrayList<>();
    private final Footer footer;
    private Segment active;
    private long position;
    private long durableLowWater;
    private long nextGeneration;
    private long nextSequence;
    private boolean isClosedAtEnd;

    private boolean isFreshSegment;
    private long groupLowWater;
    private long groupStart;
    private long groupEnd;

    /** A segment whose end no other segment tells yet. */
    record Unsealed(long generation, long end, boolean hasFooter) {}

    /** What {@link LogOpener} found on the disk; {@code footer} is the index of the active segment so far. */
    record Found(List<Segment> live, List<Unsealed> unsealed, Segment active, long position, Footer footer,
            long lowWater, long nextGeneration, long nextSequence) {}

    SegmentLog(LogSettings settings, StorageKey key, RandomGenerator random, Counters counters, SegmentPool pool,
            ByteBuffer buffer, Found found) {
        this.settings = settings;
        this.key = key;
        this.random = random;
        this.counters = counters;
        this.pool = pool;
        this.buffer = buffer;
        fullBytes = buffer.capacity() - 2 * LogLimits.ALIGNMENT_BYTES_MAX;
        live.addAll(found.live());
        unsealed.addAll(found.unsealed());
        active = found.active();
        position = found.position();
        footer = found.footer();
        durableLowWater = found.lowWater();
        nextGeneration = found.nextGeneration();
        nextSequence = found.nextSequence();
        isClosedAtEnd = active != null;
    }

    /** The number that the next record gets; numbers of failed groups are not used again. */
    public long takeSequence() {
        return nextSequence++;
    }

    /** Lives that segments have had so far. */
    public long generations() {
        return nextGeneration - 1;
    }

    /** Segments in use, oldest first. */
    public List<Segment> live() {
        return live;
    }

    /** Whether groups are being written into this segment. */
    public boolean isActive(Segment segment) {
        return segment == active;
    }

    /** The files. */
    public SegmentPool pool() {
        return pool;
    }

    /** Below this generation everything is dead, and the disk knows it. */
    public long durableLowWater() {
        return durableLowWater;
    }

    /** Bytes that copies can surely take while no segment is freed: in the active segment, or else in others. */
    public long roomBytes() {
        long rest = active == null || isFreshSegment ? 0 : settings.segmentBytes() - position - tailRoom(0, false);
        return Math.max(rest, pool.available() * (long) settings.flash().roomBytes() - alignment());
    }

    /** Files that are free or may still be made. */
    public int freeSegments() {
        return pool.available();
    }

    /**
     * The mark that the next group may carry: every segment before it holds nothing that is wanted. To be called
     * under the monitor that guards the counts.
     */
    public long lowWater() {
        long mark = durableLowWater;
        for (Segment segment : live) {
            if (segment == active || segment.use().records > 0) {
                break;
            }
            mark = Math.max(mark, segment.generation() + 1);
        }
        return mark;
    }

    /**
     * Begins a group; may end a segment, which writes its index.
     *
     * @param lowWater from {@link #lowWater()}
     * @param bytes of its first record
     * @param reserve who begins it
     * @return whether there is room; nothing of the group was written yet in either case
     */
    public boolean begin(long lowWater, int bytes, Reserve reserve) {
        group.clear();
        boolean isRising = lowWater > durableLowWater;
        Reserve left = reserve == Reserve.ACKS && isRising ? Reserve.MAKERS : reserve;
        if (left != Reserve.MAKERS && !pool.canGive(1)) {
            return false;
        }
        int marks = isRising ? RecordFormat.HEADER_BYTES : 0;
        long endWithTail = LogLimits.alignUp(position + marks + bytes, alignment()) + tailRoom(bytes, isRising);
        boolean fits = isFreshSegment || active != null && endWithTail <= settings.segmentBytes()
                && active.bytes() == settings.segmentBytes() && active.life().alignment() == alignment()
                && active.isMasked();
        boolean isLast = pool.available() == 1 && !isRising;
        if (!fits && (isLast && bytes > settings.flash().roomBytes() - 2 * alignment() || !roll(left))) {
            return false;
        }
        groupLowWater = lowWater;
        groupStart = position;
        groupEnd = isFreshSegment ? SegmentHeader.BYTES : position;
        if (isFreshSegment) {
            for (Unsealed end : unsealed) {
                append(GroupRecord.seal(end.generation(), end.end(), end.hasFooter()));
            }
        } else if (lowWater > durableLowWater) {
            append(GroupRecord.lowWater(lowWater));
        }
        return true;
    }

    /** Adds a record to the group; false when it does not fit any more. */
    public boolean add(GroupRecord item) {
        if (!fits(item.bytes(), item.payloadBytes())) {
            return false;
        }
        append(item);
        return true;
    }

    /** Adds two records, or none when they do not fit together. */
    public boolean add(GroupRecord item, GroupRecord companion) {
        if (!fits(item.bytes() + companion.bytes(), item.payloadBytes() + companion.payloadBytes())) {
            return false;
        }
        append(item);
        append(companion);
        return true;
    }

    private boolean fits(int bytes, int payloadBytes) {
        boolean isFirst = group.isEmpty() || group.get(group.size() - 1).type == RecordFormat.SEAL
                || group.get(group.size() - 1).type == RecordFormat.LOW_WATER;
        long end = LogLimits.alignUp(groupEnd + bytes, alignment());
        // The first record of a group was promised its place by begin; in a fresh segment even without an index.
        boolean fits = isFirst ? groupEnd + bytes <= settings.segmentBytes()
                : end + tailRoom(payloadBytes, groupLowWater > durableLowWater) <= settings.segmentBytes();
        return fits && (isFirst || groupEnd - groupStart + bytes <= LogLimits.GROUP_BYTES_MAX);
    }

    private void append(GroupRecord item) {
        item.locate(Location.of(active.number(), groupEnd, item.payloadBytes()));
        groupEnd += item.bytes();
        group.add(item);
        footer.add(item);
    }

    /** Whether the group has any record. */
    public boolean hasGroup() {
        return !group.isEmpty();
    }

    /**
     * Writes the group and forces it. When it returns, all of it is durable and dead segments are free.
     *
     * @throws IOException nothing of the group counts; the segment is left, see {@link #failed}
     */
    public void commit() throws IOException {
        if (group.isEmpty()) {
            throw new AssertionError("a group without a record");
        }
        try {
            writeGroup();
            force(active);
        } catch (IOException failure) {
            failed();
            throw failure;
        }
        isClosedAtEnd = group.get(group.size() - 1).type == RecordFormat.CLOSED;
        position = LogLimits.alignUp(groupEnd, alignment());
        if (isFreshSegment) {
            unsealed.clear();
            isFreshSegment = false;
        }
        if (groupLowWater > durableLowWater) {
            durableLowWater = groupLowWater;
            while (live.get(0).generation() < durableLowWater) {
                pool.release(live.remove(0));
            }
        }
    }

    /** Whether a clean stop could be told: something was written, and there is room for the record. */
    public boolean canCloseCleanly() {
        return active != null && !isFreshSegment
                && position + RecordFormat.HEADER_BYTES + IndexFile.INFO_BYTES <= settings.segmentBytes();
    }

    /** Whether the log ends with a clean stop, as {@link #closeCleanly} leaves it. */
    public boolean isClosedAtEnd() {
        return isClosedAtEnd;
    }

    /**
     * Says on the disk that writing stopped here.
     *
     * @param snapshot names the index snapshot that fits; empty when there is none
     */
    public void closeCleanly(byte[] snapshot) throws IOException {
        group.clear();
        groupLowWater = durableLowWater;
        groupStart = position;
        groupEnd = position;
        append(GroupRecord.closed(nextSequence, durableLowWater, snapshot));
        commit();
    }

    /** Whether an attempt to go on after a failure can be made at all. */
    public boolean canRecover() {
        return unsealed.size() < LogLimits.UNSEALED_MAX && pool.canGive(1);
    }

    private boolean roll(Reserve reserve) {
        if (!pool.ensureFree(reserve.segments + 1) || unsealed.size() >= LogLimits.UNSEALED_MAX) {
            return false;
        }
        if (active != null) {
            boolean hasFooter = writeFooter();
            active.seal(position, hasFooter);
            unsealed.add(new Unsealed(active.generation(), position, hasFooter));
        }
        Segment next = pool.take();
        long salt = random.nextLong();
        long generation = nextGeneration++;
        next.begin(new Segment.Life(generation, settings.segmentBytes(), alignment(), salt,
                !settings.flash().isRecycled(), key.mask(salt, generation)));
        active = next;
        live.add(active);
        footer.clear(alignment());
        position = 0;
        isFreshSegment = true;
        return true;
    }

    /**
     * Writes the index of the active segment behind its last group and forces it, so that whoever is told of it
     * finds it. A segment without one is only slower to open, so a failure is no more than a note.
     */
    private boolean writeFooter() {
        byte[] index = active.isMasked() ? footer.toBytes() : null;
        long end = index == null ? Long.MAX_VALUE
                : LogLimits.alignUp(position + RecordFormat.HEADER_BYTES + index.length, alignment());
        if (end > settings.segmentBytes()) {
            return false;
        }
        GroupRecord item = GroupRecord.footer(index);
        item.locate(Location.of(active.number(), position, index.length));
        group.clear();
        group.add(item);
        groupStart = position;
        groupEnd = position + item.bytes();
        try {
            writeGroup();
            force(active);
            return true;
        } catch (IOException failure) {
            LOG.warn("The index of {} could not be written: {}", active.name(), failure.toString());
            return false;
        } finally {
            group.clear();
        }
    }

    /**
     * Leaves the segment. What of the group reached the disk is cut off by the end mark in the next segment;
     * a segment that held only this group is free again at once, because its next life has another header.
     */
    private void failed() {
        Segment left = active;
        active = null;
        isClosedAtEnd = false;
        long end = isFreshSegment ? SegmentHeader.BYTES : groupStart;
        unsealed.add(new Unsealed(left.generation(), end, false));
        left.seal(end, false);
        if (isFreshSegment) {
            isFreshSegment = false;
            live.remove(left);
            pool.release(left);
        }
    }

    private int alignment() {
        return settings.flash().alignmentBytes();
    }

    /**
     * What a group must leave behind it: room for the index, or, in the last segment that there is, a page for the mark
     * that frees others. Where segments are short, that mark is worth more than an index.
     */
    private int tailRoom(int payloadBytes, boolean isRising) {
        if (isRising && pool.available() <= Reserve.USERS.segments) {
            return 0;
        }
        return pool.canGive(1) ? Math.max(alignment(), footer.roomBytes(alignment(), payloadBytes)) : alignment();
    }

    private void force(Segment segment) throws IOException {
        counters.add(Counter.STORAGE_FORCES, 1);
        segment.file.force();
    }

    private void writeGroup() throws IOException {
        buffer.clear();
        long written = groupStart;
        if (isFreshSegment) {
            Segment.Life life = active.life();
            int flags = SegmentHeader.FLAG_MASKED | (life.isGrowing() ? SegmentHeader.FLAG_GROWING : 0);
            new SegmentHeader(SegmentHeader.VERSION, flags, life.generation(), groupLowWater, life.bytes(),
                    life.alignment(), life.salt(), nextSequence, key.check()).writeTo(buffer);
        }
        for (int i = 0; i < group.size(); i++) {
            int flags = (i == 0 ? RecordFormat.FLAG_FIRST : 0)
                    | (i == group.size() - 1 ? RecordFormat.FLAG_LAST : 0);
            written = putRecord(group.get(i), flags, written);
        }
        long end = LogLimits.alignUp(groupEnd, alignment());
        while (written + buffer.position() < end) {
            buffer.put((byte) 0);
        }
        flush(written);
    }

    private long putRecord(GroupRecord item, int flags, long written) throws IOException {
        int length = item.payloadBytes();
        long offset = Location.offset(item.location());
        byte[] masked = length <= maskedScratch.length ? maskedScratch : new byte[length];
        try (Mask.Stream stream = active.life().mask().stream(offset)) {
            stream.next(item.head, 0, item.head.length, masked, 0);
            stream.next(item.body, 0, item.body.length, masked, item.head.length);
        }
        header.putInt(RecordFormat.LENGTH_OFFSET, length).put(RecordFormat.TYPE_OFFSET, item.type)
                .put(RecordFormat.FLAGS_OFFSET, (byte) (item.flags | flags))
                .putShort(RecordFormat.CLASS_OFFSET, (short) 0)
                .putInt(RecordFormat.EXPIRY_OFFSET, (int) item.expirySeconds)
                .putLong(RecordFormat.SEQUENCE_OFFSET, item.sequence).putLong(RecordFormat.KEY_OFFSET, item.key)
                .putLong(RecordFormat.TIME_OFFSET, item.timeMillis);
        RecordFormat.seed(crc, scratch, active.life().salt(), active.generation(), offset);
        crc.update(header.array(), RecordFormat.LENGTH_OFFSET,
                RecordFormat.HEADER_BYTES - RecordFormat.LENGTH_OFFSET);
        crc.update(masked, 0, length);
        header.putInt(0, (int) crc.getValue());
        return put(masked, length, put(header.array(), RecordFormat.HEADER_BYTES, written));
    }

    /** Appends bytes to the buffer, writing it out whenever it is full; the offset of the buffer's begin. */
    private long put(byte[] bytes, int count, long written) throws IOException {
        long at = written;
        int done = 0;
        while (done < count) {
            int part = Math.min(count - done, fullBytes - buffer.position());
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
     * Reads through a segment of this log that takes no more: from its index, or, where it has none, whole.
     * For the writer only.
     *
     * @return places at which records were lost
     * @throws IOException from the visitor, or when the disk cannot be read
     */
    public int read(Segment segment, Scanned.Visitor visitor) throws IOException {
        SegmentReader reader = new SegmentReader(segment, key, buffer);
        return reader.read(segment.end(), segment.hasFooter(), visitor);
    }
}
