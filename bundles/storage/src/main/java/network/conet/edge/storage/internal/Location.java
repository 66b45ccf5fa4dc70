package network.conet.edge.storage.internal;

/**
 * Where a record stands, in one number: 14 bits file number, 26 bits offset, 21 bits payload length; bit 62
 * tells that the record failed its checksum when it was read.
 */
final class Location {
    static final long DAMAGED = 1L << 62;

    private static final int LENGTH_BITS = 21;
    private static final int OFFSET_BITS = 26;
    private static final int NUMBER_BITS = 14;

    private Location() {}

    static long of(int number, long offset, int length) {
        return ((long) number << OFFSET_BITS | offset) << LENGTH_BITS | length;
    }

    static int number(long location) {
        return (int) (location >>> OFFSET_BITS + LENGTH_BITS) & (1 << NUMBER_BITS) - 1;
    }

    static long offset(long location) {
        return location >>> LENGTH_BITS & (1L << OFFSET_BITS) - 1;
    }

    static int length(long location) {
        return (int) location & (1 << LENGTH_BITS) - 1;
    }

    static boolean isDamaged(long location) {
        return (location & DAMAGED) != 0;
    }
}
