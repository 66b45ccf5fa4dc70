package network.conet.edge.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.osgi.framework.Bundle;

/** The shrunk MapDB has all that storage calls, also between class loaders of bundles. */
class ShrunkLibraryTest {
    private static final String INDEX = "network.conet.edge.storage.internal.index.";

    @TempDir
    Path directory;

    private byte[] content = new byte[0];
    private int shown;

    @ParameterizedTest
    @ValueSource(strings = {TestFramework.FELIX, TestFramework.EQUINOX})
    void indexAndSnapshotWork(String factory) throws Exception {
        List<Path> jars = TestFramework.distribution().stream().filter(jar -> !jar.getFileName().toString()
                .matches("bc.*|network\\.conet\\.edge\\.(chain|crypto|node|relay|transport)-.*")).toList();
        try (TestFramework framework = TestFramework.start(factory, directory, Map.of(), jars)) {
            assertEquals(Map.of(), framework.notActive());
            Bundle storage = framework.bundle("network.conet.edge.storage");
            Object index = storage.loadClass(INDEX + "DirectIndex").getConstructor().newInstance();
            assertEquals(0L, call(index, "put", 7L, 1L, 5L, 100L));
            assertEquals(1L, call(index, "nextOfHash", 7L, 5L, 0L));
            assertEquals(100L, call(index, "remove", 7L, 1L));
            call(index, "close");
            snapshot(storage);
            assertEquals(1, shown);
        }
    }

    private void snapshot(Bundle storage) throws Exception {
        Class<?> type = storage.loadClass(INDEX + "IndexSnapshot");
        Object file = proxy(storage, "network.conet.edge.api.Volume$File", this::file);
        Object producer = proxy(storage, INDEX + "IndexSnapshot$PairProducer", (proxy, method, arguments) -> {
            call(arguments[0], "pair", new byte[] {1}, new byte[] {2});
            return null;
        });
        Object visitor = proxy(storage, INDEX + "IndexSnapshot$PairVisitor", (proxy, method, arguments) -> {
            shown++;
            return null;
        });
        Object written = method(type, "write").invoke(null, file, producer);
        Object bytes = call(written, "bytes");
        assertEquals(true, method(type, "read").invoke(null, file, bytes, call(written, "crc32c"), visitor));
    }

    /** A file in memory. */
    private Object file(Object proxy, Method method, Object[] arguments) {
        ByteBuffer buffer = arguments != null && arguments[0] instanceof ByteBuffer given ? given : null;
        int at = buffer == null ? 0 : Math.toIntExact((Long) arguments[1]);
        switch (method.getName()) {
            case "sizeBytes":
                return (long) content.length;
            case "read":
                int count = Math.min(buffer.remaining(), content.length - at);
                buffer.put(content, at, count);
                return count;
            case "write":
                content = Arrays.copyOf(content, Math.max(content.length, at + buffer.remaining()));
                buffer.get(content, at, buffer.remaining());
                return null;
            case "truncate":
                content = Arrays.copyOf(content, Math.toIntExact((Long) arguments[0]));
                return null;
            default:
                throw new UnsupportedOperationException(method.getName());
        }
    }

    private static Object proxy(Bundle bundle, String type, InvocationHandler handler) throws Exception {
        Class<?> loaded = bundle.loadClass(type);
        return Proxy.newProxyInstance(loaded.getClassLoader(), new Class<?>[] {loaded}, handler);
    }

    private static Object call(Object target, String name, Object... arguments) throws Exception {
        Method method = method(target.getClass(), name);
        method.setAccessible(true);
        return method.invoke(target, arguments);
    }

    private static Method method(Class<?> type, String name) {
        return Arrays.stream(type.getMethods()).filter(each -> each.getName().equals(name)).findFirst().orElseThrow();
    }
}
