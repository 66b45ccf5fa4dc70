package network.conet.edge.services.internal;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import network.conet.edge.api.Accounts;
import network.conet.edge.api.Clock;
import network.conet.edge.api.Counters;
import network.conet.edge.api.Dialer;
import network.conet.edge.api.Exchange;
import network.conet.edge.api.HealthCheck;
import network.conet.edge.api.HealthItem;
import network.conet.edge.api.KeyRing;
import network.conet.edge.api.Lifecycle;
import network.conet.edge.api.Outbox;
import network.conet.edge.api.ServiceHost;
import network.conet.edge.api.Signatures;
import network.conet.edge.api.ValueStore;
import network.conet.edge.protocol.Command;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.RefusedException;
import network.conet.edge.protocol.service.ServiceBundle;
import network.conet.edge.protocol.service.ServiceCall;
import network.conet.edge.protocol.service.ServiceCommands;
import network.conet.edge.services.engine.ChicoryEngine;
import network.conet.edge.services.engine.CompileCache;
import network.conet.edge.services.guest.Watchdog;
import network.conet.edge.services.proxy.ProxyHost;
import network.conet.edge.services.proxy.ProxySettings;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.BundleException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.util.tracker.BundleTracker;
import org.osgi.util.tracker.BundleTrackerCustomizer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The services of a node: an extender over bundles that carry a manifest of a service, whoever installed them, and the
 * place where commands of services are answered.
 */
@Component(name = ServicesComponent.PID, configurationPid = ServicesComponent.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE,
        service = {ServiceHost.class, HealthCheck.class, ServiceDrop.class})
@Designate(ocd = ServicesConfig.class)
public final class ServicesComponent implements ServiceHost, HealthCheck, ServiceDrop, ServiceBook.Listener,
        BundleTrackerCustomizer<Long> {
    static final String PID = "network.conet.edge.services";

    private static final Logger LOG = LoggerFactory.getLogger(ServicesComponent.class);
    private static final String DATA_PROPERTY = "conet.data";
    private static final String DROP_LOCATION = "conet-drop:";

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile Outbox outbox;

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile Dialer dialer;

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile Accounts accounts;

    private final BundleContext context;
    private final ServiceBook book;
    private final Installer installer;
    private final Calls calls;
    private final ProxyHost proxy;
    private final Management management;
    private final Watchdog watchdog;
    private final InstallThread thread = new InstallThread();
    private final ServicesHealth health;
    private final ServiceFiles files;
    private final BundleTracker<Long> tracker;
    /** Versions before which the older ones go when they have proven themselves. On the installing thread. */
    private final Set<Installed> updates = new HashSet<>();

    /** Called by the component runtime. */
    @Activate
    public ServicesComponent(BundleContext context, ServicesConfig config, @Reference Clock clock,
            @Reference Counters counters, @Reference Lifecycle lifecycle, @Reference KeyRing keys,
            @Reference Signatures signatures, @Reference ValueStore store) {
        this.context = context;
        ServicesSettings settings;
        ProxySettings proxySettings;
        try {
            proxySettings = ConfigReader.proxy(config);
            settings = ConfigReader.settings(config, signatures, data(context));
        } catch (IllegalArgumentException bad) {
            lifecycle.refuseToStart(PID, bad.getMessage());
            throw bad;
        }
        CallParts parts = new CallParts(keys.wallet(), clock, new SecureRandom(), counters, (to, text) -> {
            Outbox present = outbox;
            return present == null ? Waiting.failed(RefuseReason.ROUTES_UNAVAILABLE) : present.send(to, text);
        }, new HttpFetch(() -> dialer), () -> Optional.ofNullable(accounts));
        book = new ServiceBook(clock, this);
        files = new ServiceFiles(settings.dropDirectory().toAbsolutePath());
        health = new ServicesHealth(settings, book, counters);
        watchdog = new Watchdog(clock);
        CompileCache cache = new CompileCache(settings.cacheDirectory(), settings.cacheBytes());
        installer = new Installer(settings, signatures, store, new ChicoryEngine(cache), watchdog, parts, book);
        calls = new Calls(book, parts, settings.threads());
        proxy = new ProxyHost(calls, () -> dialer, proxySettings, clock, () -> Optional.ofNullable(accounts));
        management = new Management(settings, signatures, book, new Framework(), parts, thread);
        tracker = new BundleTracker<>(context, Bundle.ACTIVE, this);
        thread.execute(this::forgetDropped);
        tracker.open();
        thread.every(1, TimeUnit.SECONDS, book::tick);
        thread.every(1, TimeUnit.SECONDS, proxy::tick);
    }

    private static Path data(BundleContext context) {
        String data = context.getProperty(DATA_PROPERTY);
        return data == null ? Path.of("") : Path.of(data);
    }

    /** Called by the component runtime. */
    @Deactivate
    void deactivate() {
        tracker.close();
        thread.close();
        calls.close();
        watchdog.close();
    }

    @Override
    public void run(Command.OfService command, Exchange exchange) {
        if (command.name().equals(ServiceCall.COMMAND)) {
            calls.call(command.header().wallet(), command.message(), exchange);
        } else if (ServiceCommands.ALL.contains(command.name())) {
            management.run(command, exchange);
        } else if (proxy.commands().contains(command.name())) {
            proxy.run(command, exchange);
        } else {
            exchange.refuse(RefuseReason.COMMAND_UNKNOWN);
        }
    }

    @Override
    public List<HealthItem> check() {
        return health.check();
    }

    // ---- bundles that come and go

    @Override
    public Long addingBundle(Bundle bundle, BundleEvent event) {
        if (bundle.getEntry(ServiceBundle.MANIFEST) == null) {
            return null;
        }
        thread.execute(() -> adopt(bundle));
        return bundle.getBundleId();
    }

    @Override
    public void modifiedBundle(Bundle bundle, BundleEvent event, Long id) {
        // Active bundles do not change without going first.
    }

    @Override
    public void removedBundle(Bundle bundle, BundleEvent event, Long id) {
        thread.execute(() -> {
            book.bundleGone(id);
            health.forget(bundle.getLocation());
        });
    }

    private void adopt(Bundle bundle) {
        try {
            ServiceBundle service = ServiceBundle.ofFiles(contents(bundle));
            Installed version = book.ofDigest(service.digest()).orElse(null);
            if (version == null) {
                version = installer.install(service);
                LOG.info("Service {} serves", version.manifest().title());
            }
            book.attach(bundle.getBundleId(), version);
        } catch (RefusedException refused) {
            health.refused(bundle.getLocation(), bundle.getSymbolicName() + " " + bundle.getVersion(), refused);
        } catch (IOException | IllegalStateException gone) {
            LOG.warn("A service's bundle cannot be read: {}", gone.toString());
        }
    }

    private static Map<String, byte[]> contents(Bundle bundle) throws IOException, RefusedException {
        Map<String, byte[]> files = new HashMap<>();
        int left = ServiceBundle.BYTES_MAX;
        for (URL entry : Collections.list(bundle.findEntries("/", "*", true))) {
            String name = entry.getPath().substring(1);
            if (name.endsWith("/")) {
                continue;
            }
            try (InputStream in = entry.openStream()) {
                byte[] contents = in.readNBytes(left + 1);
                left -= contents.length;
                if (left < 0) {
                    throw new RefusedException(RefuseReason.MANIFEST_MALFORMED,
                            "more than " + ServiceBundle.BYTES_MAX + " bytes");
                }
                files.put(name, contents);
            }
        }
        return files;
    }

    /** Bundles of dropped files that went while the node was off. */
    private void forgetDropped() {
        for (Bundle bundle : context.getBundles()) {
            String location = bundle.getLocation();
            boolean isGone = location.startsWith(DROP_LOCATION)
                    && !Files.exists(Path.of(location.substring(DROP_LOCATION.length())));
            if (isGone) {
                uninstall(bundle);
            }
        }
    }

    private static void uninstall(Bundle bundle) {
        try {
            bundle.uninstall();
        } catch (BundleException | IllegalStateException failed) {
            LOG.warn("A service's bundle cannot be removed: {}", failed.toString());
        }
    }

    // ---- files that are dropped

    @Override
    public void dropped(Path file, byte[] jar) {
        thread.execute(() -> {
            try {
                ServiceBundle bundle = ServiceBundle.ofJar(jar);
                new Framework().put(bundle, bundle.toJar(), DROP_LOCATION + file);
                health.forget(DROP_LOCATION + file);
            } catch (RefusedException refused) {
                health.refused(DROP_LOCATION + file, String.valueOf(file.getFileName()), refused);
            }
        });
    }

    @Override
    public void taken(Path file) {
        thread.execute(() -> {
            String location = DROP_LOCATION + file;
            health.forget(location);
            Bundle bundle = context.getBundle(location);
            if (bundle != null) {
                uninstall(bundle);
            }
        });
    }

    // ---- what the book tells

    @Override
    public void proven(Installed version, Installed before) {
        thread.execute(() -> {
            try {
                installer.proven(version, before);
            } catch (RefusedException failed) {
                LOG.warn("The old state of {} cannot be removed: {}", version.manifest().name(), failed.getMessage());
            }
            if (updates.remove(version)) {
                removeOlder(version);
            }
            LOG.info("Service {} has proven itself", version.manifest().title());
        });
    }

    @Override
    public void takenBack(Installed version, Installed before) {
        LOG.warn("Service {} failed calls that {} answers, and was taken back", version.manifest().title(),
                before.manifest().version());
        thread.execute(() -> {
            updates.remove(version);
            try {
                installer.takenBack(version, before);
            } catch (RefusedException failed) {
                LOG.warn("That {} was taken back cannot be remembered: {}", version.manifest().title(),
                        failed.getMessage());
            }
        });
    }

    /** Removes what a version came in place of: not one that came later, while this one was proving itself. */
    private void removeOlder(Installed version) {
        for (Installed each : book.all()) {
            boolean isOlder = each.manifest().name().equals(version.manifest().name())
                    && (each.manifest().version().compareTo(version.manifest().version()) < 0
                            || each.phase() == Installed.Phase.TAKEN_BACK);
            if (isOlder) {
                new Framework().remove(each);
            }
        }
    }

    /** The framework as a place where services stay. */
    private final class Framework implements Management.Shop {
        @Override
        public Installed install(ServiceBundle bundle) throws RefusedException {
            byte[] jar = bundle.toJar();
            Path file = files.path(bundle.manifest());
            Installed version = put(bundle, jar, DROP_LOCATION + file);
            try {
                ServiceFiles.write(file, jar);
            } catch (IOException failed) {
                remove(version);
                throw new RefusedException(RefuseReason.STORAGE_FAILED, "its file cannot be written");
            }
            return version;
        }

        @Override
        public Installed update(ServiceBundle bundle) throws RefusedException {
            Installed version = install(bundle);
            if (version.phase() == Installed.Phase.PROBATION) {
                updates.add(version);
            } else if (book.isCurrent(version)) {
                removeOlder(version);
            }
            return version;
        }

        @Override
        public void remove(Installed version) {
            Long id = book.bundleOf(version).orElse(null);
            updates.remove(version);
            book.retire(version);
            Bundle bundle = id == null ? null : context.getBundle(id);
            if (bundle != null) {
                deleteFile(bundle.getLocation());
                uninstall(bundle);
            }
        }

        private void deleteFile(String location) {
            if (location.startsWith(DROP_LOCATION)) {
                try {
                    Files.deleteIfExists(Path.of(location.substring(DROP_LOCATION.length())));
                } catch (IOException failed) {
                    LOG.warn("A service's file cannot be removed, it will serve again: {}", failed.toString());
                }
            }
        }

        /** Checks first: the framework never sees what is refused. */
        private Installed put(ServiceBundle bundle, byte[] jar, String location) throws RefusedException {
            Installed same = book.ofDigest(bundle.digest()).orElse(null);
            if (same != null) {
                return same;
            }
            Installed version = installer.install(bundle);
            try {
                Bundle present = context.getBundle(location);
                if (present == null) {
                    present = context.installBundle(location, new ByteArrayInputStream(jar));
                } else {
                    present.update(new ByteArrayInputStream(jar));
                }
                book.attach(present.getBundleId(), version);
                present.start();
            } catch (BundleException failed) {
                book.retire(version);
                LOG.warn("The framework does not take a service's bundle: {}", failed.toString());
                throw new RefusedException(RefuseReason.STORAGE_FAILED, "the framework does not take it");
            }
            LOG.info("Service {} serves", version.manifest().title());
            return version;
        }
    }
}
