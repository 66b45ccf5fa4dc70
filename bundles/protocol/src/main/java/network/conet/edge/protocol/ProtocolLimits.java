package network.conet.edge.protocol;

/**
 * Every bound of the wire in one place. Derived bounds are written as expressions of the bounds they follow
 * from. Sources: the section numbers are those of {@code docs/protocol/wire.md}.
 */
public final class ProtocolLimits {
    /** Request line and headers together. Existing nodes stop at 2,048 and then hang (9, W10). */
    public static final int HEADER_BYTES_MAX = 16 * 1024;
    /** One armored message. A chat message is 1 KiB, the largest known frame 12 KiB; 1 MiB leaves room. */
    public static final int ARMOR_BYTES_MAX = 1024 * 1024;
    /** A body is the armor as a JSON string (each line break takes one byte more) and a few members. */
    public static final int BODY_BYTES_MAX = ARMOR_BYTES_MAX + ARMOR_BYTES_MAX / 16;
    /** Hop signatures a message may carry (3.6). */
    public static final int HOPS_MAX = 3;
    /** The hop header: three entries are about 1.3 kB of base64. */
    public static final int HOP_HEADER_CHARS_MAX = 4 * 1024;
    /** Accepted difference between a hop signature's time and ours, each way (3.6). */
    public static final int HOP_WINDOW_SECONDS = 600;
    /** Accepted difference between a command's timestamp and ours, each way (4.4). */
    public static final int COMMAND_WINDOW_SECONDS = 600;
    /** How long a signed command is remembered, so that no replay falls between two windows. */
    public static final int REPLAY_MEMORY_SECONDS = 2 * COMMAND_WINDOW_SECONDS;
    /** Nesting of JSON that we read. */
    public static final int JSON_DEPTH_MAX = 16;
    /** A frame of an event stream: one armor as a JSON string. */
    public static final int FRAME_BYTES_MAX = BODY_BYTES_MAX;
    /** Port of a node whose directory entry names none (3.5). */
    public static final int NODE_PORT_DEFAULT = 80;

    private ProtocolLimits() {}
}
