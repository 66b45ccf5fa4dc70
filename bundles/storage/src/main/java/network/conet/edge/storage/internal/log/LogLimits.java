package network.conet.edge.storage.internal.log;

import network.conet.edge.protocol.Hash256;
import network.conet.edge.protocol.ProtocolLimits;

/** Every bound of the log engine in one place. */
public final class LogLimits {
    /** Groups begin on this boundary where the medium has no smaller page. A torn page must not reach an old group. */
    public static final int ALIGNMENT_BYTES_MAX = 4096;
    /** The smallest page of raw NAND that is in use. */
    public static final int ALIGNMENT_BYTES_MIN = 2048;
    /** Largest payload of a record: the hash and the largest message. */
    public static final int PAYLOAD_BYTES_MAX = Hash256.BYTES + ProtocolLimits.ARMOR_BYTES_MAX;
    /** A location keeps an offset in 26 bits. */
    public static final int SEGMENT_BYTES_MAX = 1 << 26;
    /** Four pages: header, marks, one small message and room to see that more is needed. */
    public static final int SEGMENT_BYTES_MIN = 4 * ALIGNMENT_BYTES_MAX;
    /** A location keeps a file number in 14 bits. */
    public static final int SEGMENTS_MAX = 1 << 14;
    /** One written, two in reserve, one to roll into, one that still has live records. */
    public static final int SEGMENTS_MIN = 5;
    /** The one write buffer; also the window through which segments are scanned. */
    static final int BUFFER_BYTES = 256 * 1024;
    /** A group takes no further message beyond this. */
    public static final int GROUP_BYTES_MAX = 256 * 1024;
    /** A segment whose index would be larger gets none and is scanned when it is opened. */
    static final int FOOTER_BYTES_MAX = 256 * 1024;
    /** Segments that may wait for their end mark at once: the last one, and those whose first group was torn. */
    static final int UNSEALED_MAX = 16;
    /** Masked payloads up to this size share one buffer. */
    static final int SCRATCH_BYTES = 64 * 1024;
    /** Ciphers that are kept for the next use. */
    static final int CIPHERS_MAX = 4;

    private LogLimits() {}

    /** Rounds up to the boundary on which the next group begins. */
    static long alignUp(long offset, int alignment) {
        return (offset + alignment - 1) & -(long) alignment;
    }
}
