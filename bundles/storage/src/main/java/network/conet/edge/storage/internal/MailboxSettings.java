package network.conet.edge.storage.internal;

import network.conet.edge.protocol.Hash256;
import network.conet.edge.protocol.ProtocolLimits;

/**
 * How a mailbox log uses its disk.
 *
 * @param segmentBytes size of a segment file; a multiple of 4 KiB, from 16 KiB to 64 MiB
 * @param segmentsMax files at most, 4..16384; one is always kept in reserve so that acknowledgements can be
 *     written when no message can
 * @param commitWindowMillis how long the first message of a group waits for others, 0..10000
 * @param commitBytes a group of this size does not wait for the window
 * @param pendingBytesMax bytes that may wait for the disk; a single message may wait whatever its size
 * @param ackDelayMillis how long an acknowledgement waits for a group to ride on, 0..3600000
 * @param retentionDays age at which a message is forgotten, 1..3650
 */
public record MailboxSettings(
        int segmentBytes,
        int segmentsMax,
        int commitWindowMillis,
        int commitBytes,
        int pendingBytesMax,
        int ackDelayMillis,
        int retentionDays) {

    private static final int MEBIBYTE = 1024 * 1024;

    /** @throws IllegalArgumentException with one clear line when a value is outside its range */
    public MailboxSettings {
        if (segmentBytes % StorageLimits.ALIGNMENT_BYTES != 0) {
            throw new IllegalArgumentException("segmentBytes must be a multiple of "
                    + StorageLimits.ALIGNMENT_BYTES + ", not " + segmentBytes);
        }
        inRange("segmentBytes", segmentBytes, StorageLimits.SEGMENT_BYTES_MIN, StorageLimits.SEGMENT_BYTES_MAX);
        inRange("segments", segmentsMax, StorageLimits.SEGMENTS_MIN, StorageLimits.SEGMENTS_MAX);
        inRange("commitWindowMillis", commitWindowMillis, 0, 10_000);
        inRange("commitBytes", commitBytes, 1, StorageLimits.GROUP_BYTES_MAX);
        inRange("pendingBytesMax", pendingBytesMax, commitBytes, 64 * MEBIBYTE);
        inRange("ackDelayMillis", ackDelayMillis, 0, 3_600_000);
        inRange("retentionDays", retentionDays, 1, 3650);
    }

    /**
     * The values for an SD card.
     *
     * @param quotaMiB room for messages; two segments more are used on disk
     * @param segmentMiB size of one segment, 1..64
     */
    public static MailboxSettings ofMiB(int quotaMiB, int segmentMiB) {
        inRange("segmentMiB", segmentMiB, 1, StorageLimits.SEGMENT_BYTES_MAX / MEBIBYTE);
        inRange("quotaMiB", quotaMiB, 2 * segmentMiB, (StorageLimits.SEGMENTS_MAX - 2) * segmentMiB);
        return new MailboxSettings(segmentMiB * MEBIBYTE, quotaMiB / segmentMiB + 2, 100, 64 * 1024,
                256 * 1024, 30_000, 30);
    }

    /** The largest message that fits: the wire's bound, or what one segment holds. */
    int armorBytesMax() {
        int room = segmentBytes - SegmentHeader.BYTES - StorageLimits.UNSEALED_MAX * RecordFormat.HEADER_BYTES
                - 2 * RecordFormat.HEADER_BYTES - Hash256.BYTES;
        return Math.min(ProtocolLimits.ARMOR_BYTES_MAX, room);
    }

    private static void inRange(String name, long value, long min, long max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(name + " must be " + min + ".." + max + ", not " + value);
        }
    }
}
