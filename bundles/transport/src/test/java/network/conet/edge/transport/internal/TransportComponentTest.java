package network.conet.edge.transport.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import network.conet.edge.api.KeyRing;
import network.conet.edge.api.PlainCounters;
import network.conet.edge.api.Signatures;
import network.conet.edge.protocol.Hash256;
import network.conet.edge.protocol.WalletAddress;
import network.conet.edge.testkit.SettableClock;
import org.junit.jupiter.api.Test;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;

class TransportComponentTest {
    private final List<String> refusals = new ArrayList<>();
    private final Map<String, Object> values = new HashMap<>();

    /** Answers the named methods with values, every other with its default, or not at all. */
    private static <T> T with(Class<T> type, Map<String, Object> values) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type},
                (proxy, method, arguments) -> value(method, values)));
    }

    private static Object value(Method method, Map<String, Object> values) {
        Object value = values.getOrDefault(method.getName(), method.getDefaultValue());
        if (value == null && method.getReturnType() != String.class && method.getReturnType() != void.class) {
            throw new UnsupportedOperationException(method.getName());
        }
        return value;
    }

    private TransportConfig config() {
        return with(TransportConfig.class, values);
    }

    private TransportComponent start() {
        Map<String, Object> services = Map.of("registerService", with(ServiceRegistration.class, Map.of()));
        return new TransportComponent(with(BundleContext.class, services), config(),
                (body, hops, exchange) -> exchange.ok(new byte[0]),
                with(KeyRing.class, Map.of("wallet", WalletAddress.zero())),
                with(Signatures.class, Map.of("hash", Hash256.of(new byte[32]))),
                new PlainCounters(), new SettableClock(0), (bundle, line) -> refusals.add(bundle + ": " + line));
    }

    private static int freePort() throws IOException {
        try (ServerSocket probe = new ServerSocket(0)) {
            return probe.getLocalPort();
        }
    }

    @Test
    void listensAndStops() throws IOException {
        int port = freePort();
        values.put("listen", new String[] {"127.0.0.1"});
        values.put("port", port);
        TransportComponent component = start();
        assertEquals(List.of(), refusals);
        try (RawClient client = new RawClient(port)) {
            client.send(Recorded.request("01-get-nodewallet"));
            assertTrue(client.readToEnd().endsWith("\r\n\r\n" + WalletAddress.zero()));
        }
        component.stop();
        assertThrows(IOException.class, () -> new RawClient(port));
    }

    @Test
    void refusesToStartWithOneLineWhenThePortIsTaken() throws IOException {
        try (ServerSocket taken = new ServerSocket(0)) {
            values.put("port", taken.getLocalPort());
            start().stop();
            assertEquals(1, refusals.size());
            assertTrue(refusals.get(0).startsWith("network.conet.edge.transport: cannot listen at 0.0.0.0 port "
                    + taken.getLocalPort()), refusals.get(0));
            assertTrue(refusals.get(0).lines().count() == 1);
        }
    }

    @Test
    void refusesToStartWithBadSettings() {
        Map<String, Object> bad = Map.of("port", 70_000, "tlsPort", 443, "connectionsMax", 0,
                "connectionsPerAddressMax", 0, "eventLoops", 99, "drainMillis", 0, "listen", new String[0],
                "targetsMax", 0, "privateNetworksAllowed", new String[] {"192.168.1.1/24"});
        for (Map.Entry<String, Object> setting : bad.entrySet()) {
            values.clear();
            refusals.clear();
            values.put(setting.getKey(), setting.getValue());
            start().stop();
            assertEquals(1, refusals.size(), setting.getKey());
        }
    }

    @Test
    void defaultsAreTheLimits() {
        FrontSettings expected = FrontSettings.defaults();
        assertEquals(expected, TransportComponent.settings(config(), null));
    }

    @Test
    void filesAreRelativeToTheDataFolder() {
        values.put("tlsPort", 443);
        values.put("tlsCertificate", "tls/chain.pem");
        values.put("tlsKey", "/etc/key.pem");
        FrontSettings.Tls tls = TransportComponent.settings(config(), "/data").tls();
        assertEquals(Path.of("/data/tls/chain.pem"), tls.certificate());
        assertEquals(Path.of("/etc/key.pem"), tls.key());
    }
}
