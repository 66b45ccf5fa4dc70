package network.conet.edge.storage.internal.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import network.conet.edge.api.Counters;
import network.conet.edge.api.Volume;

/**
 * Reads a log that it does not own and changes nothing: a node may be writing it at this moment. Finds the same records
 * as {@link LogOpener} does, by the same parts; beyond that it can hold every record against its checksum and every
 * index against the records. Not thread safe.
 */
public final class LogReader implements AutoCloseable {
    private final LogSettings settings;
    private final StorageKey key;
    private final ByteBuffer buffer;
    private final SegmentPool pool;
    private final LogFiles files;
    private final List<LogFinding> findings = new ArrayList<>();
    private final Map<Segment, Use> uses = new HashMap<>();
    private IndexFile snapshot;
    private long lowWater;
    private boolean isChanged;

    /** Takes what the log holds, in the order in which it was written. */
    public interface Visitor {
        /** A record; mailboxes are blinded whatever the format, unless there is no key. */
        void record(Segment segment, Scanned scanned) throws IOException;

        /** What a header says in a place that is damaged: it may be wrong, and the record cannot be read. */
        void unproven(Segment segment, Scanned scanned) throws IOException;

        /** This segment began another life while it was read: what it held is dead. */
        void dead(Segment segment);
    }

    /** What a file of the log is. */
    public enum State {
        /** Holds records and takes no more. */
        SEALED,
        /** The one that is written, or was when writing stopped. */
        NEWEST,
        /** Everything in it is dead; it is used again. */
        DEAD,
        /** Ready for use. */
        FREE,
        /** Its header is damaged. */
        HEADLESS
    }

    /**
     * A file of the log.
     *
     * @param segment the file
     * @param state what it is
     * @param fileBytes its length
     * @param writtenBytes up to the end of its last group, padding included; 0 when that is not known
     */
    public record Use(Segment segment, State state, long fileBytes, long writtenBytes) {}

    /**
     * @param key null to read only what stands open: then acknowledgements and indexes stay closed
     * @param counters of a pool that never writes
     */
    public LogReader(Volume volume, LogSettings settings, StorageKey key, Counters counters) {
        this.settings = settings;
        this.key = key;
        buffer = ByteBuffer.allocateDirect(LogLimits.BUFFER_BYTES);
        pool = new SegmentPool(volume, settings, counters);
        files = new LogFiles(volume, key, pool, buffer);
    }

    /** The files; known when {@link #read} visits. */
    public SegmentPool pool() {
        return pool;
    }

    /** What is wrong; known after {@link #read}. */
    public List<LogFinding> findings() {
        return findings;
    }

    /** The files by name; known after {@link #read}. */
    public List<Use> uses() {
        return uses.values().stream().sorted(java.util.Comparator.comparing(use -> use.segment().name())).toList();
    }

    /** The snapshot of the index that the record of a clean stop names; null when there is none or no key. */
    public IndexFile snapshot() {
        return snapshot;
    }

    /** Whether a file began another life while it was read: then the log should be read again. */
    public boolean isChanged() {
        return isChanged;
    }

    /** Whether a file still holds what was read from it. */
    public boolean isSameLife(Segment segment) throws IOException {
        return LogFiles.isSameLife(segment);
    }

    @Override
    public void close() throws IOException {
        pool.close();
    }

    /**
     * Reads all, once.
     *
     * @param isThorough whether records are held against their checksums also where an index tells what they say
     * @throws UnknownFormatException a file is of newer software
     * @throws OtherKeyException a file was written with another key
     * @throws IOException the disk cannot be read
     */
    public void read(boolean isThorough, Visitor visitor) throws IOException {
        files.read();
        findLowWater();
        Map<Segment, List<LogFinding>> found = new HashMap<>();
        for (Segment segment : files.live()) {
            if (segment.generation() >= lowWater) {
                List<LogFinding> ofSegment = new ArrayList<>();
                read(segment, isThorough, visitor, ofSegment);
                found.put(segment, ofSegment);
            }
        }
        for (Segment segment : files.live()) {
            boolean isSame = LogFiles.isSameLife(segment);
            isChanged |= !isSame;
            if (segment.generation() < lowWater || !isSame) {
                visitor.dead(segment);
                use(segment, State.DEAD, 0);
            } else {
                findings.addAll(found.get(segment));
            }
        }
        for (Segment segment : files.blank()) {
            use(segment, State.FREE, 0);
        }
        for (Segment segment : files.headless()) {
            use(segment, State.HEADLESS, 0);
            findings.add(new LogFinding(segment.name(), LogFinding.Kind.HEADER, 0, SegmentHeader.BYTES, 0,
                    behindHeader(segment), false));
        }
        for (long generation : files.missing(lowWater)) {
            findings.add(new LogFinding("", LogFinding.Kind.MISSING, 0, 0, generation, List.of(), false));
        }
    }

    /**
     * Marks may stand in any group. They are read first, so that nothing of a dead segment is visited: what stands
     * there would hide that its copy is damaged.
     */
    private void findLowWater() throws IOException {
        lowWater = files.lowWater();
        for (Segment segment : files.live()) {
            files.reader(segment).read(LogFiles.endOf(segment), segment.hasFooter() && key != null, scanned -> {
                if (scanned.type() == RecordFormat.LOW_WATER) {
                    lowWater = Math.max(lowWater, scanned.key());
                }
            });
        }
    }

    private void read(Segment segment, boolean isThorough, Visitor visitor, List<LogFinding> found)
            throws IOException {
        SegmentReader reader = files.reader(segment);
        byte[] footer = segment.hasFooter() ? reader.footer(segment.end()) : null;
        if (segment.hasFooter() && footer == null) {
            found.add(finding(segment, LogFinding.Kind.FOOTER, segment.end(), segment.bytes()));
        }
        List<Scanned> indexed = null;
        if (footer != null && key != null) {
            List<Scanned> entries = new ArrayList<>();
            Footer.read(footer, entries::add);
            for (Scanned scanned : entries) {
                visit(segment, scanned, visitor);
            }
            indexed = entries;
        }
        long end = segment.end();
        if (indexed == null) {
            end = scan(segment, reader, visitor, found);
        } else if (isThorough) {
            compare(segment, reader, indexed, found);
        }
        boolean isToldCut = found.stream().anyMatch(finding -> finding.kind() == LogFinding.Kind.CUT);
        if (LogFiles.isCut(segment) && !isToldCut) {
            found.add(finding(segment, LogFinding.Kind.CUT, segment.file.sizeBytes(), segment.bytes()));
        }
        use(segment, segment == files.newest() ? State.NEWEST : State.SEALED, end);
    }

    /** Visits what stands in a segment without an index; the offset behind its last group. */
    private long scan(Segment segment, SegmentReader reader, Visitor visitor, List<LogFinding> found)
            throws IOException {
        int[] gaps = {0};
        SegmentScanner scanner = reader.scan(LogFiles.endOf(segment), scanned -> {
            gaps[0] = visitGaps(segment, reader, gaps[0], visitor, found);
            visit(segment, scanned, visitor);
        });
        visitGaps(segment, reader, gaps[0], visitor, found);
        Scanned closed = scanner.closed();
        if (segment == files.newest() && closed != null && key != null && closed.length() == IndexFile.INFO_BYTES) {
            snapshot = IndexFile.of(closed.head());
        }
        return scanner.validEnd();
    }

    private int visitGaps(Segment segment, SegmentReader reader, int known, Visitor visitor, List<LogFinding> found)
            throws IOException {
        List<SegmentScanner.Gap> gaps = reader.scanned().gaps();
        for (SegmentScanner.Gap gap : gaps.subList(known, gaps.size())) {
            List<Scanned> lost = reader.unproven(gap);
            for (Scanned scanned : lost) {
                visitor.unproven(segment, scanned);
            }
            found.add(finding(segment, gap, lost, false));
        }
        return gaps.size();
    }

    /** Holds the records of a segment against their checksums and against its index. */
    private void compare(Segment segment, SegmentReader reader, List<Scanned> indexed, List<LogFinding> found)
            throws IOException {
        Map<Long, Scanned> rest = new HashMap<>();
        indexed.forEach(entry -> rest.put(entry.offset(), entry));
        List<Scanned> strange = new ArrayList<>();
        SegmentScanner scanner = reader.scan(segment.end(), scanned -> {
            boolean hasEntry = scanned.type() != RecordFormat.SEAL && scanned.type() != RecordFormat.CLOSED
                    && scanned.type() != RecordFormat.FOOTER;
            Scanned entry = rest.remove(scanned.offset());
            if (hasEntry ? entry == null || !says(entry, scanned) : entry != null) {
                strange.add(scanned);
            }
        });
        for (SegmentScanner.Gap gap : scanner.gaps()) {
            List<Scanned> lost = indexed.stream()
                    .filter(entry -> entry.offset() >= gap.from() && entry.offset() < gap.to()).toList();
            lost.forEach(entry -> rest.remove(entry.offset()));
            found.add(finding(segment, gap, lost, true));
        }
        strange.addAll(rest.values());
        if (!strange.isEmpty()) {
            long from = strange.stream().mapToLong(Scanned::offset).min().getAsLong();
            long to = strange.stream().mapToLong(record -> record.offset() + record.bytes()).max().getAsLong();
            found.add(new LogFinding(segment.name(), LogFinding.Kind.FOOTER_DIFFERS, from, to, segment.generation(),
                    strange, true));
        }
    }

    /** Whether an entry of an index says what the record does; an index tells times in seconds. */
    private static boolean says(Scanned entry, Scanned record) {
        boolean isDated = record.type() == RecordFormat.MESSAGE || record.type() == RecordFormat.ACK
                || record.type() == RecordFormat.ACKS || record.type() == RecordFormat.ACKS_OF_ONE;
        boolean isKeyed = isDated || record.type() == RecordFormat.LOW_WATER;
        return entry.type() == record.type() && entry.length() == record.length()
                && entry.sequence() == record.sequence() && (!isKeyed || entry.key() == record.key())
                && (!isDated || Math.floorDiv(entry.time(), 1000L) == Math.floorDiv(record.time(), 1000L))
                && (record.type() != RecordFormat.MESSAGE || entry.expirySeconds() == record.expirySeconds())
                && java.util.Arrays.equals(entry.head(), record.head());
    }

    private void visit(Segment segment, Scanned scanned, Visitor visitor) throws IOException {
        switch (scanned.type()) {
            case RecordFormat.LOW_WATER, RecordFormat.SEAL, RecordFormat.CLOSED, RecordFormat.FOOTER -> { }
            default -> visitor.record(segment, scanned);
        }
    }

    /** What the headers behind a damaged segment header say; a file that is used again may hold older ones too. */
    private List<Scanned> behindHeader(Segment segment) throws IOException {
        long size = Math.min(segment.file.sizeBytes(), LogLimits.SEGMENT_BYTES_MAX);
        Segment.Life guess = new Segment.Life(0, (int) size, settings.flash().alignmentBytes(), 0, false, Mask.NONE);
        SegmentScanner scanner = new SegmentScanner(new SegmentWindow(segment.file, buffer, size), guess);
        return scanner.unproven(new SegmentScanner.Gap(SegmentHeader.BYTES, size));
    }

    private void use(Segment segment, State state, long writtenBytes) throws IOException {
        uses.put(segment, new Use(segment, state, segment.file.sizeBytes(), writtenBytes));
    }

    private static LogFinding finding(Segment segment, SegmentScanner.Gap gap, List<Scanned> lost, boolean isProven)
            throws IOException {
        LogFinding.Kind kind = gap.to() > segment.file.sizeBytes() ? LogFinding.Kind.CUT : LogFinding.Kind.RECORDS;
        return new LogFinding(segment.name(), kind, gap.from(), gap.to(), segment.generation(), lost, isProven);
    }

    private static LogFinding finding(Segment segment, LogFinding.Kind kind, long from, long to) {
        return new LogFinding(segment.name(), kind, from, to, segment.generation(), List.of(), true);
    }
}
