package network.conet.edge.chain.internal;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import network.conet.edge.api.Clock;
import network.conet.edge.api.HealthItem;
import network.conet.edge.chain.ChainLimits;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the chain can be asked: since when not, why, and when to try again. Begins as an outage, because nothing
 * is known yet. Written by the worker's thread, read by any.
 */
final class Outage {
    private static final Logger LOG = LoggerFactory.getLogger(Outage.class);
    private static final int DOUBLINGS_MAX = 16;

    private final Clock clock;
    private final RandomGenerator random;
    private final long pollMillis;
    private volatile State state;

    private record State(long sinceNanos, long sinceEpochMillis, int attempts, String reason, boolean everReached) {}

    Outage(Clock clock, RandomGenerator random, long pollMillis) {
        this.clock = clock;
        this.random = random;
        this.pollMillis = pollMillis;
        this.state = new State(clock.monotonicNanos(), clock.epochMillis(), 0, "it was not asked yet", false);
    }

    boolean isOut() {
        return state != null;
    }

    void ended() {
        if (state != null) {
            LOG.info("the chain answers");
            state = null;
        }
    }

    /**
     * Notes a failure.
     *
     * @return nanoseconds to wait: doubling from one poll up to {@link ChainLimits#BACK_OFF_MILLIS_MAX}, of which
     *     half is random, so that the nodes of a network do not all come back at once
     */
    long failed(Exception why) {
        String reason = why.getMessage() == null ? why.getClass().getSimpleName() : why.getMessage();
        State before = state;
        if (before == null || before.attempts == 0) {
            LOG.warn("the chain does not answer: {}", reason);
        }
        state = before == null
                ? new State(clock.monotonicNanos(), clock.epochMillis(), 1, reason, true)
                : new State(before.sinceNanos, before.sinceEpochMillis, before.attempts + 1, reason,
                        before.everReached);
        int doublings = Math.min(state.attempts - 1, DOUBLINGS_MAX);
        long millis = Math.min(pollMillis << doublings, ChainLimits.BACK_OFF_MILLIS_MAX);
        return TimeUnit.MILLISECONDS.toNanos(millis / 2 + random.nextLong(millis / 2 + 1));
    }

    Optional<HealthItem> health() {
        State now = state;
        if (now == null) {
            return Optional.empty();
        }
        long lasted = TimeUnit.NANOSECONDS.toMillis(clock.monotonicNanos() - now.sinceNanos);
        boolean critical = !now.everReached || lasted >= ChainLimits.OUTAGE_CRITICAL_MILLIS;
        String since = Instant.ofEpochMilli(now.sinceEpochMillis).truncatedTo(ChronoUnit.SECONDS).toString();
        String effect = now.everReached
                ? "Known routes still work, fresh users are not found."
                : "Nothing can be routed yet.";
        return Optional.of(new HealthItem("chain.unreachable",
                critical ? HealthItem.Severity.CRITICAL : HealthItem.Severity.WARNING,
                "The chain does not answer since " + since + " (" + now.reason + "). " + effect,
                "Check this node's internet connection and the setting rpcUrls; the node keeps trying."));
    }
}
