package network.conet.edge.bench.wasm;

import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import network.conet.edge.bench.RealClock;
import network.conet.edge.services.engine.ChicoryEngine;
import network.conet.edge.services.engine.CompileCache;
import network.conet.edge.services.guest.GuestEntry;
import network.conet.edge.services.guest.GuestHost;
import network.conet.edge.services.guest.GuestLimits;
import network.conet.edge.services.guest.GuestModule;
import network.conet.edge.services.guest.Watchdog;

/** Calls through the whole guest interface: an empty one, and one that echoes 1 KiB. */
final class OurGuests {
    private static final GuestLimits LIMITS =
            new GuestLimits(50_000_000, Duration.ofSeconds(10), 16, 1 << 20, 1);

    private final Watchdog watchdog = new Watchdog(new RealClock());
    private final GuestModule echo;
    private final GuestModule nothing;
    private final byte[] kibibyte = new byte[1024];
    private int replied;
    /** Takes replies; has nothing else to give. */
    private final GuestHost host = (GuestHost) Proxy.newProxyInstance(OurGuests.class.getClassLoader(),
            new Class<?>[] {GuestHost.class}, (proxy, method, arguments) -> {
                replied += ((byte[]) arguments[0]).length;
                return null;
            });

    /** @param echo the shipped service; run from the top of the repository */
    OurGuests(Path echo, byte[] work) throws Exception {
        ChicoryEngine engine = new ChicoryEngine(CompileCache.none());
        this.echo = GuestModule.load(Files.readAllBytes(echo), Set.of(), LIMITS, engine, watchdog);
        this.nothing = GuestModule.load(work, Set.of(), LIMITS, engine, watchdog);
    }

    int empty() {
        return call(nothing, new byte[0]);
    }

    int kibibyte() {
        return call(echo, kibibyte) + replied;
    }

    private int call(GuestModule module, byte[] input) {
        if (!module.call(GuestEntry.CALL, input, host).isOk()) {
            throw new IllegalStateException("the guest failed");
        }
        return 1;
    }

    void close() {
        watchdog.close();
    }
}
