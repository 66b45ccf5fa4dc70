package network.conet.edge.storage.internal.log;

/**
 * How a medium is written so that it lasts and answers in time.
 *
 * @param kind the medium
 * @param segmentBytes size of a segment file, 16 KiB to 64 MiB; best a multiple of the medium's erase block
 * @param alignmentBytes boundary of groups, 2048 or 4096: the page of the medium
 * @param isRecycled whether files are filled once and overwritten for ever; otherwise they grow and are deleted, which
 *     costs nothing more on a file system that never overwrites in place (UBIFS)
 * @param commitWindowMillis how long the first message of a group waits for others, 0..10000
 * @param quietWindowMillis the same while messages are rarer than one in {@link #QUIET_GAP_MILLIS}, 0..10000
 * @param commitBytes a group of this size does not wait for the window
 * @param pendingBytesMax bytes that may wait for the medium; a single message may wait whatever its size
 * @param ackDelayMillis how long an acknowledgement waits for a group to ride on, 0..3600000
 */
public record FlashPolicy(
        Kind kind,
        int segmentBytes,
        int alignmentBytes,
        boolean isRecycled,
        int commitWindowMillis,
        int quietWindowMillis,
        int commitBytes,
        int pendingBytesMax,
        int ackDelayMillis) {

    /** Messages that come after a longer gap than this are served by the quiet window: two a second. */
    public static final int QUIET_GAP_MILLIS = 500;

    private static final int KIBIBYTE = 1024;
    private static final int MEBIBYTE = 1024 * 1024;
    private static final int WINDOW_MILLIS_MAX = 10_000;
    private static final int PENDING_BYTES_MAX = 64 * MEBIBYTE;
    private static final int ACK_DELAY_MILLIS_MAX = 3_600_000;

    /** The media that differ in how they want to be written. */
    public enum Kind {
        /** An SD card: slow to flush, wears fast, and nobody says how fast. */
        SD(new FlashPolicy(null, 4 * MEBIBYTE, 4 * KIBIBYTE, true, 100, 250, 64 * KIBIBYTE, 256 * KIBIBYTE, 30_000),
                4),
        /** Flash on the board behind a controller. */
        EMMC(new FlashPolicy(null, 8 * MEBIBYTE, 4 * KIBIBYTE, true, 50, 50, 64 * KIBIBYTE, 256 * KIBIBYTE, 10_000),
                2),
        /** Raw flash under UBIFS. */
        NAND(new FlashPolicy(null, 2 * MEBIBYTE, 2 * KIBIBYTE, false, 100, 100, 32 * KIBIBYTE, 128 * KIBIBYTE, 30_000),
                1),
        /** A solid state disk. */
        NVME(new FlashPolicy(null, 8 * MEBIBYTE, 4 * KIBIBYTE, true, 5, 5, 256 * KIBIBYTE, MEBIBYTE, 1_000), 2);

        private final FlashPolicy template;
        private final int writeFactor;

        Kind(FlashPolicy template, int writeFactor) {
            this.template = template;
            this.writeFactor = writeFactor;
        }

        /** The policy that was measured to suit this medium. */
        public FlashPolicy policy() {
            return new FlashPolicy(this, template.segmentBytes, template.alignmentBytes, template.isRecycled,
                    template.commitWindowMillis, template.quietWindowMillis, template.commitBytes,
                    template.pendingBytesMax, template.ackDelayMillis);
        }

        /** Room that is left to others on such a medium, in MiB: raw flash of a router is small. */
        public int freeMiBMin() {
            return this == NAND ? 8 : 64;
        }

        /** How many bytes the medium writes inside for one that it is given; makers rarely say, so this is a guess. */
        public int writeFactor() {
            return writeFactor;
        }
    }

    /** @throws IllegalArgumentException with one clear line when a value is outside its range */
    public FlashPolicy {
        if (alignmentBytes != LogLimits.ALIGNMENT_BYTES_MIN && alignmentBytes != LogLimits.ALIGNMENT_BYTES_MAX) {
            throw new IllegalArgumentException("alignmentBytes must be " + LogLimits.ALIGNMENT_BYTES_MIN + " or "
                    + LogLimits.ALIGNMENT_BYTES_MAX + ", not " + alignmentBytes);
        }
        if (segmentBytes % LogLimits.ALIGNMENT_BYTES_MAX != 0) {
            throw new IllegalArgumentException("segmentBytes must be a multiple of "
                    + LogLimits.ALIGNMENT_BYTES_MAX + ", not " + segmentBytes);
        }
        inRange("segmentBytes", segmentBytes, LogLimits.SEGMENT_BYTES_MIN, LogLimits.SEGMENT_BYTES_MAX);
        inRange("commitWindowMillis", commitWindowMillis, 0, WINDOW_MILLIS_MAX);
        inRange("quietWindowMillis", quietWindowMillis, 0, WINDOW_MILLIS_MAX);
        inRange("commitBytes", commitBytes, 1, LogLimits.GROUP_BYTES_MAX);
        inRange("pendingBytesMax", pendingBytesMax, commitBytes, PENDING_BYTES_MAX);
        inRange("ackDelayMillis", ackDelayMillis, 0, ACK_DELAY_MILLIS_MAX);
    }

    /** With segments of another size. */
    public FlashPolicy withSegments(int bytes) {
        return new FlashPolicy(kind, bytes, alignmentBytes, isRecycled, commitWindowMillis, quietWindowMillis,
                commitBytes, pendingBytesMax, ackDelayMillis);
    }

    /** With other windows, in milliseconds; the quiet window never ends before the other. */
    public FlashPolicy withWindows(int commitMillis, int quietMillis) {
        return new FlashPolicy(kind, segmentBytes, alignmentBytes, isRecycled, commitMillis,
                Math.max(commitMillis, quietMillis), commitBytes, pendingBytesMax, ackDelayMillis);
    }

    /** With other bounds of a group and of what waits. */
    public FlashPolicy withGroups(int bytes, int pendingBytes) {
        return new FlashPolicy(kind, segmentBytes, alignmentBytes, isRecycled, commitWindowMillis, quietWindowMillis,
                bytes, pendingBytes, ackDelayMillis);
    }

    /** With another delay of acknowledgements. */
    public FlashPolicy withAckDelay(int millis) {
        return new FlashPolicy(kind, segmentBytes, alignmentBytes, isRecycled, commitWindowMillis, quietWindowMillis,
                commitBytes, pendingBytesMax, millis);
    }

    /** The largest payload that one segment holds beside its header and marks. */
    public int payloadBytesMax() {
        return Math.min(LogLimits.PAYLOAD_BYTES_MAX, roomBytes());
    }

    /** What one segment holds beside its header and marks. */
    int roomBytes() {
        int marks = (LogLimits.UNSEALED_MAX + 2) * RecordFormat.HEADER_BYTES;
        return segmentBytes - SegmentHeader.BYTES - marks;
    }

    private static void inRange(String name, long value, long min, long max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(name + " must be " + min + ".." + max + ", not " + value);
        }
    }
}
