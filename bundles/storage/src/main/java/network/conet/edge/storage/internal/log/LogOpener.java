package network.conet.edge.storage.internal.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import network.conet.edge.api.Counter;
import network.conet.edge.api.Counters;
import network.conet.edge.api.Volume;

/**
 * Finds out what the disk holds. Reads all headers before it changes anything, so that files of newer
 * software stay untouched. Then, after a clean stop, the snapshot of the index; or else all live segments, oldest
 * first: from their index, or whole.
 */
public final class LogOpener {
    private final Volume volume;
    private final LogSettings settings;
    private final StorageKey key;
    private final RandomGenerator random;
    private final Counters counters;
    private final ByteBuffer buffer;
    private final SegmentPool pool;
    private final Footer footer = new Footer();
    /** The segment whose index {@link #footer} is. */
    private Segment indexed;
    private final List<String> damage = new ArrayList<>();
    private final LogFiles files;
    private final List<Segment> live;
    private final List<Segment> dead;
    /** Where the last group begins that an unclean stop left in a segment. */
    private final Map<Segment, Long> lastGroups = new HashMap<>();
    private long lowWater;
    private long nextGeneration;
    private long nextSequence;

    /** Takes what the log holds, in the order in which it was written. */
    public interface Visitor {
        /**
         * The log ends with a clean stop that names a snapshot of the index.
         *
         * @param info what {@link SegmentLog#closeCleanly} was given
         * @param segments all that live
         * @return whether it was taken; then no record is visited
         */
        boolean restore(byte[] info, List<Segment> segments) throws IOException;

        /** A record; mailboxes are blinded whatever the format. */
        void record(Segment segment, Scanned scanned) throws IOException;

        /** A later record says that all of this segment is dead. */
        void dead(Segment segment);
    }

    /** The log will belong to the caller. */
    public LogOpener(Volume volume, LogSettings settings, StorageKey key, RandomGenerator random, Counters counters) {
        this.volume = volume;
        this.settings = settings;
        this.key = key;
        this.random = random;
        this.counters = counters;
        pool = new SegmentPool(volume, settings, counters);
        buffer = ByteBuffer.allocateDirect(Math.min(LogLimits.BUFFER_BYTES, settings.segmentBytes())
                + 2 * LogLimits.ALIGNMENT_BYTES_MAX);
        files = new LogFiles(volume, key, pool, buffer);
        live = files.live();
        dead = files.blank();
    }

    /** One line for each file that has lost something. */
    public List<String> damage() {
        return damage;
    }

    /** The files; known as soon as the first record is visited. */
    public SegmentPool pool() {
        return pool;
    }

    /**
     * @throws UnknownFormatException a file is of newer software; nothing was changed
     * @throws IOException the disk cannot be read, or was written with another key; one clear line
     */
    public SegmentLog open(Visitor visitor) throws IOException {
        boolean isOpened = false;
        try {
            readHeaders();
            SegmentLog.Found found = restored(visitor);
            if (found == null) {
                found = readThrough(visitor);
            }
            makeDurable(found.active() == null);
            dead.forEach(pool::release);
            if (found.active() == null && !live.isEmpty() && pool.available() == 0) {
                if (newest().isMasked()) {
                    found = goOnInNewest(found);
                } else {
                    pool.allowOneMore(); // nothing is added to a segment of version 1
                }
            }
            isOpened = true;
            return new SegmentLog(settings, key, random, counters, pool, buffer, found);
        } finally {
            if (!isOpened) {
                pool.close();
            }
        }
    }

    private void readHeaders() throws IOException {
        files.read();
        for (Segment segment : files.headless()) {
            damaged(1, segment.name() + " has a damaged header and is set aside; its messages are lost");
        }
        lowWater = files.lowWater();
        nextGeneration = files.nextGeneration();
        nextSequence = files.nextSequence();
    }

    /** What a clean stop left, taken from the snapshot of the index; null when it cannot be. */
    private SegmentLog.Found restored(Visitor visitor) throws IOException {
        Segment newest = newest();
        if (newest == null || !volume.list().contains(IndexFile.NAME)) {
            return null;
        }
        beginFooter(newest);
        SegmentScanner scanner = reader(newest).scan(LogFiles.endOf(newest), footer::add);
        Scanned closed = scanner.closed();
        if (closed == null || closed.length() != IndexFile.INFO_BYTES || scanner.damaged() > 0
                || LogFiles.isCut(newest)) {
            return null;
        }
        List<Segment> wanted = live.stream().filter(segment -> segment.generation() >= closed.key()).toList();
        boolean areSealed = wanted.stream().allMatch(segment -> segment == newest || segment.end() > 0);
        if (!areSealed || !visitor.restore(closed.head(), wanted)) {
            return null;
        }
        lowWater = Math.max(lowWater, closed.key());
        for (Segment segment : List.copyOf(live)) {
            if (!wanted.contains(segment)) {
                bury(segment);
            } else if (LogFiles.isCut(segment)) {
                damaged(1, segment.name() + " is cut short; messages in it are lost");
            }
        }
        reportMissing();
        return new SegmentLog.Found(live, List.of(), newest, scanner.validEnd(), footer, lowWater, nextGeneration,
                Math.max(nextSequence, closed.sequence()));
    }

    private SegmentLog.Found readThrough(Visitor visitor) throws IOException {
        Segment newest = newest();
        beginFooter(newest);
        Map<Segment, SegmentReader> readers = new HashMap<>();
        Map<Segment, Integer> losses = new HashMap<>();
        for (Segment segment : live) {
            if (segment.generation() >= lowWater) {
                SegmentReader reader = reader(segment);
                losses.put(segment, reader.read(LogFiles.endOf(segment), segment.hasFooter(),
                        scanned -> visit(segment, scanned, visitor)));
                readers.put(segment, reader);
            }
        }
        List<SegmentLog.Unsealed> unsealed = new ArrayList<>();
        Segment active = null;
        for (Segment segment : List.copyOf(live)) {
            // Marks may stand in any group, so only now is it known what is dead. A dead segment may be half
            // overwritten by a life that never became durable; that is no damage.
            if (segment.generation() < lowWater) {
                visitor.dead(segment);
                bury(segment);
                continue;
            }
            boolean isCut = reportDamage(segment, losses.get(segment));
            SegmentScanner scanner = readers.get(segment).scanned();
            if (scanner == null) {
                continue;
            }
            if (scanner.groups() == 0 && scanner.damaged() == 0 && !isCut) {
                bury(segment);
            } else if (segment == newest && scanner.closed() != null && !isCut) {
                active = segment;
                nextSequence = Math.max(nextSequence, scanner.closed().sequence());
            } else if (LogFiles.endOf(segment) == SegmentScanner.END_UNKNOWN) {
                segment.seal(scanner.validEnd(), false);
                lastGroups.put(segment, scanner.lastGroup());
                if (unsealed.size() < LogLimits.UNSEALED_MAX - 1) {
                    unsealed.add(new SegmentLog.Unsealed(segment.generation(), scanner.validEnd(), false));
                }
            }
        }
        reportMissing();
        long position = active == null ? 0 : readers.get(active).scanned().validEnd();
        return new SegmentLog.Found(live, unsealed, active, position, footer, lowWater, nextGeneration,
                nextSequence);
    }

    /** The index of the segment in which writing may go on is made as its records are read. */
    private void beginFooter(Segment newest) {
        indexed = newest;
        footer.clear(newest == null ? settings.flash().alignmentBytes() : newest.life().alignment());
    }

    private Segment newest() {
        return files.newest();
    }

    /** Reports what a live segment has lost; whether the file is cut short. */
    private boolean reportDamage(Segment segment, int losses) throws IOException {
        boolean isCut = LogFiles.isCut(segment);
        if (losses > 0 || isCut) {
            String how = isCut ? " is cut short" : " is damaged at " + losses + " place(s)";
            damaged(Math.max(1, losses), segment.name() + how + "; messages in it are lost");
        }
        return isCut;
    }

    /** A segment that another one says it follows must be there, unless it is dead. */
    private void reportMissing() {
        for (long generation : files.missing(lowWater)) {
            damaged(1, "the segment of generation " + generation + " is missing; its messages are lost");
        }
    }

    /**
     * After an unclean stop of the program alone, what was read may stand only in the system's memory. It is
     * made durable before anything is built upon it: a mark that frees segments, above all. A force that failed in that
     * program may have made the system forget that the last group is to be written, so it is written again.
     */
    private void makeDurable(boolean isUnclean) throws IOException {
        if (!isUnclean || pool.all().isEmpty()) {
            return;
        }
        for (Map.Entry<Segment, Long> last : lastGroups.entrySet()) {
            writeAgain(last.getKey(), last.getValue() == SegmentHeader.BYTES ? 0 : last.getValue());
        }
        for (Segment segment : pool.all()) {
            counters.add(Counter.STORAGE_FORCES, 1);
            segment.file.force();
        }
        pool.forceDirectory();
    }

    private void writeAgain(Segment segment, long from) throws IOException {
        int count;
        for (long at = from; at < segment.end(); at += count) {
            buffer.clear().limit((int) Math.min(buffer.capacity(), segment.end() - at));
            count = segment.file.read(buffer, at);
            if (count <= 0) {
                return; // a file that grows may lack the padding
            }
            counters.add(Counter.STORAGE_BYTES_WRITTEN, count);
            segment.file.write(buffer.flip(), at);
        }
    }

    /**
     * Power cuts that fall one after the other into the making of room use up the reserve. Then, and only then, writing
     * goes on in the segment with the torn tail, after what is behind its last right group was wiped out durably.
     */
    private SegmentLog.Found goOnInNewest(SegmentLog.Found found) throws IOException {
        Segment newest = newest();
        long end = newest.end();
        if (newest != indexed) {
            // The one after it held nothing and is gone; its file too, where the quota was made smaller.
            beginFooter(newest);
            reader(newest).scan(end, footer::add);
        }
        if (newest.life().isGrowing()) {
            newest.file.truncate(end);
        } else {
            for (long at = end; at < newest.bytes(); at += buffer.limit()) {
                buffer.clear().limit((int) Math.min(buffer.capacity(), newest.bytes() - at));
                buffer.put(new byte[buffer.limit()]).flip();
                counters.add(Counter.STORAGE_BYTES_WRITTEN, buffer.limit());
                newest.file.write(buffer, at);
            }
        }
        newest.file.force();
        counters.add(Counter.STORAGE_FORCES, 1);
        newest.seal(0, false);
        List<SegmentLog.Unsealed> others = found.unsealed().stream()
                .filter(unsealed -> unsealed.generation() != newest.generation()).toList();
        return new SegmentLog.Found(live, others, newest, end, footer, lowWater, nextGeneration, nextSequence);
    }

    private void visit(Segment segment, Scanned scanned, Visitor visitor) throws IOException {
        if (segment == indexed) {
            footer.add(scanned);
        }
        switch (scanned.type()) {
            case RecordFormat.LOW_WATER -> lowWater = Math.max(lowWater, scanned.key());
            case RecordFormat.SEAL, RecordFormat.CLOSED, RecordFormat.FOOTER -> { }
            default -> {
                // An acknowledged message may be gone from the disk; its number is never given again.
                boolean isOfMessage = scanned.type() == RecordFormat.MESSAGE || scanned.type() == RecordFormat.ACK;
                nextSequence = isOfMessage ? Math.max(nextSequence, scanned.sequence() + 1) : nextSequence;
                visitor.record(segment, scanned);
            }
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

    private SegmentReader reader(Segment segment) {
        return files.reader(segment);
    }
}
