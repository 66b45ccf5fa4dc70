package network.conet.edge.storage.internal.log;

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
 * The segment files: which are free, and the next one being made ready ahead of its use. A recycled file is filled
 * with zeros once and keeps its name and its blocks for ever: overwriting costs a sixth of what growing costs. Where
 * nothing is ever overwritten in place, a file is made empty and deleted when it is dead. Owned by the writer.
 */
public final class SegmentPool {
    private static final Logger LOG = LoggerFactory.getLogger(SegmentPool.class);

    private final Volume volume;
    private final LogSettings settings;
    private final Counters counters;
    /** Changed by the writer only; readers look up. */
    private final Map<Integer, Segment> files = new ConcurrentHashMap<>();
    private final ArrayDeque<Segment> free = new ArrayDeque<>();
    private final ArrayDeque<Segment> unprepared = new ArrayDeque<>();
    private Segment preparing;
    private long preparedBytes;
    private ByteBuffer zeros;
    private boolean isGrowthBlocked;
    private int filesMore;

    SegmentPool(Volume volume, LogSettings settings, Counters counters) {
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

    /** The file with this number; null when there is none. May be called by any thread. */
    public Segment byNumber(int number) {
        return files.get(number);
    }

    /** Free files and those that may still be made. */
    boolean canGive(int count) {
        return free.size() >= count || canGrow();
    }

    /** Files that are ready, and those that may still be made. */
    int available() {
        int growth = isGrowthBlocked ? 0
                : Math.max(0, settings.segmentsMax() + filesMore - files.size()) + unprepared.size()
                        + (preparing == null ? 0 : 1);
        return free.size() + growth;
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
        segment.finish();
        filesMore = 0;
        try {
            if (!settings.flash().isRecycled() || files.size() > settings.segmentsMax()) {
                files.remove(segment.number());
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

    /** Lets one file more than the quota exist until segments are freed. */
    void allowOneMore() {
        filesMore = 1;
    }

    /** Tries again to make files after an earlier failure. */
    public void allowGrowth() {
        isGrowthBlocked = false;
    }

    /** Whether no file could be made lately: the medium has no room or failed. */
    public boolean isGrowthBlocked() {
        return isGrowthBlocked;
    }

    /**
     * Does a small part of preparing a file when fewer than {@code wanted} are free.
     *
     * @return whether there is more to do
     */
    public boolean prepareStep(int wanted) {
        if (free.size() >= wanted && preparing == null || !canGrow()) {
            return false;
        }
        try {
            if (preparing == null) {
                beginPreparing();
            } else if (settings.flash().isRecycled() && preparedBytes < settings.segmentBytes()) {
                writeZeros();
            } else {
                finishPreparing();
            }
        } catch (IOException failure) {
            LOG.warn("The mailbox cannot grow now: {}", failure.toString());
            isGrowthBlocked = true;
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

    /** Closes all files. */
    public void close() throws IOException {
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
        return !isGrowthBlocked
                && (preparing != null || !unprepared.isEmpty() || files.size() < settings.segmentsMax() + filesMore);
    }

    private void beginPreparing() throws IOException {
        if (!unprepared.isEmpty()) {
            preparing = unprepared.removeFirst();
        } else {
            // A file that grows takes its room later: those that are ready count as if they had it already.
            int promised = settings.flash().isRecycled() ? 0 : free.size();
            long left = volume.freeBytes() - (2L + promised) * settings.segmentBytes();
            if (left < settings.freeBytesMin()) {
                throw new IOException("the disk is nearly full; freeMiBMin of it are left to others");
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
            zeros = ByteBuffer.allocateDirect(Math.min(LogLimits.BUFFER_BYTES, settings.segmentBytes()));
        }
        zeros.clear();
        zeros.limit((int) Math.min(zeros.capacity(), settings.segmentBytes() - preparedBytes));
        int count = zeros.remaining();
        counters.add(Counter.STORAGE_BYTES_WRITTEN, count);
        preparing.file.write(zeros, preparedBytes);
        preparedBytes += count;
    }

    private void finishPreparing() throws IOException {
        long wanted = settings.flash().isRecycled() ? settings.segmentBytes() : 0;
        if (preparing.file.sizeBytes() != wanted) {
            preparing.file.truncate(wanted);
        }
        if (wanted > 0) {
            counters.add(Counter.STORAGE_FORCES, 1);
            preparing.file.force();
        }
        forceDirectory();
        free.addLast(preparing);
        preparing = null;
        if (files.size() == settings.segmentsMax() && unprepared.isEmpty()) {
            zeros = null;
        }
    }
}
