package network.conet.edge.storage.internal;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * The first 64 bytes of a segment file, written together with the segment's first group. Numbers are
 * big-endian. {@code docs/protocol/mailbox-format.md}, section 2.
 *
 * <pre>
 *  offset size
 *   0      4   magic "CNMB"
 *   4      2   format version, 1
 *   6      2   flags; 0 (bit 0 is kept for blinded key ids)
 *   8      8   generation: strictly rising over all segments
 *  16      8   minLiveGeneration: segments of earlier generations are dead
 *  24      4   segment size in bytes
 *  28      2   alignment of groups in bytes
 *  30      2   0
 *  32      8   salt: random for each life of the segment
 *  40      8   sequenceFloor: every message in this segment has this number or a higher one
 *  48     12   0
 *  60      4   CRC32C of bytes 0..59
 * </pre>
 *
 * Every later version keeps the places of magic, version and checksum: so a wrong checksum is damage, and a
 * right one with another version is a file of newer software, which is left alone.
 *
 * @param generation of this life of the file
 * @param minLiveGeneration earlier generations are dead
 * @param segmentBytes size of the file
 * @param alignmentBytes boundary of groups
 * @param salt seed of all checksums in it
 * @param sequenceFloor lowest message number in it
 */
record SegmentHeader(long generation, long minLiveGeneration, int segmentBytes, int alignmentBytes, long salt,
        long sequenceFloor) {
    static final int BYTES = 64;
    static final int MAGIC = 0x434E4D42;
    static final int VERSION = 1;

    private static final int VERSION_OFFSET = 4;
    private static final int FLAGS_OFFSET = 6;
    private static final int GENERATION_OFFSET = 8;
    private static final int MIN_LIVE_OFFSET = 16;
    private static final int SIZE_OFFSET = 24;
    private static final int ALIGNMENT_OFFSET = 28;
    private static final int SALT_OFFSET = 32;
    private static final int FLOOR_OFFSET = 40;
    private static final int CRC_OFFSET = 60;

    /** What the first bytes of a file turned out to be. */
    enum Kind {
        /** All zero: prepared and never used, or not even prepared. */
        BLANK,
        /** Of this version. */
        VALID,
        /** A right checksum, but a version or flag that this software does not know. */
        UNKNOWN,
        /** Neither. */
        DAMAGED
    }

    /** Appends the 64 bytes at the buffer's position. */
    void writeTo(ByteBuffer target) {
        ByteBuffer bytes = ByteBuffer.allocate(BYTES);
        bytes.putInt(0, MAGIC).putShort(VERSION_OFFSET, (short) VERSION).putLong(GENERATION_OFFSET, generation)
                .putLong(MIN_LIVE_OFFSET, minLiveGeneration).putInt(SIZE_OFFSET, segmentBytes)
                .putShort(ALIGNMENT_OFFSET, (short) alignmentBytes).putLong(SALT_OFFSET, salt)
                .putLong(FLOOR_OFFSET, sequenceFloor).putInt(CRC_OFFSET, crc(bytes));
        target.put(bytes);
    }

    /**
     * @param bytes the first bytes of a file, read from index 0
     * @param length how many there are
     */
    static Kind kindOf(ByteBuffer bytes, int length) {
        boolean blank = true;
        for (int i = 0; i < length && blank; i++) {
            blank = bytes.get(i) == 0;
        }
        if (blank) {
            return Kind.BLANK;
        }
        if (length < BYTES || bytes.getInt(0) != MAGIC || bytes.getInt(CRC_OFFSET) != crc(bytes)) {
            return Kind.DAMAGED;
        }
        boolean known = bytes.getShort(VERSION_OFFSET) == VERSION && bytes.getShort(FLAGS_OFFSET) == 0;
        return known ? Kind.VALID : Kind.UNKNOWN;
    }

    /** Reads a header that {@link #kindOf} found to be {@link Kind#VALID}. */
    static SegmentHeader readFrom(ByteBuffer bytes) {
        return new SegmentHeader(bytes.getLong(GENERATION_OFFSET), bytes.getLong(MIN_LIVE_OFFSET),
                bytes.getInt(SIZE_OFFSET), bytes.getShort(ALIGNMENT_OFFSET) & 0xFFFF, bytes.getLong(SALT_OFFSET),
                bytes.getLong(FLOOR_OFFSET));
    }

    /** The version that a file of {@link Kind#UNKNOWN} names. */
    static int versionOf(ByteBuffer bytes) {
        return bytes.getShort(VERSION_OFFSET) & 0xFFFF;
    }

    private static int crc(ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        ByteBuffer covered = bytes.duplicate();
        covered.limit(CRC_OFFSET).position(0);
        crc.update(covered);
        return (int) crc.getValue();
    }
}
