package network.conet.edge.services.internal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import network.conet.edge.api.Clock;
import network.conet.edge.api.PlainCounters;
import network.conet.edge.crypto.Wallet;
import network.conet.edge.crypto.WalletSignatures;
import network.conet.edge.protocol.Command;
import network.conet.edge.protocol.JsonException;
import network.conet.edge.protocol.JsonValue;
import network.conet.edge.protocol.RefusedException;
import network.conet.edge.protocol.WalletAddress;
import network.conet.edge.protocol.service.Capability;
import network.conet.edge.protocol.service.ServiceBundle;
import network.conet.edge.protocol.service.ServiceCall;
import network.conet.edge.protocol.service.ServiceCommands;
import network.conet.edge.protocol.service.ServiceName;
import network.conet.edge.protocol.service.ServiceVersion;
import network.conet.edge.services.engine.TestEngines;
import network.conet.edge.services.guest.Watchdog;
import network.conet.edge.testkit.SettableClock;

/** The services of a node without a framework: real modules, real signatures, sealed replies, a clock that is set. */
final class ServicesBench implements AutoCloseable, ServiceBook.Listener, Management.Shop {
    static final WalletSignatures SIGNATURES = new WalletSignatures();
    static final Wallet OWNER = wallet();
    static final Wallet PUBLISHER = wallet();

    final SettableClock clock = new SettableClock(1_700_000_000_000L);
    final MemoryValues values = new MemoryValues();
    final PlainCounters counters = new PlainCounters();
    final List<String> sent = new ArrayList<>();
    final List<String> told = new ArrayList<>();
    final ServiceBook book = new ServiceBook(clock, this);
    final PlainAccounts accounts = new PlainAccounts();
    final CallParts parts;
    final Installer installer;
    final Calls calls;
    final Management management;
    final ServicesHealth health;
    /** What installing throws, if not null. */
    RuntimeException fault;
    private final Watchdog watchdog;
    private int serial;

    ServicesBench() {
        this(false, EnumSet.allOf(Capability.class));
    }

    ServicesBench(boolean isDevelopment, Set<Capability> grants) {
        ServicesSettings settings = new ServicesSettings(Set.of(OWNER.address()), Set.of(PUBLISHER.address()),
                isDevelopment, grants, 4, 4, Path.of("unused"), Path.of("unused"), 0);
        parts = new CallParts(OWNER.address(), clock, new SecureRandom(), counters, (to, text) -> {
            sent.add(new String(text, StandardCharsets.UTF_8));
            return CompletableFuture.completedFuture(null);
        }, new HttpFetch(() -> null), () -> Optional.of(accounts));
        // Guests' deadlines are real time.
        watchdog = new Watchdog(new RealClock());
        installer = new Installer(settings, SIGNATURES, values, TestEngines.compiling(), watchdog, parts, book);
        calls = new Calls(book, parts, 4);
        management = new Management(settings, SIGNATURES, book, this, parts, Runnable::run);
        health = new ServicesHealth(settings, book, counters);
    }

    static Wallet wallet() {
        return Wallet.generate(new SecureRandom());
    }

    @Override
    public void close() {
        calls.close();
        watchdog.close();
    }

    static byte[] module(String name) {
        String path = "/network/conet/edge/services/" + name + ".wasm";
        try (InputStream in = ServicesBench.class.getResourceAsStream(path)) {
            return in.readAllBytes();
        } catch (IOException failed) {
            throw new AssertionError(failed);
        }
    }

    /** The module that answers with eight characters. */
    static byte[] named(String eight) {
        byte[] wasm = module("named");
        byte[] from = "version?".getBytes(StandardCharsets.US_ASCII);
        for (int at = 0; at + from.length <= wasm.length; at++) {
            if (Arrays.equals(wasm, at, at + from.length, from, 0, from.length)) {
                System.arraycopy(eight.getBytes(StandardCharsets.US_ASCII), 0, wasm, at, from.length);
                return wasm;
            }
        }
        throw new AssertionError("the module has no name");
    }

    /** @param more members of the manifest, as JSON, beginning with a comma; or nothing */
    static ServiceBundle bundle(String name, String version, String more, byte[] wasm) throws RefusedException {
        String manifest = "{\"name\":\"" + name + "\",\"version\":\"" + version + "\"" + more + "}";
        return ServiceBundle.of(manifest.getBytes(StandardCharsets.UTF_8), wasm);
    }

    static ServiceBundle signed(ServiceBundle bundle, Wallet publisher) {
        return bundle.with(new ServiceBundle.Signed(publisher.address(), publisher.signPersonal(bundle.signedText())));
    }

    Installed install(String name, String version, String more, byte[] wasm) throws RefusedException {
        return installer.install(signed(bundle(name, version, more, wasm), PUBLISHER));
    }

    SealedExchange.Answer call(WalletAddress caller, String service, String version, String input) throws Exception {
        SealedExchange exchange = new SealedExchange(++serial);
        ServiceCall call = new ServiceCall(new ServiceName(service),
                Optional.ofNullable(version).map(text -> ServiceVersion.parse(text).orElseThrow()),
                input.getBytes(StandardCharsets.UTF_8), exchange.key);
        calls.call(caller, parse(call.encode(caller, clock.epochSeconds(), "n" + serial)), exchange);
        return exchange.answer();
    }

    SealedExchange.Answer call(String service, String input) throws Exception {
        return call(wallet().address(), service, null, input);
    }

    SealedExchange.Answer manage(WalletAddress wallet, String command, Map<String, JsonValue> members)
            throws Exception {
        SealedExchange exchange = new SealedExchange(++serial);
        JsonValue.Builder json =
                ServiceCommands.begin(command, wallet, clock.epochSeconds(), "n" + serial, exchange.key);
        new LinkedHashMap<>(members).forEach(json::put);
        management.run(new Command.OfService(new Command.Header(wallet, Optional.empty(),
                OptionalLong.of(clock.epochSeconds()), Optional.of(exchange.key)), command, json.build()), exchange);
        return exchange.answer();
    }

    private static JsonValue parse(String json) {
        try {
            return JsonValue.parse(json);
        } catch (JsonException broken) {
            throw new AssertionError(broken);
        }
    }

    @Override
    public void proven(Installed version, Installed before) {
        told.add("proven " + version.manifest().version());
        try {
            installer.proven(version, before);
        } catch (RefusedException failed) {
            throw new AssertionError(failed);
        }
    }

    @Override
    public void takenBack(Installed version, Installed before) {
        told.add("taken back " + version.manifest().version());
        try {
            installer.takenBack(version, before);
        } catch (RefusedException failed) {
            throw new AssertionError(failed);
        }
    }

    @Override
    public Installed install(ServiceBundle bundle) throws RefusedException {
        if (fault != null) {
            throw fault;
        }
        return installer.install(bundle);
    }

    @Override
    public Installed update(ServiceBundle bundle) throws RefusedException {
        return installer.install(bundle);
    }

    @Override
    public void remove(Installed version) {
        book.retire(version);
    }

    private static final class RealClock implements Clock {
        @Override
        public long epochMillis() {
            return 0;
        }

        @Override
        public long monotonicNanos() {
            return System.nanoTime();
        }
    }
}
