package network.conet.edge.storage.internal;

import java.util.concurrent.TimeUnit;
import network.conet.edge.protocol.Hash256;
import network.conet.edge.protocol.ProtocolLimits;

/** Every bound of the mailbox log in one place. */
final class StorageLimits {
    /** Groups begin on this boundary, the page of common flash; without it a torn page reaches old groups. */
    static final int ALIGNMENT_BYTES = 4096;
    /** Largest payload of a record: the hash and the largest message. */
    static final int PAYLOAD_BYTES_MAX = Hash256.BYTES + ProtocolLimits.ARMOR_BYTES_MAX;
    /** A location keeps an offset in 26 bits. */
    static final int SEGMENT_BYTES_MAX = 1 << 26;
    /** Four pages: header, marks, one small message and room to see that more is needed. */
    static final int SEGMENT_BYTES_MIN = 4 * ALIGNMENT_BYTES;
    /** A location keeps a file number in 14 bits. */
    static final int SEGMENTS_MAX = 1 << 14;
    /** One written, one in reserve for acknowledgements, one to roll into, one that still has live messages. */
    static final int SEGMENTS_MIN = 4;
    /** The one write buffer; also the window through which segments are scanned. */
    static final int BUFFER_BYTES = 256 * 1024;
    /** A group takes no further message beyond this. */
    static final int GROUP_BYTES_MAX = 256 * 1024;
    /** What a waiting message costs in memory beside its bytes, so that tiny messages are bounded too. */
    static final int PENDING_OVERHEAD_BYTES = 256;
    /** Acknowledged hashes that are remembered; the oldest are forgotten first. */
    static final int RECENT_ACKS_MAX = 16 * 1024;
    /** Sequence numbers in one batch acknowledgement. */
    static final int ACK_BATCH_MAX = 256;
    /** Acknowledgements that do not wait for a group to ride on any longer. */
    static final int ACKS_WAITING = 4096;
    /** When acknowledgements found no room, they are tried again not before this. */
    static final long ACK_RETRY_NANOS = TimeUnit.SECONDS.toNanos(10);
    /** Segments that may wait for their end mark at once: the last one, and those whose first group was torn. */
    static final int UNSEALED_MAX = 16;
    /** A clock that shows an earlier time was never set: 2024-01-01, before this software existed. */
    static final long CLOCK_FLOOR_SECONDS = 1_704_067_200L;
    /** The wall clock must have run this long without a jump before it may expire anything. */
    static final long CLOCK_STEADY_NANOS = TimeUnit.HOURS.toNanos(1);
    /** After this long it is believed even when messages carry later times: those were the wrong ones. */
    static final long CLOCK_CERTAIN_NANOS = TimeUnit.DAYS.toNanos(7);
    /** Difference between wall and monotonic progress that counts as a jump. */
    static final long CLOCK_JUMP_MILLIS = TimeUnit.MINUTES.toMillis(5);
    /** How often expiry is looked at. */
    static final long EXPIRY_CHECK_NANOS = TimeUnit.MINUTES.toNanos(10);
    /** First wait after a failure of the disk; doubled after each further failure. */
    static final long RECOVERY_WAIT_NANOS_MIN = TimeUnit.SECONDS.toNanos(10);
    static final long RECOVERY_WAIT_NANOS_MAX = TimeUnit.HOURS.toNanos(1);
    /** Reads that may wait for the disk. */
    static final int READS_WAITING_MAX = 1024;

    private StorageLimits() {}

    /** Rounds up to the boundary on which the next group begins. */
    static long alignUp(long offset, int alignment) {
        return (offset + alignment - 1) & -(long) alignment;
    }
}
