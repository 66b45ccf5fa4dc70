package network.conet.edge.storage.internal.index;

import java.io.IOException;
import org.mapdb.DBException;
import org.mapdb.StoreDirect;
import org.mapdb.volume.ByteBufferMemoryVol;
import org.mapdb.volume.Volume;
import org.mapdb.volume.VolumeFactory;

/**
 * An index off the heap, for more messages than the heap should hold. Every operation takes a few steps, however
 * full a mailbox is.
 *
 * <p>Two trees, by number and by hash, in MapDB's store over direct buffers: no file, no transactions. Memory comes
 * in MiB and is given back as a whole, after {@link #close()}. Measured with a million messages, beside 4 MiB that an
 * empty index takes: 34 bytes each in one mailbox, 43 in a thousand; with 300,000 some 70 when each has a mailbox of
 * its own. On the heap about 100 KiB for a million.
 */
public final class DirectIndex implements MessageIndex {
    /** MapDB takes memory in pages of a MiB. */
    private static final int PAGE_SHIFT = 20;
    /** What one operation can take at most: a page of record ids and a page of nodes. */
    private static final long RESERVE_BYTES = 2L << PAGE_SHIFT;

    private final Volume memory = new ByteBufferMemoryVol(true, PAGE_SHIFT, false, 0);
    private final StoreDirect store = new StoreDirect(null, VolumeFactory.wrap(memory, false), false, 0, false, 0,
            1L << PAGE_SHIFT, 0, false, false, false, false, false, false);
    /** Mailbox, sequence; hash prefix, location. */
    private final LongTree messages = new LongTree(store, 2, 4);
    /** Mailbox, hash prefix, sequence. */
    private final LongTree hashes = new LongTree(store, 3, 3);
    private long size;

    /**
     * Adds a message, or gives one that is there another location.
     *
     * @throws OutOfMemoryError when there is no more direct memory; then nothing was changed
     */
    @Override
    public long put(long mailbox, long sequence, long hashPrefix, long location) {
        reserve();
        long[] old = messages.put(mailbox, sequence, hashPrefix, location);
        if (old != null) {
            if (old[2] != hashPrefix) {
                messages.put(mailbox, sequence, old[2], location); // it keeps the hash that the other table knows
            }
            return old[3];
        }
        hashes.put(mailbox, hashPrefix, sequence);
        size++;
        return 0;
    }

    @Override
    public long location(long mailbox, long sequence) {
        long[] row = messages.get(mailbox, sequence);
        return row == null ? 0 : row[3];
    }

    @Override
    public long remove(long mailbox, long sequence) {
        reserve();
        long[] row = messages.remove(mailbox, sequence);
        if (row == null) {
            return 0;
        }
        hashes.remove(mailbox, row[2], sequence);
        size--;
        return row[3];
    }

    @Override
    public long nextAfter(long mailbox, long after) {
        long[] row = messages.higher(mailbox, after);
        return row == null || row[0] != mailbox ? 0 : row[1];
    }

    @Override
    public long nextOfHash(long mailbox, long hashPrefix, long after) {
        long[] row = hashes.higher(mailbox, hashPrefix, after);
        return row == null || row[0] != mailbox || row[1] != hashPrefix ? 0 : row[2];
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public void forEach(Visitor visitor) throws IOException {
        messages.forEach(row -> visitor.entry(row[0], row[1], row[2], row[3]));
    }

    /** Bytes taken off the heap, those for the next operation included. */
    public long bytes() {
        return store.getTotalSize() + RESERVE_BYTES;
    }

    /** Gives the memory back: at the next collection of garbage, as direct buffers are. */
    @Override
    public void close() {
        store.close();
    }

    /** Takes memory before anything is changed, so that none can be missing in the middle of a change. */
    private void reserve() {
        try {
            memory.ensureAvailable(bytes());
        } catch (DBException.OutOfMemory wrapped) {
            OutOfMemoryError error = new OutOfMemoryError("no direct memory for the index of " + size + " messages");
            error.initCause(wrapped);
            throw error;
        }
    }
}
