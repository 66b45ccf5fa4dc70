package network.conet.edge.storage.internal.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import network.conet.edge.api.Volume;

/**
 * Reads a file forwards through one bounded buffer: little where it begins anew, ever more while it goes on. Not thread
 * safe.
 */
final class SegmentWindow {
    private static final int PAGE_BYTES = LogLimits.ALIGNMENT_BYTES_MAX;
    private static final int FIRST_BYTES = 2 * PAGE_BYTES;

    private final Volume.File file;
    private final ByteBuffer buffer;
    private final long sizeBytes;
    private boolean isUnreadable;
    private long base;
    private int length;
    private int ahead;

    /** @param buffer borrowed while the window is in use */
    SegmentWindow(Volume.File file, ByteBuffer buffer, long sizeBytes) {
        this.file = file;
        this.buffer = buffer;
        this.sizeBytes = sizeBytes;
    }

    long sizeBytes() {
        return sizeBytes;
    }

    /** Whether {@code count} bytes stand at {@code position}; a file that ends early answers no. */
    boolean has(long position, int count) throws IOException {
        if (position + count > sizeBytes) {
            return false;
        }
        if (position >= base && position + count <= base + length) {
            return true;
        }
        boolean goesOn = length > 0 && position >= base && position <= base + length;
        ahead = Math.min(buffer.capacity(), goesOn ? 2 * ahead : FIRST_BYTES);
        int wanted = (int) Math.min(Math.max(ahead, count), sizeBytes - position);
        base = position;
        try {
            length = file.read(buffer.clear().limit(wanted), position);
        } catch (IOException bad) {
            length = readPages(position, wanted);
        }
        return length >= count;
    }

    /** A page that the medium does not give counts as zeros: what stood there is damaged, its neighbours are not. */
    private int readPages(long position, int wanted) {
        for (int done = 0; done < wanted;) {
            int end = (int) Math.min(wanted, LogLimits.alignUp(position + done + 1, PAGE_BYTES) - position);
            try {
                int count = file.read(buffer.clear().position(done).limit(end), position + done);
                if (count < end - done) {
                    return done + count;
                }
            } catch (IOException bad) {
                isUnreadable = true;
                buffer.clear().position(done).limit(end).put(new byte[end - done]);
            }
            done = end;
        }
        return wanted;
    }

    /** Whether the medium did not give something that was wanted. */
    boolean isUnreadable() {
        return isUnreadable;
    }

    byte byteAt(long position) {
        return buffer.get((int) (position - base));
    }

    short shortAt(long position) {
        return buffer.getShort((int) (position - base));
    }

    int intAt(long position) {
        return buffer.getInt((int) (position - base));
    }

    long longAt(long position) {
        return buffer.getLong((int) (position - base));
    }

    /** Adds a range of the file to a checksum. */
    boolean sum(CRC32C crc, long position, int count) throws IOException {
        long at = position;
        int rest = count;
        while (rest > 0) {
            int part = Math.min(rest, buffer.capacity());
            if (!has(at, 1)) {
                return false;
            }
            part = (int) Math.min(part, base + length - at);
            ByteBuffer view = buffer.duplicate();
            view.limit((int) (at - base) + part).position((int) (at - base));
            crc.update(view);
            at += part;
            rest -= part;
        }
        return true;
    }

    /** Copies a short range. */
    byte[] bytes(long position, int count) throws IOException {
        byte[] copy = new byte[count];
        int done = 0;
        while (done < count && has(position + done, 1)) {
            int part = (int) Math.min(count - done, base + length - position - done);
            buffer.get((int) (position + done - base), copy, done, part);
            done += part;
        }
        return copy;
    }
}
