package network.conet.edge.transport.internal;

import java.util.concurrent.TimeUnit;
import network.conet.edge.api.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs faults of our own without letting a peer fill the flash: one line, with its stack trace, in
 * {@link TransportLimits#LOG_EVERY_MILLIS}, and how many were left out. Safe for use by many threads.
 */
final class FaultLog {
    private static final Logger LOG = LoggerFactory.getLogger(HttpFront.class);

    private final Clock clock;
    private boolean logged;
    private long loggedNanos;
    private long leftOut;

    FaultLog(Clock clock) {
        this.clock = clock;
    }

    void fault(String what, Throwable cause) {
        long before;
        synchronized (this) {
            long now = clock.monotonicNanos();
            if (logged && now - loggedNanos < TimeUnit.MILLISECONDS.toNanos(TransportLimits.LOG_EVERY_MILLIS)) {
                leftOut++;
                return;
            }
            logged = true;
            loggedNanos = now;
            before = leftOut;
            leftOut = 0;
        }
        LOG.error("{} ({} faults before this one were not logged)", what, before, cause);
    }
}
