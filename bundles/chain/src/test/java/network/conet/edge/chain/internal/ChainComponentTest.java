package network.conet.edge.chain.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import network.conet.edge.api.PlainCounters;
import network.conet.edge.crypto.WalletSignatures;
import network.conet.edge.protocol.KeyId;
import network.conet.edge.testkit.SettableClock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.osgi.framework.BundleContext;

final class ChainComponentTest {
    private final List<String> lines = new ArrayList<>();
    private final Map<String, Object> settings = new HashMap<>();

    /** The annotation with its defaults and what a test set. */
    private ChainConfig config() {
        return (ChainConfig) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {ChainConfig.class},
                (proxy, method, arguments) -> settings.getOrDefault(method.getName(), method.getDefaultValue()));
    }

    private BundleContext context() {
        return (BundleContext) Proxy.newProxyInstance(getClass().getClassLoader(),
                new Class<?>[] {BundleContext.class}, (proxy, method, arguments) -> "data");
    }

    private ChainComponent component() {
        ChainComponent component = new ChainComponent();
        component.clock = new SettableClock(0);
        component.counters = new PlainCounters();
        component.signatures = new WalletSignatures();
        component.keys = new TestKeys(TestKeys.wallet(1), new KeyId(1));
        component.lifecycle = (bundle, line) -> lines.add(bundle + ": " + line);
        return component;
    }

    @ParameterizedTest
    @CsvSource({
        "mode,chain,mode is neither",
        "nodeRegistry,'',nodeRegistry is not an address",
        "nodeRegistry,0x12,nodeRegistry is not an address",
        "routingTable,0x684b0ac760cEE9c9b85de36d69746420648Cf9E2,routingTable is not an address",
        "routingTable,0x0000000000000000000000000000000000000000,routingTable is not an address",
        "epochInfo,x,epochInfo is not an address",
    })
    void wrongSettingRefusesToStartInOneLine(String name, String value, String line) {
        settings.put(name, value);
        assertThrows(IllegalArgumentException.class, () -> component().activate(context(), config()));
        assertEquals(1, lines.size());
        assertTrue(lines.get(0).startsWith("network.conet.edge.chain: " + line), lines.get(0));
    }

    @Test
    void wrongServersRefuseToStart() {
        for (String url : List.of("", "ftp://h", "not a url")) {
            lines.clear();
            settings.put("rpcUrls", new String[] {url});
            assertThrows(IllegalArgumentException.class, () -> component().activate(context(), config()));
            assertEquals(1, lines.size());
        }
    }

    @Test
    void fileModeNeedsAnOperator() {
        settings.put("mode", "file");
        assertThrows(IllegalArgumentException.class, () -> component().activate(context(), config()));
        assertTrue(lines.get(0).contains("operatorWallet"), lines.get(0));
    }

    @Test
    void fileModeStartsAndWaitsForItsFile() {
        settings.put("mode", "file");
        settings.put("operatorWallet", TestKeys.wallet(1).address().toString());
        ChainComponent component = component();
        component.addListener(epoch -> {});
        component.activate(context(), config());
        assertEquals(List.of(), component.nodes());
        assertEquals(List.of(), lines);
        component.deactivate();
    }

    @Test
    void chainModeStartsWithoutItsServers() {
        settings.put("rpcUrls", new String[] {"http://127.0.0.1:1/"});
        ChainComponent component = component();
        component.activate(context(), config());
        assertEquals(1, component.check().size());
        assertEquals(0, component.current().number());
        component.deactivate();
        assertEquals(List.of(), lines);
    }
}
