package network.conet.edge.metering.internal;

import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import network.conet.edge.api.Clock;
import network.conet.edge.api.Settlements;
import network.conet.edge.protocol.pay.PriceList;

/**
 * Keeps the prices on the chain those of the settings: tries until they are there, once a start. What stands in the
 * way is told by the health of the chain bundle. Safe for use by many threads; never waits.
 */
final class PriceSign {
    private final PriceList prices;
    private final Supplier<Optional<Settlements>> settlements;
    private final Clock clock;
    private final AtomicBoolean isDone = new AtomicBoolean();
    private boolean wasTried;
    private long triedNanos;

    PriceSign(PriceList prices, Supplier<Optional<Settlements>> settlements, Clock clock) {
        this.prices = prices;
        this.settlements = settlements;
        this.clock = clock;
    }

    /** To be called now and then. */
    synchronized void publishIfDue() {
        long nanos = clock.monotonicNanos();
        boolean isEarly = wasTried && nanos - triedNanos < TimeUnit.SECONDS.toNanos(MeteringLimits.PUBLISH_SECONDS);
        Settlements present = settlements.get().filter(each -> each.id().isPresent()).orElse(null);
        if (isDone.get() || isEarly || present == null) {
            return;
        }
        wasTried = true;
        triedNanos = nanos;
        present.publish(prices).thenAccept(isThere -> isDone.compareAndSet(false, isThere));
    }
}
