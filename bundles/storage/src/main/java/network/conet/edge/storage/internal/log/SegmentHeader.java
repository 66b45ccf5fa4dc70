package network.conet.edge.storage.internal.log;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * The first 64 bytes of a segment file, written together with the segment's first group. Numbers are
 * big-endian. {@code docs/protocol/mailbox-format.md}, section 2.
 *
 * <pre>
 *  offset size
 *   0      4   magic "CNMB"
 *   4      2   format version, 2
 *   6      2   flags; bit 0 mailboxes blinded and payloads masked (always set), bit 1 the file grows
 *   8      8   generation: strictly rising over all segments
 *  16      8   minLiveGeneration: segments of earlier generations are dead
 *  24      4   segment size in bytes
 *  28      2   alignment of groups in bytes
 *  30      2   0
 *  32      8   salt: random for each life of the segment
 *  40      8   sequenceFloor: this number and higher ones were not given out before its first group
 *  48      8   0
 *  56      4   tells which storage key it was written with
 *  60      4   CRC32C of bytes 0..59
 * </pre>
 *
 * Version 1 has neither flags nor the word at 56: mailboxes and payloads stand open. It is read, never written.
 * Every version keeps the places of magic, version and checksum: so a wrong checksum is damage, and a right one with
 * another version is a file of newer software, which is left alone.
 *
 * @param version 1 or 2
 * @param flags see above
 * @param generation of this life of the file
 * @param minLiveGeneration earlier generations are dead
 * @param segmentBytes size of the file
 * @param alignmentBytes boundary of groups
 * @param salt seed of all checksums in it
 * @param sequenceFloor the next number when its first group was written
 * @param keyCheck see {@link StorageKey#check}
 */
record SegmentHeader(int version, int flags, long generation, long minLiveGeneration, int segmentBytes,
        int alignmentBytes, long salt, long sequenceFloor, int keyCheck) {
    static final int BYTES = 64;
    static final int MAGIC = 0x434E4D42;
    /** The version that is written. */
    static final int VERSION = 2;

    static final int FLAG_MASKED = 1;
    static final int FLAG_GROWING = 2;

    private static final int VERSION_OPEN = 1;

    private static final int VERSION_OFFSET = 4;
    private static final int FLAGS_OFFSET = 6;
    private static final int GENERATION_OFFSET = 8;
    private static final int MIN_LIVE_OFFSET = 16;
    private static final int SIZE_OFFSET = 24;
    private static final int ALIGNMENT_OFFSET = 28;
    private static final int SALT_OFFSET = 32;
    private static final int FLOOR_OFFSET = 40;
    private static final int KEY_CHECK_OFFSET = 56;
    private static final int CRC_OFFSET = 60;

    /** What the first bytes of a file turned out to be. */
    enum Kind {
        /** All zero: prepared and never used, or not even prepared. */
        BLANK,
        /** Of a version that is read. */
        VALID,
        /** A right checksum, but a version or flag that this software does not know. */
        UNKNOWN,
        /** Neither. */
        DAMAGED
    }

    boolean isMasked() {
        return (flags & FLAG_MASKED) != 0;
    }

    boolean isGrowing() {
        return (flags & FLAG_GROWING) != 0;
    }

    /** Appends the 64 bytes at the buffer's position. */
    void writeTo(ByteBuffer target) {
        ByteBuffer bytes = ByteBuffer.allocate(BYTES);
        bytes.putInt(0, MAGIC).putShort(VERSION_OFFSET, (short) version).putShort(FLAGS_OFFSET, (short) flags)
                .putLong(GENERATION_OFFSET, generation).putLong(MIN_LIVE_OFFSET, minLiveGeneration)
                .putInt(SIZE_OFFSET, segmentBytes).putShort(ALIGNMENT_OFFSET, (short) alignmentBytes)
                .putLong(SALT_OFFSET, salt).putLong(FLOOR_OFFSET, sequenceFloor)
                .putInt(KEY_CHECK_OFFSET, keyCheck).putInt(CRC_OFFSET, crc(bytes));
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
        int flags = bytes.getShort(FLAGS_OFFSET);
        boolean known = switch (bytes.getShort(VERSION_OFFSET)) {
            case VERSION_OPEN -> flags == 0;
            case VERSION -> (flags & ~FLAG_GROWING) == FLAG_MASKED;
            default -> false;
        };
        return known ? Kind.VALID : Kind.UNKNOWN;
    }

    /** Reads a header that {@link #kindOf} found to be {@link Kind#VALID}. */
    static SegmentHeader readFrom(ByteBuffer bytes) {
        return new SegmentHeader(versionOf(bytes), bytes.getShort(FLAGS_OFFSET), bytes.getLong(GENERATION_OFFSET),
                bytes.getLong(MIN_LIVE_OFFSET), bytes.getInt(SIZE_OFFSET), bytes.getShort(ALIGNMENT_OFFSET) & 0xFFFF,
                bytes.getLong(SALT_OFFSET), bytes.getLong(FLOOR_OFFSET), bytes.getInt(KEY_CHECK_OFFSET));
    }

    /** The version that a file names. */
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
