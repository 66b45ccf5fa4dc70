package network.conet.edge.storage.internal.index;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import network.conet.edge.api.Volume;
import org.mapdb.DataInput2;

/**
 * What a sorted table needs of MapDB's idea of a volume, over a file of ours. Pages are written once, in order, and
 * the first one last: its head is known only then. What is read goes through a buffer of one page. What a sorted
 * table does not call is refused. Failures of the file leave as {@link UncheckedIOException}s.
 */
final class SnapshotVolume extends org.mapdb.volume.Volume {
    private final Volume.File file;
    private final int pageBytes;
    private final CRC32C crc = new CRC32C();
    /** Held back until {@link #sync}. */
    private final ByteBuffer first;
    private final ByteBuffer window;
    private long windowAt;
    private long length;

    SnapshotVolume(Volume.File file, int pageBytes) {
        this.file = file;
        this.pageBytes = pageBytes;
        first = ByteBuffer.allocate(pageBytes);
        window = ByteBuffer.allocate(pageBytes).limit(0);
    }

    /** Checksum of what was written, in the order of writing. */
    int crc32c() {
        return (int) crc.getValue();
    }

    @Override
    public long length() {
        return length;
    }

    @Override
    public void ensureAvailable(long offset) {
        length = Math.max(length, offset);
    }

    @Override
    public void putData(long offset, byte[] bytes, int from, int count) {
        if (offset == 0 && count == pageBytes) {
            first.put(0, bytes, from, count);
        } else if (offset % pageBytes == 0 && count == pageBytes) {
            write(ByteBuffer.wrap(bytes, from, count), offset);
        } else {
            throw new UnsupportedOperationException("write of " + count + " bytes at " + offset);
        }
    }

    @Override
    public void putLong(long offset, long value) {
        first.putLong((int) offset, value);
    }

    /** The table is complete. */
    @Override
    public void sync() {
        write(first.duplicate().limit((int) Math.min(pageBytes, length)), 0);
    }

    private void write(ByteBuffer source, long offset) {
        crc.update(source.duplicate());
        try {
            file.write(source, offset);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Override
    public byte getByte(long offset) {
        return window.get(at(offset, Byte.BYTES));
    }

    @Override
    public int getInt(long offset) {
        return window.getInt(at(offset, Integer.BYTES));
    }

    @Override
    public long getLong(long offset) {
        return window.getLong(at(offset, Long.BYTES));
    }

    @Override
    public DataInput2 getDataInput(long offset, int count) {
        byte[] bytes = new byte[count];
        getData(offset, bytes, 0, count);
        return new DataInput2.ByteArray(bytes);
    }

    @Override
    public void getData(long offset, byte[] bytes, int from, int count) {
        window.get(at(offset, count), bytes, from, count);
    }

    /** Where bytes stand in the window, after they were read into it. */
    private int at(long offset, int count) {
        if (offset < windowAt || offset + count > windowAt + window.limit()) {
            // Nothing lies across two pages.
            windowAt = offset - offset % pageBytes;
            try {
                file.read(window.clear(), windowAt);
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
            window.flip();
        }
        return (int) (offset - windowAt);
    }

    @Override
    public boolean isReadOnly() {
        return false;
    }

    @Override
    public int sliceSize() {
        return -1;
    }

    @Override
    public boolean isSliced() {
        return false;
    }

    @Override
    public void close() {
        // The file belongs to who opened it.
    }

    @Override
    public File getFile() {
        return null;
    }

    @Override
    public boolean getFileLocked() {
        return false;
    }

    @Override
    public void truncate(long size) {
        throw new UnsupportedOperationException("truncate");
    }

    @Override
    public void putInt(long offset, int value) {
        throw new UnsupportedOperationException("putInt");
    }

    @Override
    public void putByte(long offset, byte value) {
        throw new UnsupportedOperationException("putByte");
    }

    @Override
    public void putData(long offset, ByteBuffer source) {
        throw new UnsupportedOperationException("putData");
    }

    @Override
    public void clear(long from, long to) {
        throw new UnsupportedOperationException("clear");
    }
}
