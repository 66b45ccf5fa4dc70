package network.conet.edge.transport.internal;

/** Every bound of the sockets in one place. Section numbers are those of {@code docs/protocol/wire.md}. */
final class TransportLimits {
    /** Connections of all peers together. */
    static final int CONNECTIONS_DEFAULT = 1_000;
    /** More than any profile allows; one connection costs about 3 KiB when it is idle. */
    static final int CONNECTIONS_MAX = 100_000;
    /** Connections of one address. A household behind one address, with four entries a client, stays below. */
    static final int CONNECTIONS_PER_ADDRESS_DEFAULT = 64;
    /** Event loops; more than the cores of a board does not help. */
    static final int EVENT_LOOPS_MAX = 16;
    /** Handshakes that the kernel keeps for us while the loop is busy. */
    static final int ACCEPT_BACKLOG = 512;

    /** Complete header block, from its first byte on (9, W10: the reference waits for 60 s a byte). */
    static final int HEADER_MILLIS = 5_000;
    /** Complete request, from its first byte on. */
    static final int REQUEST_MILLIS = 15_000;
    /** No byte at all on a connection that has no work (2.1). */
    static final int IDLE_MILLIS = 60_000;
    /** How long a request waits for its answer from inside the node. */
    static final int ANSWER_MILLIS = 60_000;
    /** Connect of the next node (3.5). */
    static final int CONNECT_MILLIS = 8_000;
    /** A joined pair of connections without a byte either way (3.5). */
    static final long TUNNEL_IDLE_MILLIS = 24L * 3_600 * 1_000;
    /** A side that has ended is given up after this time without a byte (13) ... */
    static final int QUIET_MILLIS = 200;
    /** ... or after this time, whatever comes (13). */
    static final int LINGER_MILLIS = 10_000;
    /** A stream whose peer takes nothing for so long is closed (4.2). */
    static final int DRAIN_MILLIS_DEFAULT = 2_000;
    /** A stream's peer that sends no more is written to at once, after this time, and after twice the time before. */
    static final int PROBE_MILLIS = 500;
    /** Exchanges under way when the node stops are given this time. */
    static final int STOP_MILLIS = 2_000;
    /** TCP keep-alive: first probe after (2.1). Where the platform can be told. */
    static final int KEEP_ALIVE_SECONDS = 30;

    /** Bodies of all requests that wait in memory, and what was sent behind them. */
    static final int BODY_BYTES_TOTAL_DEFAULT = 16 * 1024 * 1024;
    /** A body's array is made in steps of at least this, as the bytes arrive: an announcement costs nothing. */
    static final int BODY_STEP_BYTES = 64 * 1024;
    /** Bytes behind a body, kept until it is known where they go (2.2). */
    static final int LATE_BYTES_MAX = 64 * 1024;
    /** Unsent bytes of a connection: above the high mark its source is not read ... */
    static final int WRITE_HIGH_BYTES = 64 * 1024;
    /** ... until they fell below the low mark. */
    static final int WRITE_LOW_BYTES = 32 * 1024;
    /** A frame is handed over in pieces of this size, so that progress inside a large frame is seen. */
    static final int FRAME_PIECE_BYTES = 16 * 1024;

    /** Header block of a next node's answer that we look into; a longer one is passed on unread. */
    static final int ANSWER_HEADER_BYTES_MAX = 4 * 1024;
    /** A body kept until its answer begins, to be sent again when a pooled connection was stale. */
    static final int RETRY_BODY_BYTES_MAX = 16 * 1024;
    /** Idle connections to one next node, of one event loop. */
    static final int POOL_PER_NODE_MAX = 8;
    /** Idle connections to all next nodes, of one event loop. */
    static final int POOL_TOTAL_MAX = 64;
    /** An idle connection to a next node is closed after; shorter than the {@link #IDLE_MILLIS} of the other end. */
    static final int POOL_IDLE_MILLIS = IDLE_MILLIS / 2;
    /** Names of next nodes that wait to be looked up. */
    static final int LOOKUPS_MAX = 64;
    /** Posts of the node's own under way. */
    static final int POSTS_MAX = 256;
    /** Connections to targets outside, all wallets together. One that is idle takes about 3 KiB. */
    static final int TARGETS_DEFAULT = 256;
    /** Bound of that setting. */
    static final int TARGETS_MAX = 20_000;
    /** Networks that an operator may allow. */
    static final int NETWORKS_ALLOWED_MAX = 64;
    /** Connect of one address of a target. */
    static final int TARGET_CONNECT_MILLIS = 8_000;
    /** Addresses of one name that are tried, one after the other. */
    static final int TARGET_ADDRESSES_MAX = 3;
    /** Threads that ask for names of targets; one that hangs in the system's resolver holds its thread. */
    static final int NAME_THREADS_MAX = 4;
    /** Names of targets that wait to be asked for. */
    static final int NAMES_WAITING_MAX = 128;
    /** Whoever waits for a name gives up after. */
    static final int NAME_MILLIS = 5_000;
    /** Names that are remembered. */
    static final int NAMES_REMEMBERED_MAX = 512;
    /** How long: the system's resolver does not tell how long an answer holds. */
    static final int NAME_REMEMBERED_MILLIS = 30_000;
    /** How long it is remembered that there is no such name. */
    static final int NO_NAME_REMEMBERED_MILLIS = 5_000;
    /** The addresses of this host's own interfaces are looked at again after. */
    static final int OWN_ADDRESSES_MILLIS = 30_000;

    /** A fault of our own is logged at most once in this time. */
    static final int LOG_EVERY_MILLIS = 60_000;
    /** A changed certificate file is noticed within this time. */
    static final int CERTIFICATE_CHECK_MILLIS = 60_000;

    private TransportLimits() {}
}
