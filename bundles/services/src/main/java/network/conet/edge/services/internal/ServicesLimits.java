package network.conet.edge.services.internal;

import java.time.Duration;

/** Bounds of this bundle that are no settings. */
final class ServicesLimits {
    /** Calls that may wait for a thread. */
    static final int CALLS_WAITING_MAX = 64;
    /** Keys of one service's state. */
    static final int KEYS_MAX = 1024;
    /** Calls after which a new version has proven itself. */
    static final int PROBATION_CALLS = 20;
    /** Time after which it has, if nothing went wrong. */
    static final Duration PROBATION = Duration.ofMinutes(10);
    /**
     * Calls that a new version fails and the one before answers, until it is taken back; the first call alone is
     * enough.
     */
    static final int REGRESSIONS_MAX = 3;
    /** Calls that are looked back at. */
    static final int RECENT_CALLS = 20;
    /** Faults among them that shut a service off, */
    static final int RECENT_FAULTS_MAX = 10;
    /** if so many wallets met them, as one alone could do it on purpose. */
    static final int FAULT_WALLETS_MIN = 3;
    /** Faults in a row after which a wallet must wait. */
    static final int WALLET_FAULTS_MAX = 5;
    /** How long it must. */
    static final Duration WALLET_PAUSE = Duration.ofMinutes(10);
    /** Wallets whose faults are remembered, for each version. */
    static final int WALLETS_REMEMBERED = 1024;
    /** First time that a service is shut off; doubled each time. */
    static final Duration QUARANTINE = Duration.ofMinutes(10);
    /** Longest time. */
    static final Duration QUARANTINE_MAX = Duration.ofHours(24);
    /** How long a version whose bundle has gone still serves, so that an update in place loses no call. */
    static final Duration LINGER = Duration.ofSeconds(10);
    /** Refused bundles that health tells of. */
    static final int REFUSED_REMEMBERED = 16;
    /** How long a thread waits for the storage at most. */
    static final Duration STORAGE_WAIT = Duration.ofSeconds(30);

    private ServicesLimits() {}
}
