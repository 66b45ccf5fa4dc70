package network.conet.edge.storage.internal;

import java.util.concurrent.TimeUnit;

/** Every bound of the storage service that is not a setting, in one place. */
final class StorageLimits {
    /** What a waiting write costs in memory beside its bytes, so that tiny ones are bounded too. */
    static final int PENDING_OVERHEAD_BYTES = 256;
    /** Acknowledged hashes that are remembered; the oldest are forgotten first. */
    static final int RECENT_ACKS_MAX = 16 * 1024;
    /** Acknowledgements that do not wait for a group to ride on any longer. */
    static final int ACKS_WAITING = 4096;
    /** When acknowledgements found no room, they are tried again not before this. */
    static final long ACK_RETRY_NANOS = TimeUnit.SECONDS.toNanos(10);
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
    /** How often the medium is asked for its own figures. */
    static final long CARD_CHECK_NANOS = TimeUnit.HOURS.toNanos(1);
    /** First wait after a failure of the disk; doubled after each further failure. */
    static final long RECOVERY_WAIT_NANOS_MIN = TimeUnit.SECONDS.toNanos(10);
    static final long RECOVERY_WAIT_NANOS_MAX = TimeUnit.HOURS.toNanos(1);
    /** Reads that may wait for the disk. */
    static final int READS_WAITING_MAX = 1024;
    /** One free segment to roll into and two in reserve. */
    static final int FREE_SEGMENTS_WANTED = 3;
    /** Live records are copied out of the oldest segments when they are no more than this part of their room... */
    static final double COMPACT_SHARE_IDLE = 0.25;
    /** ...or, when new mail would have to be refused otherwise, this part. */
    static final double COMPACT_SHARE_PRESSED = 0.75;
    /** Sources of new mail whose share is remembered; the one that was silent longest is forgotten first. */
    static final int SOURCES_MAX = 4096;
    /** Owners of mailboxes whose last visit is remembered. */
    static final int OWNERS_MAX = 20_000;
    /** Values at most, those of the node itself included. */
    static final int VALUES_MAX = OWNERS_MAX + 12_000;
    /** A record that the medium does not give is asked for so often, with a wait between, before it counts as lost. */
    static final int UNREADABLE_ATTEMPTS = 3;
    static final long UNREADABLE_WAIT_NANOS = TimeUnit.HOURS.toNanos(1);
    /** Lines of damage that health keeps. */
    static final int DAMAGE_LINES_MAX = 16;

    private StorageLimits() {}
}
