package network.conet.edge.services.internal;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import network.conet.edge.api.Clock;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.WalletAddress;
import network.conet.edge.protocol.service.Capability;
import network.conet.edge.protocol.service.ServiceManifest;
import network.conet.edge.services.guest.GuestModule;

/**
 * One version of a service on this node, with what is remembered of its calls. Guarded by itself; its place among the
 * versions is {@link ServiceBook}'s business.
 */
final class Installed {
    /** How it stands. */
    enum Phase {
        /** New: calls are watched, and the version before stands by. */
        PROBATION,
        /** Serves. */
        SERVING,
        /** Shut off for a while after too many faults. */
        QUARANTINED,
        /** Was worse than the version before; serves only who asks for it by version. */
        TAKEN_BACK,
        /** Serves no new calls. */
        RETIRED
    }

    private final ServiceManifest manifest;
    private final String digest;
    private final GuestModule module;
    private final ServiceState state;
    private final HourlyBudget mail;
    private final HourlyBudget fetched;
    private final Clock clock;
    private final Deque<Optional<WalletAddress>> recent = new ArrayDeque<>();
    private final Map<WalletAddress, Strikes> strikes = new LinkedHashMap<>();

    private Phase phase = Phase.SERVING;
    private Optional<Installed> before = Optional.empty();
    private long phaseNanos;
    private long shutOffNanos;
    private int shutOffs;
    private int calls;
    private int regressions;

    private record Strikes(int count, long lastNanos) {}

    Installed(ServiceManifest manifest, String digest, GuestModule module, ServiceState state, Clock clock) {
        this.manifest = manifest;
        this.digest = digest;
        this.module = module;
        this.state = state;
        this.clock = clock;
        this.mail = new HourlyBudget(clock, manifest.number(
                Capability.MAIL, "messagesPerHour", 60));
        this.fetched = new HourlyBudget(clock, manifest.number(
                Capability.HTTP, "bytesPerHour", 1 << 20));
        this.phaseNanos = clock.monotonicNanos();
    }

    ServiceManifest manifest() {
        return manifest;
    }

    String digest() {
        return digest;
    }

    GuestModule module() {
        return module;
    }

    ServiceState state() {
        return state;
    }

    HourlyBudget mail() {
        return mail;
    }

    HourlyBudget fetched() {
        return fetched;
    }

    synchronized Phase phase() {
        if (phase == Phase.QUARANTINED && clock.monotonicNanos() - shutOffNanos >= 0) {
            enter(Phase.SERVING);
        }
        return phase;
    }

    /** The version that stands by while this one is on probation. */
    synchronized Optional<Installed> before() {
        return before;
    }

    synchronized void beginProbation(Installed standBy) {
        before = Optional.of(standBy);
        calls = 0;
        regressions = 0;
        enter(Phase.PROBATION);
    }

    synchronized void serve() {
        before = Optional.empty();
        enter(Phase.SERVING);
    }

    synchronized void takeBack() {
        before = Optional.empty();
        enter(Phase.TAKEN_BACK);
    }

    synchronized void retire() {
        before = Optional.empty();
        enter(Phase.RETIRED);
    }

    /** The owner looked: it serves at once, and its faults are forgotten. */
    synchronized void release() {
        if (phase == Phase.QUARANTINED) {
            shutOffs = 0;
            enter(Phase.SERVING);
        }
        strikes.clear();
    }

    private void enter(Phase next) {
        phase = next;
        phaseNanos = clock.monotonicNanos();
        recent.clear();
    }

    /** Whether a wallet met so many faults in a row that it must wait. */
    synchronized boolean isPaused(WalletAddress wallet) {
        Strikes found = strikes.get(wallet);
        return found != null && found.count >= ServicesLimits.WALLET_FAULTS_MAX
                && clock.monotonicNanos() - found.lastNanos < ServicesLimits.WALLET_PAUSE.toNanos();
    }

    /** Whether a fault is the service's, and not an answer that it chose or a lack of room. */
    static boolean isFault(Optional<RefuseReason> fault) {
        return fault.isPresent() && switch (fault.get()) {
            case FUEL_SPENT, STACK_EXHAUSTED, DEADLINE_PASSED, OUTPUT_TOO_LARGE, GUEST_TRAPPED -> true;
            default -> false;
        };
    }

    /** Remembers how a call ended; may shut the service off. */
    synchronized void ended(WalletAddress caller, boolean isFault) {
        calls++;
        recent.addLast(isFault ? Optional.of(caller) : Optional.empty());
        if (recent.size() > ServicesLimits.RECENT_CALLS) {
            recent.removeFirst();
        }
        if (!isFault) {
            strikes.remove(caller);
            return;
        }
        strikes.merge(caller, new Strikes(1, clock.monotonicNanos()),
                (old, one) -> new Strikes(old.count + 1, one.lastNanos));
        if (strikes.size() > ServicesLimits.WALLETS_REMEMBERED) {
            strikes.remove(strikes.keySet().iterator().next());
        }
        if (phase == Phase.SERVING && isTooFaulty()) {
            shutOff();
        }
    }

    private boolean isTooFaulty() {
        int faults = 0;
        Set<WalletAddress> wallets = new HashSet<>();
        for (Optional<WalletAddress> each : recent) {
            if (each.isPresent()) {
                faults++;
                wallets.add(each.get());
            }
        }
        return faults >= ServicesLimits.RECENT_FAULTS_MAX && wallets.size() >= ServicesLimits.FAULT_WALLETS_MIN;
    }

    private void shutOff() {
        Duration time = ServicesLimits.QUARANTINE.multipliedBy(1L << Math.min(shutOffs++, 10));
        Duration bounded = time.compareTo(ServicesLimits.QUARANTINE_MAX) > 0 ? ServicesLimits.QUARANTINE_MAX : time;
        enter(Phase.QUARANTINED);
        shutOffNanos = phaseNanos + bounded.toNanos();
    }

    /** A call failed here that the version before answered. Returns whether that was once too often. */
    synchronized boolean regressed() {
        regressions++;
        return phase == Phase.PROBATION && (calls <= 1 || regressions >= ServicesLimits.REGRESSIONS_MAX);
    }

    /** Whether probation is over and was passed. */
    synchronized boolean hasProvenItself() {
        return phase == Phase.PROBATION && (calls >= ServicesLimits.PROBATION_CALLS
                || clock.monotonicNanos() - phaseNanos >= ServicesLimits.PROBATION.toNanos());
    }
}
