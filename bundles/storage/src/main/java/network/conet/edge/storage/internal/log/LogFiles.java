package network.conet.edge.storage.internal.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import network.conet.edge.api.Volume;

/** The files of a log, and what their headers and first groups say. Changes nothing on the volume. */
final class LogFiles {
    /** Hides nothing, but is not {@link Mask#NONE}: the files of format version 2 to a reader without the key. */
    private static final Mask UNKNOWN_MASK = new Mask(null);

    private final Volume volume;
    private final StorageKey key;
    private final SegmentPool pool;
    private final ByteBuffer buffer;
    /** With a right header, oldest first. */
    private final List<Segment> live = new ArrayList<>();
    /** Prepared and never used, or not even prepared. */
    private final List<Segment> blank = new ArrayList<>();
    /** With a header that is neither right nor blank. */
    private final List<Segment> headless = new ArrayList<>();
    /** What segments say of the ends of those before them, by generation. */
    private final Map<Long, Scanned> seals = new HashMap<>();
    private long lowWater;
    private long nextGeneration = 1;
    private long nextSequence = 1;

    /**
     * @param key null when only what stands open is read
     * @param buffer borrowed while something is read
     */
    LogFiles(Volume volume, StorageKey key, SegmentPool pool, ByteBuffer buffer) {
        this.volume = volume;
        this.key = key;
        this.pool = pool;
        this.buffer = buffer;
    }

    List<Segment> live() {
        return live;
    }

    List<Segment> blank() {
        return blank;
    }

    List<Segment> headless() {
        return headless;
    }

    /** Below it everything is dead, as far as headers and first groups say. */
    long lowWater() {
        return lowWater;
    }

    long nextGeneration() {
        return nextGeneration;
    }

    long nextSequence() {
        return nextSequence;
    }

    /**
     * Reads all headers before anything else.
     *
     * @throws UnknownFormatException a file is of newer software
     * @throws OtherKeyException a file was written with another key
     */
    void read() throws IOException {
        for (String name : volume.list()) {
            OptionalInt number = Segment.numberOf(name);
            if (number.isPresent()) {
                readHeader(pool.adopt(number.getAsInt()));
            }
        }
        live.sort(Comparator.comparingLong(Segment::generation));
        for (Segment segment : live) {
            for (Scanned first : reader(segment).firstGroup()) {
                if (first.type() == RecordFormat.SEAL) {
                    seals.put(first.key(), first);
                } else if (first.type() == RecordFormat.LOW_WATER) {
                    lowWater = Math.max(lowWater, first.key());
                }
            }
        }
        for (Segment segment : live) {
            Scanned seal = seals.get(segment.generation());
            if (seal != null) {
                segment.seal(seal.time(), seal.sequence() != 0);
            }
        }
    }

    private void readHeader(Segment segment) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(SegmentHeader.BYTES);
        int length = segment.file.read(bytes, 0);
        switch (SegmentHeader.kindOf(bytes, length)) {
            case UNKNOWN -> throw new UnknownFormatException(segment.name(), SegmentHeader.versionOf(bytes));
            case BLANK -> blank.add(segment);
            case DAMAGED -> headless.add(segment);
            default -> {
                SegmentHeader header = SegmentHeader.readFrom(bytes);
                if (key != null && header.isMasked() && header.keyCheck() != key.check()) {
                    throw new OtherKeyException(segment.name());
                }
                segment.begin(new Segment.Life(header.generation(), header.segmentBytes(), header.alignmentBytes(),
                        header.salt(), header.isGrowing(), maskOf(header)));
                lowWater = Math.max(lowWater, header.minLiveGeneration());
                nextGeneration = Math.max(nextGeneration, header.generation() + 1);
                nextSequence = Math.max(nextSequence, header.sequenceFloor());
                live.add(segment);
            }
        }
    }

    private Mask maskOf(SegmentHeader header) {
        if (!header.isMasked()) {
            return Mask.NONE;
        }
        return key == null ? UNKNOWN_MASK : key.mask(header.salt(), header.generation());
    }

    SegmentReader reader(Segment segment) {
        return new SegmentReader(segment, key, buffer);
    }

    /** The segment of the highest generation; null when none lives. */
    Segment newest() {
        return live.isEmpty() ? null : live.get(live.size() - 1);
    }

    static long endOf(Segment segment) {
        return segment.end() > 0 ? segment.end() : SegmentScanner.END_UNKNOWN;
    }

    /** Whether a file is shorter than what was written into it. */
    static boolean isCut(Segment segment) throws IOException {
        long least = segment.life().isGrowing() ? segment.end() : segment.bytes();
        return segment.file.sizeBytes() < least;
    }

    /** Whether the file still says that it lives the life that was found in it. */
    static boolean isSameLife(Segment segment) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(SegmentHeader.BYTES);
        int length = segment.file.read(bytes, 0);
        if (SegmentHeader.kindOf(bytes, length) != SegmentHeader.Kind.VALID) {
            return false;
        }
        SegmentHeader header = SegmentHeader.readFrom(bytes);
        return header.generation() == segment.life().generation() && header.salt() == segment.life().salt();
    }

    /**
     * Generations that another segment says it follows, that are not dead, and that are not there.
     *
     * @param lowWaterKnown below it everything is dead
     */
    List<Long> missing(long lowWaterKnown) {
        List<Long> missing = new ArrayList<>();
        for (Scanned seal : seals.values()) {
            boolean isThere = live.stream().anyMatch(segment -> segment.generation() == seal.key());
            if (!isThere && seal.key() >= lowWaterKnown && seal.time() > SegmentHeader.BYTES) {
                missing.add(seal.key());
            }
        }
        return missing;
    }
}
