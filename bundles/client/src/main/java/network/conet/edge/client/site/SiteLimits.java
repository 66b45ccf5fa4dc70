package network.conet.edge.client.site;

import java.time.Duration;

/** Bounds of both sides. */
final class SiteLimits {
    /** Body of one message; larger bodies travel in parts. */
    static final int PART_BYTES = 384 * 1024;
    /** Largest body of a request. */
    static final int REQUEST_BODY_BYTES_MAX = 16 << 20;
    /** Largest body of an answer. */
    static final long ANSWER_BODY_BYTES_MAX = 1L << 30;
    /** Requests whose parts have not all come, for all requesters; and of one. */
    static final int UNFINISHED_MAX = 32;
    static final int UNFINISHED_OF_ONE_MAX = 4;
    /** Requests that are answered at the same time; more wait up to this many. */
    static final int ANSWERING_MAX = 8;
    static final int WAITING_MAX = 64;
    /** Requests that one front has open. */
    static final int OPEN_MAX = 64;
    /** How long a request may travel, as in existing clients. */
    static final Duration VALIDITY = Duration.ofSeconds(60);
    /** How long the next part of an answer may take. */
    static final Duration PATIENCE = Duration.ofSeconds(60);
    /** Requests that are remembered against replay. */
    static final int REMEMBERED_MAX = 20_000;
    /** Parts of an answer that may wait for those before them. */
    static final int EARLY_PARTS_MAX = 64;
    /** Bytes of answers that a front keeps. */
    static final long CACHE_BYTES_MAX = 64L << 20;
    /** Largest answer that it keeps. */
    static final int CACHED_BYTES_MAX = 4 << 20;
    /** Path and query together. */
    static final int TARGET_CHARS_MAX = 4096;
    /** Headers of one message, and characters of one value. */
    static final int HEADERS_MAX = 32;
    static final int HEADER_CHARS_MAX = 4096;

    private SiteLimits() {}
}
