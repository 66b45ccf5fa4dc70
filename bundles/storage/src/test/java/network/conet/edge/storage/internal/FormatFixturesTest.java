package network.conet.edge.storage.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import network.conet.edge.api.Counter;
import network.conet.edge.api.Ledger;
import network.conet.edge.api.Mailbox;
import network.conet.edge.api.PlainCounters;
import network.conet.edge.protocol.KeyId;
import network.conet.edge.testkit.CrashVolume;
import network.conet.edge.testkit.SettableClock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Files that were written once, by each version of the format, are opened by the present software. Fixtures are never
 * written again; those of a new version are made once, by {@link #writesFixturesWhenAsked}:
 *
 * <pre>mvn -pl bundles/storage -am test -Dtest=FormatFixturesTest -Dfixtures.write=target/format-3 \
 *     -Dsurefire.failIfNoSpecifiedTests=false</pre>
 */
class FormatFixturesTest {
    private static final KeyId BOB = new KeyId(0xB0B);
    private static final KeyId EVE = new KeyId(0xE0E);
    private static final StorageSettings SETTINGS =
            Messages.settings(16 * 1024, 12, 100, 8 * 1024, 64 * 1024, 1000, 30);
    private static final int MESSAGES = 16;
    private static final Set<Integer> ACKNOWLEDGED = Set.of(0, 1, 3, 5);
    private static final int MORE = 6;
    private static final int ENTRIES = 5;
    private static final int SETTLED = 2;
    private static final String SPACE = "rewards";

    private final SettableClock clock = new SettableClock(Messages.NOON);
    private final PlainCounters counters = new PlainCounters();
    private final Random random = new Random(3);

    @ParameterizedTest
    @ValueSource(strings = {"format-1/clean", "format-1/unclean", "format-2/clean", "format-2/unclean",
        "format-2/snapshot"})
    void isReadWrittenToAndCompacted(String fixture) throws IOException {
        CrashVolume volume = load(fixture);
        StorageService service = open(volume);
        boolean hasOthers = !fixture.startsWith("format-1");
        assertHolds(service, 0, hasOthers);
        assertEquals(List.of(), Messages.troubles(service));
        for (int i = MESSAGES; i < MESSAGES + MORE; i++) {
            store(service, i);
        }
        assertHolds(service, MORE, hasOthers);
        service = reopen(service, volume, fixture.endsWith("/clean"));
        assertHolds(service, MORE, hasOthers);
        service.compact();
        assertTrue(counters.value(Counter.STORAGE_RECORDS_MOVED) >= (hasOthers ? 1 : MESSAGES - ACKNOWLEDGED.size()));
        assertHolds(service, MORE, hasOthers);
        service = reopen(service, volume, !fixture.endsWith("/clean"));
        assertHolds(service, MORE, hasOthers);
        assertEquals(0, counters.value(Counter.STORAGE_RECORDS_DAMAGED));
    }

    @ParameterizedTest
    @ValueSource(strings = {"format-1/clean", "format-1/unclean"})
    void takesNoMoreIntoSegmentsOfVersion1(String fixture) throws IOException {
        CrashVolume volume = load(fixture);
        Map<String, byte[]> before = new TreeMap<>();
        volume.list().forEach(name -> before.put(name, volume.content(name)));
        store(open(volume), MESSAGES);
        before.forEach((name, bytes) -> assertArrayEquals(bytes, volume.content(name), name));
    }

    @Test
    @EnabledIfSystemProperty(named = "fixtures.write", matches = ".+")
    void writesFixturesWhenAsked() throws IOException {
        Path root = Path.of(System.getProperty("fixtures.write"));
        for (String kind : List.of("clean", "unclean", "snapshot")) {
            CrashVolume volume = new CrashVolume();
            StorageService service = Messages.open(volume, kind.equals("snapshot")
                    ? SETTINGS.withIndex(new StorageSettings.Index(100, 100, 1)) : SETTINGS, clock, counters, random);
            for (int i = 0; i < MESSAGES; i++) {
                Messages.store(service, recipient(i), body(i));
                if (i % 4 == 3) {
                    pass(service);
                }
            }
            for (int i : new java.util.TreeSet<>(ACKNOWLEDGED)) {
                assertTrue(Messages.get(service.acknowledge(recipient(i), Messages.hash(body(i)))));
            }
            for (int i = 1; i <= ENTRIES; i++) {
                service.ledger().append(Messages.body(-i, 100));
                service.values().put(SPACE, "key" + i % 3, Messages.body(-100 - i, 50));
            }
            service.values().remove(SPACE, "key0");
            pass(service);
            service.ledger().settle(SETTLED);
            pass(service);
            if (!kind.equals("unclean")) {
                service.close();
            }
            Path directory = Files.createDirectories(root.resolve(kind));
            for (String name : volume.list()) {
                if (volume.content(name)[0] != 0) { // files that are only kept ready are made again
                    Files.write(directory.resolve(name), volume.content(name));
                }
            }
        }
    }

    private void assertHolds(StorageService service, int more, boolean hasOthers) {
        for (KeyId mailbox : List.of(BOB, EVE)) {
            List<Integer> expected = IntStream.range(0, MESSAGES + more)
                    .filter(i -> !ACKNOWLEDGED.contains(i) && recipient(i).equals(mailbox)).boxed().toList();
            List<Mailbox.StoredMessage> found = Messages.all(service, mailbox);
            assertEquals(expected.size(), found.size());
            for (int i = 0; i < found.size(); i++) {
                assertArrayEquals(body(expected.get(i)), found.get(i).armor());
            }
        }
        if (hasOthers) {
            List<Ledger.Entry> entries = new ArrayList<>(Messages.get(service.ledger().read(1, 100)));
            assertEquals(SETTLED, service.ledger().head().settledIndex());
            assertEquals(ENTRIES - SETTLED, entries.size());
            for (Ledger.Entry entry : entries) {
                assertArrayEquals(Messages.body(-entry.index(), 100), entry.content());
            }
            assertEquals(entries.get(entries.size() - 1).hash(), service.ledger().head().hash());
            assertEquals(List.of("key1", "key2"), service.values().keys(SPACE));
            assertArrayEquals(Messages.body(-104, 50), Messages.get(service.values().get(SPACE, "key1")).get());
            assertArrayEquals(Messages.body(-105, 50), Messages.get(service.values().get(SPACE, "key2")).get());
        }
    }

    private void store(StorageService service, int i) {
        var stage = Messages.store(service, recipient(i), body(i));
        pass(service);
        assertEquals(i + 1, Messages.get(stage).sequence());
    }

    private void pass(StorageService service) {
        clock.advanceMillis(100);
        while (service.pump() == 0) {
            continue;
        }
    }

    private StorageService reopen(StorageService service, CrashVolume volume, boolean isClean) throws IOException {
        if (isClean) {
            service.close();
        }
        return open(volume);
    }

    private StorageService open(CrashVolume volume) throws IOException {
        return Messages.open(volume, SETTINGS, clock, counters, random);
    }

    private static KeyId recipient(int i) {
        return i % 3 == 2 ? EVE : BOB;
    }

    private static byte[] body(int i) {
        return Messages.body(i, 300 + 100 * i);
    }

    private static CrashVolume load(String fixture) throws IOException {
        CrashVolume volume = new CrashVolume();
        try (var files = Files.list(Path.of("src/test/resources", fixture))) {
            for (Path file : files.toList()) {
                volume.setContent(file.getFileName().toString(), Files.readAllBytes(file));
            }
        }
        return volume;
    }
}
