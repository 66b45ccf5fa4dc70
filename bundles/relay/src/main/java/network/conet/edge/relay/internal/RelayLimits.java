package network.conet.edge.relay.internal;

import network.conet.edge.protocol.ProtocolLimits;

/** The bounds of this bundle. */
final class RelayLimits {
    /**
     * Signed commands that are remembered against replay. At this many in {@link
     * ProtocolLimits#REPLAY_MEMORY_SECONDS}, 54 a second, the oldest would be forgotten too early.
     */
    static final int REPLAY_MEMORY_COMMANDS = 65_536;
    /**
     * Commands of services that are remembered while they are timely. Reached at some 870 a second over ten minutes,
     * more than a node of this kind can decrypt; takes 8 to 16 MiB then, and next to nothing before.
     */
    static final int SPENT_COMMANDS_MAX = 1 << 19;
    /** Blocks a miner's frame may be behind ours (6.4). */
    static final int EPOCH_LAG_MINER_BLOCKS = 0;
    /** Blocks a user's frame may be behind ours (6.4). */
    static final int EPOCH_LAG_USER_BLOCKS = 5;
    /** Blocks a frame may be ahead of ours: we may have polled the chain a little later. */
    static final int EPOCH_LEAD_BLOCKS = 4;
    /** A timestamp above this is no number of seconds, but of milliseconds. */
    static final long SECONDS_PLAUSIBLE_MAX = 100_000_000_000L;

    /** Text of one message of the node's own; sealed it takes up to twice as much, and an armor has its bound. */
    static final int OUTBOX_TEXT_BYTES_MAX = ProtocolLimits.ARMOR_BYTES_MAX / 4;
    /** Messages of the node's own that are under way. */
    static final int OUTBOX_MESSAGES_MAX = 64;

    private RelayLimits() {}
}
