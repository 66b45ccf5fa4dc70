package network.conet.edge.storage.internal.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Reads the groups of one life of a segment and tells a torn tail from damage.
 *
 * <p>Where the segment's end is known (a later segment says so) everything before it must be right, and what
 * is not is damage. Where it is not known (the segment that was written when the power went) the first wrong
 * group ends it, unless a right group follows: only one group is written at a time, so then the wrong one had
 * been complete. From a damaged group every record is taken that proves itself.
 */
final class SegmentScanner {
    /** The end of the segment is not known. */
    static final long END_UNKNOWN = -1;

    private static final byte[] NO_HEAD = {};

    private final SegmentWindow window;
    private final Segment.Life life;
    private final CRC32C crc = new CRC32C();
    private final ByteBuffer scratch = ByteBuffer.allocate(3 * Long.BYTES);
    private final List<Scanned> group = new ArrayList<>();

    private long validEnd = SegmentHeader.BYTES;
    private long lastGroup = SegmentHeader.BYTES;
    private int groups;
    private final List<Gap> gaps = new ArrayList<>();
    private Scanned closed;

    /**
     * A place at which records were lost.
     *
     * @param from offset of its first byte
     * @param to offset behind it
     */
    record Gap(long from, long to) {}

    SegmentScanner(SegmentWindow window, Segment.Life life) {
        this.window = window;
        this.life = life;
    }

    /** Offset behind the last right group. */
    long validEnd() {
        return validEnd;
    }

    /** Offset of the last right group. */
    long lastGroup() {
        return lastGroup;
    }

    /** Right groups. */
    int groups() {
        return groups;
    }

    /** Places at which records were lost. */
    int damaged() {
        return gaps.isEmpty() && window.isUnreadable() ? 1 : gaps.size();
    }

    /** Those places, in their order. While records are visited: those before the next record. */
    List<Gap> gaps() {
        return gaps;
    }

    /** The record that says that writing stopped cleanly behind the last right group, or null. */
    Scanned closed() {
        return closed;
    }

    /** The records of the first group, or none when it is not right. */
    List<Scanned> firstGroup() throws IOException {
        return groupAt(SegmentHeader.BYTES);
    }

    /** The records of the group that begins at an offset, or none when none that is right does. */
    List<Scanned> groupAt(long offset) throws IOException {
        return readGroup(offset) < 0 ? List.of() : List.copyOf(group);
    }

    /**
     * Reads all groups.
     *
     * @param end where a later segment says that this one ends, or {@link #END_UNKNOWN}
     */
    void scan(long end, Scanned.Visitor visitor) throws IOException {
        long position = SegmentHeader.BYTES;
        long bound = end == END_UNKNOWN ? life.bytes() : end;
        while (position < bound) {
            long groupEnd = readGroup(position);
            if (groupEnd >= 0) {
                for (Scanned scanned : group) {
                    visitor.record(scanned);
                    closed = scanned.type() == RecordFormat.CLOSED ? scanned : null;
                }
                groups++;
                lastGroup = position;
                position = groupEnd;
                validEnd = groupEnd;
                continue;
            }
            long next = findGroup(position + 1, bound);
            if (next < 0 && end == END_UNKNOWN) {
                return;
            }
            long resume = next < 0 ? bound : next;
            salvage(position, resume, visitor);
            closed = null;
            position = resume;
            validEnd = resume;
        }
    }

    /** Reads a whole group into {@link #group}; the aligned offset behind it, or -1. */
    private long readGroup(long start) throws IOException {
        group.clear();
        long position = start;
        while (true) {
            Scanned scanned = recordAt(position);
            boolean first = position == start;
            if (scanned == null || first != ((scanned.flags() & RecordFormat.FLAG_FIRST) != 0)) {
                return -1;
            }
            group.add(scanned);
            position += RecordFormat.HEADER_BYTES + scanned.length();
            if ((scanned.flags() & RecordFormat.FLAG_LAST) != 0) {
                return LogLimits.alignUp(position, life.alignment());
            }
        }
    }

    private long findGroup(long from, long bound) throws IOException {
        for (long at = LogLimits.alignUp(from, life.alignment()); at < bound; at += life.alignment()) {
            Scanned scanned = recordAt(at);
            if (scanned != null && (scanned.flags() & RecordFormat.FLAG_FIRST) != 0) {
                return at;
            }
        }
        return -1;
    }

    /** Takes what proves itself between two offsets and notes the gaps. */
    private void salvage(long from, long to, Scanned.Visitor visitor) throws IOException {
        long position = from;
        long gapStart = -1;
        while (position < to) {
            Scanned scanned = recordAt(position);
            if (scanned == null) {
                gapStart = gapStart < 0 ? position : gapStart;
                position++;
                continue;
            }
            if (gapStart >= 0) {
                gaps.add(new Gap(gapStart, position));
                gapStart = -1;
            }
            visitor.record(scanned);
            position += RecordFormat.HEADER_BYTES + scanned.length();
            if ((scanned.flags() & RecordFormat.FLAG_LAST) != 0) {
                position = LogLimits.alignUp(position, life.alignment());
            }
        }
        if (gapStart >= 0) {
            gaps.add(new Gap(gapStart, to));
        }
    }

    /**
     * What the headers in a gap say, proven or not: where a payload alone was hit, they are right. Groups are taken to
     * be on the boundaries of this life.
     */
    List<Scanned> unproven(Gap gap) throws IOException {
        List<Scanned> found = new ArrayList<>();
        long position = gap.from();
        while (position + RecordFormat.HEADER_BYTES <= gap.to()) {
            Scanned scanned = headerAt(position);
            long end = scanned == null ? 0 : position + scanned.bytes();
            if (scanned != null && end <= gap.to()) {
                found.add(scanned);
                boolean isLast = (scanned.flags() & RecordFormat.FLAG_LAST) != 0;
                position = isLast ? LogLimits.alignUp(end, life.alignment()) : end;
            } else {
                position = LogLimits.alignUp(position + 1, life.alignment());
            }
        }
        return found;
    }

    /** The record at an offset, or null when none proves itself there. */
    private Scanned recordAt(long at) throws IOException {
        Scanned header = headerAt(at);
        if (header == null) {
            return null;
        }
        int sum = window.intAt(at);
        // Before the sum, which goes on to the record's end: a file is read forwards only, but for the index.
        byte[] head = window.bytes(at + RecordFormat.HEADER_BYTES, headBytes(header.type(), header.length()));
        RecordFormat.seed(crc, scratch, life.salt(), life.generation(), at);
        int covered = RecordFormat.HEADER_BYTES - RecordFormat.LENGTH_OFFSET + header.length();
        if (!window.sum(crc, at + RecordFormat.LENGTH_OFFSET, covered) || (int) crc.getValue() != sum) {
            return null;
        }
        try (Mask.Stream stream = life.mask().stream(at)) {
            stream.next(head, 0, head.length, head, 0);
        }
        return header.withHead(head);
    }

    /** What the header at an offset says, not proven; null when it cannot be one. */
    private Scanned headerAt(long at) throws IOException {
        if (!window.has(at, RecordFormat.HEADER_BYTES)) {
            return null;
        }
        int length = window.intAt(at + RecordFormat.LENGTH_OFFSET);
        byte type = window.byteAt(at + RecordFormat.TYPE_OFFSET);
        byte flags = window.byteAt(at + RecordFormat.FLAGS_OFFSET);
        if (!RecordFormat.plausible(length, type, flags, window.shortAt(at + RecordFormat.CLASS_OFFSET))
                || at + RecordFormat.HEADER_BYTES + length > window.sizeBytes()) {
            return null;
        }
        long expiry = Integer.toUnsignedLong(window.intAt(at + RecordFormat.EXPIRY_OFFSET));
        long sequence = window.longAt(at + RecordFormat.SEQUENCE_OFFSET);
        long key = window.longAt(at + RecordFormat.KEY_OFFSET);
        long time = window.longAt(at + RecordFormat.TIME_OFFSET);
        return new Scanned(type, flags, length, expiry, sequence, key, time, at, NO_HEAD);
    }

    /** How much of a payload is wanted when the log is read through. */
    private static int headBytes(byte type, int length) {
        return switch (type) {
            case RecordFormat.MESSAGE -> Scanned.PREFIX_BYTES;
            case RecordFormat.ACKS_OF_ONE, RecordFormat.ACKS, RecordFormat.CLOSED, RecordFormat.FOOTER ->
                    Math.min(length, LogLimits.FOOTER_BYTES_MAX);
            default -> 0;
        };
    }
}
