package network.conet.edge.storage.internal.log;

import java.nio.ByteBuffer;

/**
 * How the record of a clean stop names the snapshot of the index. The record proves the file: a file with another
 * length or checksum is not it, whatever it looks like.
 *
 * <pre>
 *  offset size
 *   0      8   length of the file in bytes
 *   8      4   CRC32C of the file
 * </pre>
 *
 * @param bytes length of the file
 * @param crc32c checksum of the file
 */
public record IndexFile(long bytes, int crc32c) {
    /** Its name. */
    public static final String NAME = "index.snapshot";

    static final int INFO_BYTES = Long.BYTES + Integer.BYTES;

    /** What the record carries. */
    public byte[] toBytes() {
        return ByteBuffer.allocate(INFO_BYTES).putLong(bytes).putInt(crc32c).array();
    }

    /** Reads what {@link #toBytes} gave. */
    public static IndexFile of(byte[] info) {
        ByteBuffer in = ByteBuffer.wrap(info);
        return new IndexFile(in.getLong(), in.getInt());
    }
}
