package network.conet.edge.services.proxy;

/** The bounds of the proxy that are no settings. */
final class ProxyLimits {
    /** First bytes for the target inside a command; the largest known are a request with its headers. */
    static final int BUFFER_BYTES_MAX = 256 * 1024;
    /** Text of a host; a name has 253, a literal less. */
    static final int HOST_CHARS_MAX = 256;
    /** Id by which a client pairs its two legs. */
    static final int PAIRING_CHARS_MAX = 256;
    /** How long one leg waits for the other (5.5). */
    static final int PAIRING_MILLIS = 30_000;
    /** Pairs that wait or run. */
    static final int PAIRS_MAX = 1_024;
    /** Wallets whose use of the day is remembered; those without an open tunnel are forgotten first. */
    static final int WALLETS_MAX = 4_096;
    /** Largest port. */
    static final int PORT_MAX = 65_535;

    private ProxyLimits() {}
}
