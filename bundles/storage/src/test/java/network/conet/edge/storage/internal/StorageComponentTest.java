package network.conet.edge.storage.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import network.conet.edge.api.Mailbox;
import network.conet.edge.api.PlainCounters;
import network.conet.edge.protocol.KeyId;
import network.conet.edge.testkit.SettableClock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.BundleContext;

/** The component without a framework. */
class StorageComponentTest {
    private static final KeyId BOB = new KeyId(0xB0B);

    @TempDir
    Path data;

    private final List<String> refusals = new ArrayList<>();
    private final Map<String, Object> changed = new HashMap<>(Map.of("quotaMiB", 2, "segmentMiB", 1));

    @Test
    void writesWhatWaitsWhenItIsDeactivated() throws IOException {
        StorageComponent component = start();
        byte[] body = Messages.body(1, 500);
        CompletableFuture<Mailbox.Receipt> stage = Messages.store(component, BOB, body);
        component.deactivate();
        assertEquals(1, Messages.get(stage).sequence());
        StorageComponent again = start();
        Optional<Mailbox.StoredMessage> next = Messages.get(again.next(BOB, 0));
        assertEquals(1, next.orElseThrow().sequence());
        assertEquals(1, again.count(BOB));
        assertTrue(Messages.get(again.acknowledge(BOB, Messages.hash(body))));
        assertTrue(Messages.troubles(again).isEmpty());
        again.deactivate();
        assertTrue(refusals.isEmpty());
    }

    @Test
    void saysWhatIsWrongWithThePlaceOfTheKey() throws IOException {
        Path file = Files.writeString(data.resolve("stick"), "");
        changed.put("keyFile", file.resolve("storage.key").toString());
        assertThrows(IOException.class, this::start);
        assertEquals("The mailbox cannot be opened: " + file + ": FileAlreadyExistsException", refusals.get(0));
    }

    @Test
    void endsTheNodeOnBadValueOrForeignLock() throws IOException {
        changed.put("retentionDays", 0);
        assertThrows(IOException.class, this::start);
        assertEquals("The mailbox cannot be opened: retentionDays must be 1..3650, not 0", refusals.get(0));
        changed.put("retentionDays", 1);
        changed.put("directory", " ");
        assertThrows(IOException.class, this::start);
        changed.put("directory", "mail");
        StorageComponent first = start();
        assertThrows(IOException.class, this::start);
        assertTrue(refusals.get(2).endsWith("is in use by another process of this node"));
        first.deactivate();
    }

    private StorageComponent start() throws IOException {
        BundleContext context = (BundleContext) Proxy.newProxyInstance(getClass().getClassLoader(),
                new Class<?>[] {BundleContext.class}, (proxy, method, arguments) -> data.toString());
        StorageConfig config = (StorageConfig) Proxy.newProxyInstance(getClass().getClassLoader(),
                new Class<?>[] {StorageConfig.class}, (proxy, method, arguments) ->
                        changed.getOrDefault(method.getName(), method.getDefaultValue()));
        return new StorageComponent(context, config, new SettableClock(Messages.NOON), new PlainCounters(),
                (bundle, line) -> refusals.add(line));
    }
}
