package network.conet.edge.api;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * One directory of files: the only way in which stored data reaches the disk. A test double behind this
 * interface replays power cuts.
 *
 * <p>Names are plain file names, without a path. What is written is safe only after {@link File#force()}
 * returned; a file's existence only after {@link #forceDirectory()}.
 */
public interface Volume {
    /** The names of all files, in no particular order. */
    List<String> list() throws IOException;

    /**
     * Opens a file for reading and writing, creating it when it is missing. A created file can be read and
     * written by its owner only.
     */
    File open(String name) throws IOException;

    /** Deletes a file if it is there. */
    void delete(String name) throws IOException;

    /** Makes creations and deletions of files durable. */
    void forceDirectory() throws IOException;

    /** Bytes that can still be written. */
    long freeBytes() throws IOException;

    /** An open file. Reads may come from many threads; writes, truncation and force from one. */
    interface File extends Closeable {
        /** Length in bytes. */
        long sizeBytes() throws IOException;

        /**
         * Reads until the buffer is full or the file ends.
         *
         * @return bytes read, 0 at the end
         */
        int read(ByteBuffer target, long position) throws IOException;

        /** Writes the whole buffer, growing the file when needed. */
        void write(ByteBuffer source, long position) throws IOException;

        /** Cuts or extends (with zeros) the file. */
        void truncate(long sizeBytes) throws IOException;

        /** Returns when all that was written is on the medium. */
        void force() throws IOException;

        @Override
        void close() throws IOException;
    }
}
