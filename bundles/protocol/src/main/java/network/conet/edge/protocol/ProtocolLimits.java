package network.conet.edge.protocol;

/**
 * Every bound of the wire in one place. Derived bounds are written as expressions of the bounds they follow
 * from. Sources: the section numbers are those of {@code docs/protocol/wire.md}.
 */
public final class ProtocolLimits {
    /** Request line and headers together. Existing nodes stop at 2,048 and then hang (section 9). */
    public static final int HEADER_BYTES_MAX = 16 * 1024;
    /** One armored message. A chat message is 1 KiB, the largest known frame 12 KiB; 1 MiB leaves room. */
    public static final int ARMOR_BYTES_MAX = 1024 * 1024;
    /**
     * A body is the armor as a JSON string (each line break takes one byte more) and a few members. An armor whose
     * own body would be larger, because it is mostly line breaks or control characters, counts as too large itself:
     * no node could send it on.
     */
    public static final int BODY_BYTES_MAX = ARMOR_BYTES_MAX + ARMOR_BYTES_MAX / 16;
    /** Hop signatures a message may carry (3.6). */
    public static final int HOPS_MAX = 3;
    /** The hop header: three entries are about 1.3 kB of base64. */
    public static final int HOP_HEADER_CHARS_MAX = 4 * 1024;
    /** Accepted difference between a command's timestamp and ours, each way (4.4). */
    public static final int COMMAND_WINDOW_SECONDS = 600;
    /** How long a signed command is remembered, so that no replay falls between two windows. */
    public static final int REPLAY_MEMORY_SECONDS = 2 * COMMAND_WINDOW_SECONDS;
    /** An armored key in a registration, as base64; a key of this kind has about 1,200 characters (5.2). */
    public static final int KEY_CHARS_MAX = 16 * 1024;
    /** Nesting of JSON that we read. */
    public static final int JSON_DEPTH_MAX = 16;
    /**
     * Values in one JSON text that we read. An array of zeros takes forty times its text in memory; this keeps a
     * tree below some 6 MiB. The largest known text, an epoch frame of an existing node, lists its users.
     */
    public static final int JSON_VALUES_MAX = 32 * 1024;
    /** Characters of a whole number that we read; reading more digits takes time that grows with their square. */
    public static final int JSON_INTEGER_CHARS_MAX = 64;
    /** The largest whole number that we read, and, negated, the smallest: what JavaScript holds exactly. */
    public static final long JSON_INTEGER_MAX = (1L << 53) - 1;
    /** A frame of an event stream: one armor as a JSON string. */
    public static final int FRAME_BYTES_MAX = BODY_BYTES_MAX;
    /** Port of a node whose directory entry names none (3.5). */
    public static final int NODE_PORT_DEFAULT = 80;

    private ProtocolLimits() {}
}
