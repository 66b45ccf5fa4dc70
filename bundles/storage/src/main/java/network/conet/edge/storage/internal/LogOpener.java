package network.conet.edge.storage.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;
import network.conet.edge.api.Counter;
import network.conet.edge.api.Counters;
import network.conet.edge.api.Volume;

/**
 * Finds out what the disk holds. Reads all headers before it changes anything, so that files of newer
 * software stay untouched; then all live segments, oldest first.
 */
final class LogOpener {
    private final Volume volume;
    private final MailboxSettings settings;
    private final RandomGenerator random;
    private final Counters counters;
    private final ByteBuffer buffer;
    private final SegmentPool pool;
    private final List<String> damage = new ArrayList<>();
    private final List<Segment> live = new ArrayList<>();
    private final List<Segment> dead = new ArrayList<>();
    private final Map<Long, Long> ends = new HashMap<>();
    private long lowWater;
    private long nextGeneration = 1;
    private long nextSequence = 1;

    /** Takes what the log holds, in the order in which it was written. */
    interface Visitor {
        void message(Segment segment, SegmentScanner.Scanned scanned);

        void acknowledged(long key, long sequence, long timeMillis) throws IOException;

        /** A later record says that all of this segment is dead. */
        void dead(Segment segment);
    }

    LogOpener(Volume volume, MailboxSettings settings, RandomGenerator random, Counters counters) {
        this.volume = volume;
        this.settings = settings;
        this.random = random;
        this.counters = counters;
        pool = new SegmentPool(volume, settings, counters);
        buffer = ByteBuffer.allocateDirect(Math.min(StorageLimits.BUFFER_BYTES, settings.segmentBytes())
                + 2 * StorageLimits.ALIGNMENT_BYTES);
    }

    /** One line for each file that has lost something. */
    List<String> damage() {
        return damage;
    }

    /**
     * @throws UnknownFormatException a file is of newer software; nothing was changed
     * @throws IOException the disk cannot be read
     */
    MailboxLog open(Visitor visitor) throws IOException {
        boolean opened = false;
        try {
            readHeaders();
            MailboxLog log = readSegments(visitor);
            opened = true;
            return log;
        } finally {
            if (!opened) {
                pool.close();
            }
        }
    }

    private void readHeaders() throws IOException {
        for (String name : volume.list()) {
            OptionalInt number = Segment.numberOf(name);
            if (number.isPresent()) {
                readHeader(pool.adopt(number.getAsInt()));
            }
        }
        live.sort(Comparator.comparingLong(segment -> segment.life.generation()));
        for (Segment segment : live) {
            for (SegmentScanner.Scanned first : scanner(segment).firstGroup()) {
                if (first.type() == RecordFormat.SEAL) {
                    ends.put(first.key(), first.time());
                } else if (first.type() == RecordFormat.LOW_WATER) {
                    lowWater = Math.max(lowWater, first.key());
                }
            }
        }
    }

    private void readHeader(Segment segment) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(SegmentHeader.BYTES);
        int length = segment.file.read(bytes, 0);
        switch (SegmentHeader.kindOf(bytes, length)) {
            case UNKNOWN -> throw new UnknownFormatException(segment.name(), SegmentHeader.versionOf(bytes));
            case BLANK -> dead.add(segment);
            case DAMAGED -> damaged(1, segment.name() + " has a damaged header and is set aside; its messages "
                    + "are lost");
            default -> {
                SegmentHeader header = SegmentHeader.readFrom(bytes);
                segment.life = new Segment.Life(header.generation(), header.salt(), header.segmentBytes(),
                        header.alignmentBytes());
                lowWater = Math.max(lowWater, header.minLiveGeneration());
                nextGeneration = Math.max(nextGeneration, header.generation() + 1);
                nextSequence = Math.max(nextSequence, header.sequenceFloor());
                live.add(segment);
            }
        }
    }

    private MailboxLog readSegments(Visitor visitor) throws IOException {
        Segment newest = live.isEmpty() ? null : live.get(live.size() - 1);
        Map<Segment, SegmentScanner> scans = new LinkedHashMap<>();
        for (Segment segment : live) {
            if (segment.life.generation() >= lowWater) {
                SegmentScanner scanner = scanner(segment);
                scanner.scan(endOf(segment), scanned -> visit(segment, scanned, visitor));
                scans.put(segment, scanner);
            }
        }
        List<MailboxLog.Unsealed> unsealed = new ArrayList<>();
        Segment active = null;
        for (Segment segment : List.copyOf(live)) {
            SegmentScanner scanner = scans.get(segment);
            // Marks may stand in any group, so only now is it known what is dead. A dead segment may be half
            // overwritten by a life that never became durable; that is no damage.
            if (segment.life.generation() < lowWater) {
                visitor.dead(segment);
                bury(segment);
                continue;
            }
            boolean cut = reportDamage(segment, scanner);
            if (scanner.groups() == 0 && scanner.damaged() == 0 && !cut) {
                bury(segment);
            } else if (segment == newest && scanner.closed() && !cut) {
                active = segment;
            } else if (endOf(segment) == SegmentScanner.END_UNKNOWN
                    && unsealed.size() < StorageLimits.UNSEALED_MAX - 1) {
                unsealed.add(new MailboxLog.Unsealed(segment.life.generation(), scanner.validEnd()));
            }
        }
        reportMissing();
        makeDurable(active == null);
        dead.forEach(pool::release);
        return new MailboxLog(settings, random, counters, pool, buffer, new MailboxLog.Found(live, unsealed, active,
                active == null ? 0 : scans.get(active).validEnd(), lowWater, nextGeneration, nextSequence));
    }

    private long endOf(Segment segment) {
        return ends.getOrDefault(segment.life.generation(), SegmentScanner.END_UNKNOWN);
    }

    /** Reports what a live segment has lost; whether the file is cut short. */
    private boolean reportDamage(Segment segment, SegmentScanner scanner) throws IOException {
        boolean cut = segment.file.sizeBytes() < segment.life.bytes();
        if (scanner.damaged() > 0 || cut) {
            String how = cut ? " is cut short" : " is damaged at " + scanner.damaged() + " place(s)";
            damaged(Math.max(1, scanner.damaged()), segment.name() + how + "; messages in it are lost");
        }
        return cut;
    }

    /** A segment that another one says it follows must be there, unless it is dead. */
    private void reportMissing() {
        for (Map.Entry<Long, Long> end : ends.entrySet()) {
            boolean there = live.stream().anyMatch(segment -> segment.life.generation() == end.getKey());
            if (!there && end.getKey() >= lowWater && end.getValue() > SegmentHeader.BYTES) {
                damaged(1, "the segment of generation " + end.getKey() + " is missing; its messages are lost");
            }
        }
    }

    /**
     * After an unclean stop of the program alone, what was read may stand only in the system's memory. It is
     * made durable before anything is built upon it: a mark that frees segments, above all.
     */
    private void makeDurable(boolean unclean) throws IOException {
        if (!unclean || pool.all().isEmpty()) {
            return;
        }
        for (Segment segment : pool.all()) {
            counters.add(Counter.STORAGE_FORCES, 1);
            segment.file.force();
        }
        pool.forceDirectory();
    }

    private void visit(Segment segment, SegmentScanner.Scanned scanned, Visitor visitor) throws IOException {
        nextSequence = Math.max(nextSequence, scanned.sequence() + 1);
        switch (scanned.type()) {
            case RecordFormat.MESSAGE -> visitor.message(segment, scanned);
            case RecordFormat.ACK -> visitor.acknowledged(scanned.key(), scanned.sequence(), scanned.time());
            case RecordFormat.ACK_BATCH -> {
                for (long sequence : RecordFormat.decodeSequences(scanned.head())) {
                    visitor.acknowledged(scanned.key(), sequence, scanned.time());
                }
            }
            case RecordFormat.LOW_WATER -> lowWater = Math.max(lowWater, scanned.key());
            default -> { }
        }
    }

    private void bury(Segment segment) {
        live.remove(segment);
        dead.add(segment);
    }

    private void damaged(int places, String line) {
        counters.add(Counter.STORAGE_RECORDS_DAMAGED, places);
        damage.add(line);
    }

    private SegmentScanner scanner(Segment segment) throws IOException {
        long size = Math.min(segment.file.sizeBytes(), segment.life.bytes());
        return new SegmentScanner(new SegmentWindow(segment.file, buffer, size), segment.life);
    }
}
