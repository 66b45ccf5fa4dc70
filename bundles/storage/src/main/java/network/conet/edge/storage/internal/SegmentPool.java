package network.conet.edge.storage.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import network.conet.edge.api.Counter;
import network.conet.edge.api.Counters;
import network.conet.edge.api.Volume;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The segment files: which are free, and the next one being filled with zeros ahead of its use. A file keeps
 * its name and its blocks for ever: overwriting costs a sixth of what growing costs. Owned by the writer.
 */
final class SegmentPool {
    private static final Logger LOG = LoggerFactory.getLogger(SegmentPool.class);

    private final Volume volume;
    private final MailboxSettings settings;
    private final Counters counters;
    /** Changed by the writer only; readers look up. */
    private final Map<Integer, Segment> files = new ConcurrentHashMap<>();
    private final ArrayDeque<Segment> free = new ArrayDeque<>();
    private final ArrayDeque<Segment> unprepared = new ArrayDeque<>();
    private Segment preparing;
    private long preparedBytes;
    private ByteBuffer zeros;
    private boolean growthBlocked;

    SegmentPool(Volume volume, MailboxSettings settings, Counters counters) {
        this.volume = volume;
        this.settings = settings;
        this.counters = counters;
    }

    /** A file that exists. */
    Segment adopt(int number) throws IOException {
        Segment segment = new Segment(number, volume.open(Segment.nameOf(number)));
        files.put(number, segment);
        return segment;
    }

    Collection<Segment> all() {
        return files.values();
    }

    Segment byNumber(int number) {
        return files.get(number);
    }

    /** Free files and those that may still be made. */
    boolean canGive(int count) {
        return free.size() >= count || canGrow();
    }

    /** Makes up to {@code count} free files, waiting for the disk; whether there are as many. */
    boolean ensureFree(int count) {
        while (free.size() < count && canGrow()) {
            prepareStep(count);
        }
        return free.size() >= count;
    }

    Segment take() {
        return free.removeFirst();
    }

    /** Takes back a file whose life is over, or that never had one. A file that fails is not used again. */
    void release(Segment segment) {
        segment.life = null;
        try {
            if (files.size() > settings.segmentsMax()) {
                files.remove(segment.number);
                segment.file.close();
                volume.delete(segment.name());
            } else if (segment.file.sizeBytes() != settings.segmentBytes()) {
                unprepared.add(segment);
            } else {
                free.addLast(segment);
            }
        } catch (IOException failure) {
            LOG.warn("The mailbox file {} is left unused: {}", segment.name(), failure.toString());
        }
    }

    /** Tries again to make files after an earlier failure. */
    void allowGrowth() {
        growthBlocked = false;
    }

    /**
     * Does a small part of preparing a file when fewer than {@code wanted} are free.
     *
     * @return whether there is more to do
     */
    boolean prepareStep(int wanted) {
        if (free.size() >= wanted && preparing == null || !canGrow()) {
            return false;
        }
        try {
            if (preparing == null) {
                beginPreparing();
            } else if (preparedBytes < settings.segmentBytes()) {
                writeZeros();
            } else {
                finishPreparing();
            }
        } catch (IOException failure) {
            LOG.warn("The mailbox cannot grow now: {}", failure.toString());
            growthBlocked = true;
            if (preparing != null) {
                unprepared.addFirst(preparing);
                preparing = null;
            }
        }
        return preparing != null || free.size() < wanted && canGrow();
    }

    /** Makes creations and deletions durable. */
    void forceDirectory() throws IOException {
        volume.forceDirectory();
        counters.add(Counter.STORAGE_FORCES, 1);
    }

    void close() throws IOException {
        IOException failure = null;
        for (Segment segment : files.values()) {
            try {
                segment.file.close();
            } catch (IOException e) {
                failure = e;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    private boolean canGrow() {
        return !growthBlocked
                && (preparing != null || !unprepared.isEmpty() || files.size() < settings.segmentsMax());
    }

    private void beginPreparing() throws IOException {
        if (!unprepared.isEmpty()) {
            preparing = unprepared.removeFirst();
        } else {
            if (volume.freeBytes() < 2L * settings.segmentBytes()) {
                throw new IOException("less than two segments are free on the disk");
            }
            int number = 0;
            while (files.containsKey(number)) {
                number++;
            }
            preparing = adopt(number);
        }
        preparedBytes = 0;
    }

    private void writeZeros() throws IOException {
        if (zeros == null) {
            zeros = ByteBuffer.allocateDirect(Math.min(StorageLimits.BUFFER_BYTES, settings.segmentBytes()));
        }
        zeros.clear();
        zeros.limit((int) Math.min(zeros.capacity(), settings.segmentBytes() - preparedBytes));
        int count = zeros.remaining();
        counters.add(Counter.STORAGE_BYTES_WRITTEN, count);
        preparing.file.write(zeros, preparedBytes);
        preparedBytes += count;
    }

    private void finishPreparing() throws IOException {
        if (preparing.file.sizeBytes() != settings.segmentBytes()) {
            preparing.file.truncate(settings.segmentBytes());
        }
        counters.add(Counter.STORAGE_FORCES, 1);
        preparing.file.force();
        forceDirectory();
        free.addLast(preparing);
        preparing = null;
        if (files.size() == settings.segmentsMax() && unprepared.isEmpty()) {
            zeros = null;
        }
    }
}
