package network.conet.edge.storage.internal.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import network.conet.edge.api.Volume;

/** Reads a file forwards through one bounded buffer. Not thread safe. */
final class SegmentWindow {
    private final Volume.File file;
    private final ByteBuffer buffer;
    private final long sizeBytes;
    private long base;
    private int length;

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
        buffer.clear();
        buffer.limit((int) Math.min(buffer.capacity(), sizeBytes - position));
        base = position;
        length = file.read(buffer, position);
        return length >= count;
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
