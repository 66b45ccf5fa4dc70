package network.conet.edge.crypto.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.annotation.Annotation;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import network.conet.edge.testkit.SettableClock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.BundleContext;

class CryptoComponentTest {
    @TempDir
    Path data;

    private final List<String> refusals = new ArrayList<>();

    private CryptoComponent component(String directory, int threads, int queueMax) {
        BundleContext context = (BundleContext) Proxy.newProxyInstance(getClass().getClassLoader(),
                new Class<?>[] {BundleContext.class}, (proxy, method, arguments) -> {
                    assertEquals("getProperty", method.getName());
                    assertEquals("conet.data", arguments[0]);
                    return data.toString();
                });
        CryptoConfig config = new CryptoConfig() {
            @Override
            public String directory() {
                return directory;
            }

            @Override
            public int decryptThreads() {
                return threads;
            }

            @Override
            public int decryptQueueMax() {
                return queueMax;
            }

            @Override
            public Class<? extends Annotation> annotationType() {
                return CryptoConfig.class;
            }
        };
        return new CryptoComponent(context, config, (bundle, line) -> refusals.add(bundle + ": " + line),
                new SettableClock(0));
    }

    @Test
    void keepsKeysBelowTheDataDirectory() {
        CryptoComponent first = component("keys", 1, 64);
        CryptoComponent second = component(data.resolve("keys").toString(), 2, 1);
        assertEquals(first.keyId(), second.keyId());
        assertTrue(Files.isDirectory(data.resolve("keys")));
        assertEquals(List.of(), refusals);
        first.stop();
        second.stop();
    }

    @Test
    void endsTheNodeWithOneLineWhenKeysCannotBeRead() throws Exception {
        component("keys", 1, 64).stop();
        Files.delete(data.resolve("keys").resolve("pgp.asc"));
        assertThrows(IllegalStateException.class, () -> component("keys", 1, 64));
        assertEquals(1, refusals.size());
        assertTrue(refusals.get(0).startsWith("network.conet.edge.crypto: " + data.resolve("keys/pgp.asc")));
    }

    @Test
    void endsTheNodeWhenASettingIsOutOfRange() {
        assertThrows(IllegalStateException.class, () -> component("keys", 0, 64));
        assertThrows(IllegalStateException.class, () -> component("keys", 3, 64));
        assertThrows(IllegalStateException.class, () -> component("keys", 1, 0));
        assertThrows(IllegalStateException.class, () -> component("keys\0", 1, 64));
        assertEquals(4, refusals.size());
    }
}
