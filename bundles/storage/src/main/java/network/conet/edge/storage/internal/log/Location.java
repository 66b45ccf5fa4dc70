package network.conet.edge.storage.internal.log;

/**
 * Where a record stands, in one number: 14 bits file number, 26 bits offset, 21 bits payload length; bit 62
 * tells that the record failed its checksum when it was read.
 */
public final class Location {
    /** Set in a location whose record failed its checksum when it was read. */
    public static final long DAMAGED = 1L << 62;

    private static final int LENGTH_BITS = 21;
    private static final int OFFSET_BITS = 26;
    private static final int NUMBER_BITS = 14;

    private Location() {}

    /** The bytes that the record takes in its segment, before padding. */
    public static int bytes(long location) {
        return RecordFormat.HEADER_BYTES + length(location);
    }

    /** Of a record: number of its file, offset in it, length of its payload. */
    public static long of(int number, long offset, int length) {
        return ((long) number << OFFSET_BITS | offset) << LENGTH_BITS | length;
    }

    /** The number of the file. */
    public static int number(long location) {
        return (int) (location >>> OFFSET_BITS + LENGTH_BITS) & (1 << NUMBER_BITS) - 1;
    }

    /** The offset in the file. */
    public static long offset(long location) {
        return location >>> LENGTH_BITS & (1L << OFFSET_BITS) - 1;
    }

    /** The length of the payload. */
    public static int length(long location) {
        return (int) location & (1 << LENGTH_BITS) - 1;
    }

    /** Whether the record is known to be damaged. */
    public static boolean isDamaged(long location) {
        return (location & DAMAGED) != 0;
    }
}
