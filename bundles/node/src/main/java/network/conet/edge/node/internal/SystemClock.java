package network.conet.edge.node.internal;

import network.conet.edge.api.Clock;
import org.osgi.service.component.annotations.Component;

/** The device's own clock. Safe for use by many threads. */
@Component(service = Clock.class)
public final class SystemClock implements Clock {
    @Override
    public long epochMillis() {
        return System.currentTimeMillis();
    }

    @Override
    public long monotonicNanos() {
        return System.nanoTime();
    }
}
