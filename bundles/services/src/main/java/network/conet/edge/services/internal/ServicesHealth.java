package network.conet.edge.services.internal;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import network.conet.edge.api.Counters;
import network.conet.edge.api.HealthCheck;
import network.conet.edge.api.HealthItem;
import network.conet.edge.api.HealthItem.Severity;
import network.conet.edge.protocol.RefusedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the owner should know of his services. Safe for use by many threads. */
final class ServicesHealth implements HealthCheck {
    private static final Logger LOG = LoggerFactory.getLogger(ServicesHealth.class);

    private final ServicesSettings settings;
    private final ServiceBook book;
    private final Counters counters;
    private final Map<String, HealthItem> refused = new LinkedHashMap<>();

    ServicesHealth(ServicesSettings settings, ServiceBook book, Counters counters) {
        this.settings = settings;
        this.book = book;
        this.counters = counters;
    }

    /**
     * A bundle is not served.
     *
     * @param place where it is from
     * @param title what it is called
     */
    void refused(String place, String title, RefusedException why) {
        LOG.warn("Service {} is refused: {}", title, why.getMessage());
        counters.refused(why.reason());
        synchronized (refused) {
            refused.put(place, new HealthItem("services.refused", Severity.WARNING,
                    "The service " + title + " is refused: " + why.getMessage() + ".",
                    "Remove it, or install one that keeps the rule; docs/operating/services.md has them."));
            if (refused.size() > ServicesLimits.REFUSED_REMEMBERED) {
                refused.remove(refused.keySet().iterator().next());
            }
        }
    }

    /** What was refused at a place has gone, or was replaced by something better. */
    void forget(String place) {
        synchronized (refused) {
            refused.remove(place);
        }
    }

    @Override
    public List<HealthItem> check() {
        List<HealthItem> items = new ArrayList<>();
        if (settings.isDevelopment()) {
            items.add(new HealthItem("services.development", Severity.WARNING,
                    "Services that nobody signed are taken: this node is in development mode.",
                    "Set developmentMode of network.conet.edge.services to false before others use the node."));
        }
        for (Installed each : book.all()) {
            String title = each.manifest().title();
            switch (each.phase()) {
                case QUARANTINED -> items.add(new HealthItem("services.quarantined", Severity.CRITICAL,
                        "The service " + title + " failed many calls of several wallets and is shut off for a while.",
                        "Look at its log, update it, or let it serve again: conet service release "
                                + each.manifest().name() + "."));
                case TAKEN_BACK -> items.add(new HealthItem("services.taken_back", Severity.WARNING,
                        "The service " + title + " failed calls that the version before answers, and was taken back.",
                        "Remove it, and install a corrected one under a new version."));
                default -> { }
            }
        }
        synchronized (refused) {
            items.addAll(refused.values());
        }
        return items;
    }
}
