package network.conet.edge.storage.internal.index;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.Map;
import java.util.zip.CRC32C;
import network.conet.edge.api.Volume;
import org.mapdb.DBException;
import org.mapdb.SortedTableMap;
import org.mapdb.serializer.SerializerByteArray;
import org.mapdb.serializer.SerializerByteArrayDelta2;

/**
 * Pairs of bytes in one file, written at a clean stop and read at the next start: a sorted table of MapDB, made in
 * one go and never changed.
 *
 * <p>The file does not prove itself. Who writes one remembers what {@link #write} returns in a safe place, and a
 * file that is not exactly that is never shown to MapDB.
 */
public final class IndexSnapshot {
    /** Longest key in bytes. */
    public static final int KEY_BYTES_MAX = 64;
    /** Longest value in bytes. */
    public static final int VALUE_BYTES_MAX = 256;

    /** Pairs in one node. */
    private static final int NODE_PAIRS = 32;
    /** A power of two that holds a node of the longest pairs; what the last node of a page leaves is lost. */
    private static final int PAGE_BYTES = 16 * 1024;
    private static final int CHUNK_BYTES = 64 * 1024;

    private IndexSnapshot() {}

    /**
     * What a file is known by.
     *
     * @param bytes its length
     * @param crc32c checksum of all its bytes: those behind the first page, then the first page, which is known last
     */
    public record Written(long bytes, int crc32c) {}

    /**
     * Writes a file and cuts it to what was written; does not force it.
     *
     * @param producer is given where to put pairs: keys strictly rising without sign
     * @throws IOException of the file, or of the producer
     */
    public static Written write(Volume.File file, PairProducer producer) throws IOException {
        SnapshotVolume volume = new SnapshotVolume(file, PAGE_BYTES);
        try {
            SortedTableMap.Sink<byte[], byte[]> sink = SortedTableMap
                    .create(volume, new SerializerByteArrayDelta2(), new SerializerByteArray())
                    .pageSize(PAGE_BYTES).nodeSize(NODE_PAIRS).createFromSink();
            producer.produce((key, value) -> {
                if (key.length > KEY_BYTES_MAX || value.length > VALUE_BYTES_MAX) {
                    throw new IllegalArgumentException("pair of " + key.length + " and " + value.length + " bytes");
                }
                sink.put(key, value);
            });
            sink.create();
        } catch (DBException.NotSorted unsorted) {
            throw new IllegalArgumentException("keys do not rise", unsorted);
        } catch (UncheckedIOException wrapped) {
            throw wrapped.getCause();
        }
        long bytes = volume.length();
        file.truncate(bytes);
        return new Written(bytes, volume.crc32c());
    }

    /**
     * Shows all pairs of a file in order, if it is the one that was written.
     *
     * @return false, and nothing was shown, when the file has another length or checksum
     * @throws IOException of the file, or of the visitor
     */
    public static boolean read(Volume.File file, long bytes, int crc32c, PairVisitor visitor) throws IOException {
        if (file.sizeBytes() != bytes || sum(file, bytes) != crc32c) {
            return false;
        }
        try {
            SortedTableMap<byte[], byte[]> table = SortedTableMap.open(new SnapshotVolume(file, PAGE_BYTES),
                    new SerializerByteArrayDelta2(), new SerializerByteArray());
            Iterator<Map.Entry<byte[], byte[]>> pairs = table.entryIterator();
            while (pairs.hasNext()) {
                Map.Entry<byte[], byte[]> pair = pairs.next();
                visitor.pair(pair.getKey(), pair.getValue());
            }
        } catch (UncheckedIOException wrapped) {
            throw wrapped.getCause();
        } catch (DBException broken) {
            throw new AssertionError("a snapshot with the right checksum cannot be read", broken);
        }
        return true;
    }

    private static int sum(Volume.File file, long bytes) throws IOException {
        CRC32C crc = new CRC32C();
        ByteBuffer buffer = ByteBuffer.allocate(CHUNK_BYTES);
        sum(file, Math.min(PAGE_BYTES, bytes), bytes, buffer, crc);
        sum(file, 0, Math.min(PAGE_BYTES, bytes), buffer, crc);
        return (int) crc.getValue();
    }

    private static void sum(Volume.File file, long from, long to, ByteBuffer buffer, CRC32C crc) throws IOException {
        for (long at = from; at < to; at += buffer.limit()) {
            buffer.clear().limit((int) Math.min(buffer.capacity(), to - at));
            if (file.read(buffer, at) != buffer.limit()) {
                throw new IOException("the file became shorter while it was read");
            }
            crc.update(buffer.flip());
        }
    }

    /** Gives pairs. */
    @FunctionalInterface
    public interface PairProducer {
        /** Puts all pairs, in order. */
        void produce(PairVisitor to) throws IOException;
    }

    /** Is shown pairs. */
    @FunctionalInterface
    public interface PairVisitor {
        /** One pair; both arrays belong to the visitor. */
        void pair(byte[] key, byte[] value) throws IOException;
    }
}
