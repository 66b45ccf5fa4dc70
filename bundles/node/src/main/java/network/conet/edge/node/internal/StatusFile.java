package network.conet.edge.node.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import network.conet.edge.api.Counter;
import network.conet.edge.api.Counters;
import network.conet.edge.api.HealthCheck;
import network.conet.edge.api.HealthItem;
import network.conet.edge.api.KeyRing;
import network.conet.edge.protocol.JsonValue;
import network.conet.edge.protocol.RefuseReason;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows health and counters to people and programs on the device: the file {@code status.json} in the directory that
 * the framework property {@value #DIRECTORY_PROPERTY} names, which lies in memory and not on flash. Changes of health
 * are logged as well, once each.
 */
@Component(immediate = true, service = {})
public final class StatusFile {
    static final String DIRECTORY_PROPERTY = "conet.run";

    private static final Logger LOG = LoggerFactory.getLogger(StatusFile.class);
    private static final long PERIOD_MILLIS = 5000;

    private final Counters counters;
    private final Path directory;
    private final ScheduledExecutorService timer;
    private List<HealthItem> lastTroubles = List.of();
    private boolean isFailing;

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    private final List<HealthCheck> checks = new CopyOnWriteArrayList<>();

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    private volatile KeyRing keys;

    /** Called by the component runtime. */
    @Activate
    public StatusFile(BundleContext context, @Reference Counters counters) {
        this.counters = counters;
        String name = context.getProperty(DIRECTORY_PROPERTY);
        directory = name == null ? null : Path.of(name);
        timer = Executors.newSingleThreadScheduledExecutor(work -> {
            Thread thread = new Thread(null, work, "conet-status", 256 * 1024);
            thread.setDaemon(true);
            return thread;
        });
        timer.scheduleWithFixedDelay(this::refresh, 0, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Called by the component runtime. */
    @Deactivate
    void deactivate() {
        timer.shutdownNow();
    }

    /** An outer loop: a check that is broken must not silence the others for ever. */
    private void refresh() {
        try {
            show();
        } catch (RuntimeException broken) {
            LOG.error("The status cannot be gathered", broken);
        }
    }

    private void show() {
        List<HealthItem> items = new ArrayList<>();
        for (HealthCheck check : checks) {
            items.addAll(check.check());
        }
        logChanges(items);
        if (directory != null) {
            write(toJson(items));
        }
    }

    private void logChanges(List<HealthItem> items) {
        List<HealthItem> troubles =
                items.stream().filter(item -> item.severity() != HealthItem.Severity.OK).toList();
        for (HealthItem item : troubles) {
            if (lastTroubles.stream().noneMatch(last -> last.code().equals(item.code()))) {
                LOG.warn("{}: {} {}", item.code(), item.title(), item.action());
            }
        }
        for (HealthItem last : lastTroubles) {
            if (troubles.stream().noneMatch(item -> item.code().equals(last.code()))) {
                LOG.info("{}: well again", last.code());
            }
        }
        lastTroubles = troubles;
    }

    private JsonValue toJson(List<HealthItem> items) {
        List<JsonValue> health = new ArrayList<>();
        for (HealthItem item : items) {
            health.add(JsonValue.object()
                    .put("code", item.code())
                    .put("severity", item.severity().name())
                    .put("title", item.title())
                    .put("action", item.action())
                    .build());
        }
        JsonValue.Builder counted = JsonValue.object();
        for (Counter counter : Counter.values()) {
            counted.put(counter.label(), counters.value(counter));
        }
        JsonValue.Builder refused = JsonValue.object();
        for (RefuseReason reason : RefuseReason.values()) {
            refused.put(reason.label(), counters.refusals(reason));
        }
        JsonValue.Builder status = JsonValue.object();
        KeyRing present = keys;
        if (present != null) {
            status.put("node", JsonValue.object()
                    .put("wallet", present.wallet().toString())
                    .put("keyId", present.keyId().toString())
                    .put("publicKey", present.publicKeyArmored())
                    .build());
        }
        return status
                .put("health", JsonValue.array(health))
                .put("counters", counted.build())
                .put("refused", refused.build())
                .build();
    }

    /** A status that cannot be written must not end the node; it is said once. */
    private void write(JsonValue status) {
        try {
            Path draft = directory.resolve("status.json.new");
            Files.write(draft, (status + "\n").getBytes(StandardCharsets.UTF_8));
            Files.move(draft, directory.resolve("status.json"), StandardCopyOption.ATOMIC_MOVE);
            isFailing = false;
        } catch (IOException failed) {
            if (!isFailing) {
                LOG.warn("The status cannot be written: {}", failed.toString());
            }
            isFailing = true;
        }
    }
}
