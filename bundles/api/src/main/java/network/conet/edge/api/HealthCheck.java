package network.conet.edge.api;

import java.util.List;

/** Registered as a service by each bundle that can be unwell. */
public interface HealthCheck {
    /** The present state, without waiting and without I/O. Empty or all {@code OK} when nothing is wrong. */
    List<HealthItem> check();
}
