package network.conet.edge.storage.internal;

import network.conet.edge.protocol.Hash256;
import network.conet.edge.protocol.ProtocolLimits;
import network.conet.edge.storage.internal.log.FlashPolicy;
import network.conet.edge.storage.internal.log.LogLimits;
import network.conet.edge.storage.internal.log.LogSettings;

/**
 * How the node stores.
 *
 * @param log files and medium
 * @param quotas who gets how much
 * @param index where the index is kept
 * @param wear how long the medium is to last
 */
public record StorageSettings(LogSettings log, Quotas quotas, Index index, Wear wear) {
    private static final int MEBIBYTE = 1024 * 1024;
    /** Beside the quota: one segment to write into, two in reserve. */
    private static final int SEGMENTS_BESIDE = 3;
    private static final int SEGMENTS_LEAST = 2;

    /**
     * How long the medium is to last.
     *
     * @param ratedTerabytes that the maker says can be written, in 10^12 bytes; 0 when he does not
     * @param lifetimeYears how long it is wanted to last, 1..100
     * @param writeFactor bytes that reach the flash for each byte written, 1..100
     */
    public record Wear(double ratedTerabytes, int lifetimeYears, double writeFactor) {
        /** Nothing is known of the medium. */
        public static final Wear UNKNOWN = new Wear(0, 5, 1);
    }

    /**
     * Where the index is kept, and so how many messages there can be.
     *
     * @param heapMessagesMax messages whose index is kept on the heap, 1..10,000,000
     * @param messagesMax messages at most; those beyond {@code heapMessagesMax} are indexed off the heap
     * @param snapshotMessagesMin from so many messages on, a clean stop leaves a snapshot of the index; below, the
     *     segments' own indexes are nearly as fast, cost no writes, and do not bring MapDB into memory
     */
    public record Index(int heapMessagesMax, int messagesMax, int snapshotMessagesMin) {
        /** What suits a heap of 64 MiB and 24 MiB of direct memory. */
        public static final Index DEFAULT = new Index(100_000, 200_000, 100_000);

        private static final int MESSAGES_MAX = 10_000_000;

        /** @throws IllegalArgumentException with one clear line when a value is outside its range */
        public Index {
            inRange("heapMessagesMax", heapMessagesMax, 1, MESSAGES_MAX);
            inRange("messagesMax", messagesMax, 1, MESSAGES_MAX);
        }
    }

    /**
     * The values for an SD card, without its longer wait for the first message after a silence.
     *
     * @param quotaMiB room for messages; three segments more are used on disk
     * @param segmentMiB size of one segment, 1..64
     */
    public static StorageSettings ofMiB(int quotaMiB, int segmentMiB) {
        FlashPolicy card = FlashPolicy.Kind.SD.policy();
        return of(card.withWindows(card.commitWindowMillis(), card.commitWindowMillis()), quotaMiB, segmentMiB);
    }

    /** A medium written by its policy, with a room for messages and a size of segments in MiB. */
    static StorageSettings of(FlashPolicy flash, int quotaMiB, int segmentMiB) {
        inRange("segmentMiB", segmentMiB, 1, LogLimits.SEGMENT_BYTES_MAX / MEBIBYTE);
        inRange("quotaMiB", quotaMiB, SEGMENTS_LEAST * segmentMiB,
                (long) (LogLimits.SEGMENTS_MAX - SEGMENTS_BESIDE) * segmentMiB);
        LogSettings log = new LogSettings(flash.withSegments(segmentMiB * MEBIBYTE),
                quotaMiB / segmentMiB + SEGMENTS_BESIDE, 0);
        return new StorageSettings(log, Quotas.DEFAULT, Index.DEFAULT, Wear.UNKNOWN);
    }

    /** How the medium is written. */
    public FlashPolicy flash() {
        return log.flash();
    }

    /** With another way to write. */
    public StorageSettings withFlash(FlashPolicy flash) {
        return new StorageSettings(new LogSettings(flash, log.segmentsMax(), log.freeBytesMin()), quotas, index, wear);
    }

    /** With other quotas. */
    public StorageSettings withQuotas(Quotas others) {
        return new StorageSettings(log, others, index, wear);
    }

    /** With another index. */
    public StorageSettings withIndex(Index other) {
        return new StorageSettings(log, quotas, other, wear);
    }

    /** With another wear. */
    public StorageSettings withWear(Wear other) {
        return new StorageSettings(log, quotas, index, other);
    }

    /** The largest message that fits: the wire's bound, or what one segment holds. */
    int armorBytesMax() {
        return Math.min(ProtocolLimits.ARMOR_BYTES_MAX, flash().payloadBytesMax() - Hash256.BYTES);
    }

    private static void inRange(String name, long value, long min, long max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(name + " must be " + min + ".." + max + ", not " + value);
        }
    }
}
