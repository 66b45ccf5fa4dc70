package network.conet.edge.services.internal;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import network.conet.edge.api.Signatures;
import network.conet.edge.api.ValueStore;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.RefusedException;
import network.conet.edge.protocol.service.Capability;
import network.conet.edge.protocol.service.ServiceBundle;
import network.conet.edge.protocol.service.ServiceManifest;
import network.conet.edge.services.engine.WasmEngine;
import network.conet.edge.services.guest.GuestEntry;
import network.conet.edge.services.guest.GuestLimits;
import network.conet.edge.services.guest.GuestModule;
import network.conet.edge.services.guest.GuestResult;
import network.conet.edge.services.guest.Watchdog;

/**
 * Makes a bundle ready to serve, or refuses it with a reason: who signed it, whether this version was here before with
 * other contents, what the module is and wants, its self-test, its state. Runs on one thread, which waits.
 */
final class Installer {
    private static final String SPACE = "services";
    private static final String DIGEST = "digest/";
    private static final String STATE = "state/";
    private static final String TAKEN_BACK = "back/";
    private static final String YES = "yes";

    private final ServicesSettings settings;
    private final Signatures signatures;
    private final ValueStore store;
    private final WasmEngine engine;
    private final Watchdog watchdog;
    private final CallParts parts;
    private final ServiceBook book;

    Installer(ServicesSettings settings, Signatures signatures, ValueStore store, WasmEngine engine,
            Watchdog watchdog, CallParts parts, ServiceBook book) {
        this.settings = settings;
        this.signatures = signatures;
        this.store = store;
        this.engine = engine;
        this.watchdog = watchdog;
        this.parts = parts;
        this.book = book;
    }

    /**
     * Checks a bundle completely and puts it on its shelf; afterwards it serves.
     *
     * @throws RefusedException as the bundle deserves; what served before serves on
     */
    Installed install(ServiceBundle bundle) throws RefusedException {
        checkPublisher(bundle);
        ServiceManifest manifest = bundle.manifest();
        checkUnchanged(bundle);
        boolean isNew = book.find(manifest.name(), Optional.empty()).isEmpty();
        if (isNew && book.services() >= settings.servicesMax()) {
            throw new RefusedException(RefuseReason.SERVICES_FULL, "at most " + settings.servicesMax());
        }
        Installed version = load(bundle);
        test(version);
        boolean wasTakenBack = recall(TAKEN_BACK + manifest.name() + '/' + manifest.version()).isPresent();
        if (!wasTakenBack) {
            // The state is that of the version before, which may be installed after this one when the node starts.
            carryState(version);
        }
        remember(DIGEST + manifest.name() + '/' + manifest.version(), bundle.digest());
        book.add(version, wasTakenBack);
        return version;
    }

    private void checkPublisher(ServiceBundle bundle) throws RefusedException {
        Optional<ServiceBundle.Signed> signed = bundle.signed(signatures);
        if (signed.isEmpty()) {
            if (!settings.isDevelopment()) {
                throw new RefusedException(RefuseReason.BUNDLE_UNSIGNED);
            }
            return;
        }
        boolean isGenuine = signatures.recoverPersonal(bundle.signedText(), signed.get().signature())
                .filter(signed.get().publisher()::equals).isPresent();
        if (!isGenuine) {
            throw new RefusedException(RefuseReason.BUNDLE_CHANGED);
        }
        if (!settings.publishers().contains(signed.get().publisher()) && !settings.isDevelopment()) {
            throw new RefusedException(RefuseReason.PUBLISHER_UNKNOWN,
                    signed.get().publisher().toChecksumString(signatures));
        }
    }

    private void checkUnchanged(ServiceBundle bundle) throws RefusedException {
        Optional<String> known = recall(DIGEST + bundle.manifest().name() + '/' + bundle.manifest().version());
        if (known.isPresent() && !known.get().equals(bundle.digest())) {
            throw new RefusedException(RefuseReason.SERVICE_VERSION_CHANGED,
                    bundle.manifest().title() + " was here with other contents; give it a new version");
        }
    }

    private Installed load(ServiceBundle bundle) throws RefusedException {
        ServiceManifest manifest = bundle.manifest();
        Set<Capability> refused = new TreeSet<>(manifest.capabilities().keySet());
        refused.removeAll(settings.grants());
        if (!refused.isEmpty()) {
            throw new RefusedException(RefuseReason.CAPABILITY_UNGRANTED,
                    "it asks for " + refused.iterator().next().label());
        }
        ServiceManifest.Limits limits = manifest.limits();
        GuestModule module = GuestModule.load(bundle.wasm(), manifest.capabilities().keySet(),
                new GuestLimits(limits.fuel(), Duration.ofMillis(limits.deadlineMillis()), limits.memoryPages(),
                        limits.outputBytes(), limits.callsInFlight()), engine, watchdog);
        ServiceState state = state(manifest, manifest.stateVersion());
        return new Installed(manifest, bundle.digest(), module, state, parts.clock());
    }

    private ServiceState state(ServiceManifest manifest, int version) {
        long quota = manifest.number(Capability.KV, "quotaBytes", ServiceManifest.KV_QUOTA_BYTES_DEFAULT);
        return new ServiceState(store, manifest.name(), version, quota);
    }

    /** The self-test has no state, no network and nobody who calls: it runs before the service may touch anything. */
    private void test(Installed version) throws RefusedException {
        if (version.module().has(GuestEntry.SELF_TEST)) {
            GuestResult result = version.module().call(GuestEntry.SELF_TEST, new byte[0],
                    new LonelyHost(parts.clock(), parts.random()));
            if (!result.isOk()) {
                throw new RefusedException(RefuseReason.SELF_TEST_FAILED, result.fault().get().label());
            }
        }
    }

    private void carryState(Installed version) throws RefusedException {
        ServiceManifest manifest = version.manifest();
        String key = STATE + manifest.name();
        int stored = recall(key).map(Integer::parseInt).orElse(0);
        if (stored > 0 && stored < manifest.stateVersion()) {
            if (!version.module().has(GuestEntry.MIGRATE)) {
                throw new RefusedException(RefuseReason.MIGRATION_FAILED, "no export " + GuestEntry.MIGRATE.export());
            }
            // What an attempt before left behind must not be taken for state.
            version.state().clear();
            CallHost host = new CallHost(parts, version, parts.node(), bytes -> { },
                    Optional.of(state(manifest, stored)));
            GuestResult result = version.module().call(GuestEntry.MIGRATE, new byte[0], host);
            if (!result.isOk()) {
                version.state().clear();
                throw new RefusedException(RefuseReason.MIGRATION_FAILED, result.fault().get().label());
            }
        }
        if (manifest.stateVersion() > stored) {
            remember(key, Integer.toString(manifest.stateVersion()));
        }
    }

    /** A version has proven itself: the state of the one before is of no use any more. */
    void proven(Installed version, Installed before) throws RefusedException {
        if (before.manifest().stateVersion() < version.manifest().stateVersion()) {
            before.state().clear();
        }
    }

    /** A version was taken back: it stays so after a restart, and the state is again the one before. */
    void takenBack(Installed version, Installed before) throws RefusedException {
        ServiceManifest manifest = version.manifest();
        remember(TAKEN_BACK + manifest.name() + '/' + manifest.version(), YES);
        remember(STATE + manifest.name(), Integer.toString(before.manifest().stateVersion()));
    }

    private Optional<String> recall(String key) throws RefusedException {
        return Waiting.on(store.get(SPACE, key)).map(bytes -> new String(bytes, StandardCharsets.UTF_8));
    }

    private void remember(String key, String value) throws RefusedException {
        if (!recall(key).equals(Optional.of(value))) {
            Waiting.on(store.put(SPACE, key, value.getBytes(StandardCharsets.UTF_8)));
        }
    }

}
