package network.conet.edge.chain;

/** Every bound of this bundle in one place. Derived bounds are written as expressions of those they follow from. */
public final class ChainLimits {
    /** Nodes in one page of the registry; what existing nodes ask for (section 1.4). */
    public static final int NODES_PER_PAGE = 100;
    /** Nodes that are kept. Anybody may enter a node, so the list is cut, oldest entries first kept. */
    public static final int NODES_MAX = 2_000;
    /** base64 of a public key, as the contracts bound it. */
    public static final int PUBLIC_KEY_CHARS_MAX = 8_192;
    /** A wallet's backup of its private key, as the contracts bound it. */
    public static final int ENCRYPTED_KEY_CHARS_MAX = 8_192;
    /** Characters of a region that are kept; the registry bounds it likewise. */
    public static final int REGION_CHARS_MAX = 64;
    /** One answer: a page of nodes is hexadecimal text of at most {@code 2 * 100 * (8192 + 640)} digits. */
    public static final int ANSWER_BYTES_MAX = 4 * 1024 * 1024;
    /** Calls in one batch request. */
    public static final int BATCH_MAX = 100;
    /** Characters of a server's error text that are kept. */
    public static final int ERROR_CHARS_MAX = 200;
    /** Time to connect to a server. */
    public static final int CONNECT_TIMEOUT_MILLIS = 5_000;
    /** Silence of a server that is waited out. */
    public static final int READ_TIMEOUT_MILLIS = 8_000;
    /** Time for one answer in all; a server that sends a byte now and then is given up. */
    public static final int ANSWER_TIMEOUT_MILLIS = 15_000;

    /** Dearest gas that is paid: a server must not be able to drain the wallet with an invented price. */
    public static final long FEE_PER_GAS_WEI_MAX = 1_000_000_000_000L;
    /** Most gas for one transaction: a registration needs about 2 million. */
    public static final long TRANSACTION_GAS_MAX = 10_000_000L;
    /** Added to the estimate, because the chain moves between estimate and inclusion. */
    public static final int GAS_MARGIN_PERCENT = 20;

    /** Routes that are remembered, about 50 bytes each. */
    public static final int ROUTES_MAX = 50_000;
    /** Users that are remembered with their armored key, about 1.5 kB each. */
    public static final int USERS_MAX = 1_000;
    /** Unknown keys and wallets that are remembered as such, each. */
    public static final int MISSES_MAX = 10_000;
    /** How long an unknown key is not asked for again: a fresh user is soon reachable. */
    public static final long MISS_MILLIS = 30_000;
    /** Questions that wait for the chain, each kind. */
    public static final int QUESTIONS_MAX = 1_024;
    /** Keys asked in one request: each takes two calls. */
    public static final int QUESTIONS_PER_REQUEST = BATCH_MAX / 2;
    /** Users asked in one turn, one request each, so that the beat does not wait long. */
    public static final int USERS_PER_TURN = 16;

    /** Blocks that are read again at each poll: a reorganisation deeper than this is not seen. */
    public static final int REREAD_BLOCKS = 12;
    /** Blocks in one request for events. */
    public static final int LOG_BLOCKS_PER_REQUEST = 1_000;
    /** Missed blocks that are caught up; beyond, all that is remembered is asked for again. */
    public static final int LOG_BLOCKS_MAX = 5 * LOG_BLOCKS_PER_REQUEST;
    /** Events of the blocks that are read again. */
    public static final int RECENT_EVENTS_MAX = 4_096;
    /** A chain this many blocks behind what was seen is reported: the server is behind or the chain was reset. */
    public static final int BLOCKS_BEHIND_MAX = 64;
    /** Epochs that are made up for after a pause. */
    public static final int EPOCHS_MADE_UP_MAX = 32;
    /** The node list is read again at least this often: the existing registry tells of no new node. */
    public static final long NODES_RELOAD_MILLIS = 600_000;
    /** Longest pause between two attempts to reach the chain. */
    public static final long BACK_OFF_MILLIS_MAX = 60_000;
    /** An outage longer than this is more than a warning. */
    public static final long OUTAGE_CRITICAL_MILLIS = 600_000;
    /** Time that stopping waits for a request under way. */
    public static final long STOP_MILLIS = 1_000;

    /** Values in one answer of a server, or in the file of a private network: some 10 MiB of heap. */
    public static final int JSON_VALUES_MAX = 200_000;
    /** The file of a private network. */
    public static final int NETWORK_FILE_BYTES_MAX = 4 * 1024 * 1024;
    /** How often the file is looked at. */
    public static final long NETWORK_FILE_LOOK_MILLIS = 5_000;

    /** Registrations that wait to be sent or mined. */
    public static final int REGISTRATIONS_PENDING_MAX = 64;
    /** Redemptions that wait to be sent. */
    public static final int REDEMPTIONS_PENDING_MAX = 8;
    /** How often a redemption that is in no block is sent again. */
    public static final long RESEND_MILLIS = 10_000;
    /** How long a redemption may be in no block before its fee is raised. */
    public static final long STUCK_MILLIS = 120_000;
    /** How often its fee is raised; by then it offers three times as much. */
    public static final int REPLACEMENTS_MAX = 10;
    /** How long a server of several that failed is not asked of channels. */
    public static final long SERVER_REST_MILLIS = 30_000;
    /** How long a registration is waited for. */
    public static final long REGISTRATION_WAIT_MILLIS = 30_000;
    /** How often a sent registration is looked for. */
    public static final long REGISTRATION_LOOK_MILLIS = 1_000;
    /** Wallets whose allowance is remembered. */
    public static final int REGISTRANTS_MAX = 10_000;
    /** Registrations that are tried at most in a row; each costs questions to the chain, but no coins. */
    public static final int ATTEMPTS_BURST = 100;
    /** Attempts that are allowed in a day. */
    public static final int ATTEMPTS_PER_DAY = 8_640;

    private ChainLimits() {}
}
