package network.conet.edge.storage.internal.log;

import java.nio.ByteBuffer;

/**
 * How the record of a clean stop names the snapshot of the index. The record proves the file: a file with another
 * length or checksum is not it, whatever it looks like.
 *
 * <pre>
 *  offset size
 *   0      8   length of the file in bytes
 *   8      4   CRC32C of the file as it lies there, in the order of {@code IndexSnapshot.Written}
 *  12      8   salt of its mask, new for each file
 * </pre>
 *
 * @param bytes length of the file
 * @param crc32c checksum of the file
 * @param salt of its mask
 */
public record IndexFile(long bytes, int crc32c, long salt) {
    /** Its name. */
    public static final String NAME = "index.snapshot";

    static final int INFO_BYTES = 2 * Long.BYTES + Integer.BYTES;

    /** What the record carries. */
    public byte[] toBytes() {
        return ByteBuffer.allocate(INFO_BYTES).putLong(bytes).putInt(crc32c).putLong(salt).array();
    }

    /** Reads what {@link #toBytes} gave. */
    public static IndexFile of(byte[] info) {
        ByteBuffer in = ByteBuffer.wrap(info);
        return new IndexFile(in.getLong(), in.getInt(), in.getLong());
    }
}
