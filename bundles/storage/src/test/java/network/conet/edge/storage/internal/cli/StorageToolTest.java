package network.conet.edge.storage.internal.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import network.conet.edge.api.MailSource;
import network.conet.edge.api.PlainCounters;
import network.conet.edge.protocol.Hash256;
import network.conet.edge.protocol.JsonException;
import network.conet.edge.protocol.JsonValue;
import network.conet.edge.protocol.KeyId;
import network.conet.edge.storage.internal.CommitDriver;
import network.conet.edge.storage.internal.StorageParts;
import network.conet.edge.storage.internal.StorageService;
import network.conet.edge.storage.internal.StorePlace;
import network.conet.edge.storage.internal.log.DirectoryVolume;
import network.conet.edge.testkit.SettableClock;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The operator's commands on a directory. */
class StorageToolTest {
    private static final long NOON = 1_790_000_000_000L;
    private static final KeyId BOB = new KeyId(0xB0B);
    private static final int MESSAGES = 5;
    private static final int BYTES = 240_000;

    @TempDir
    Path directory;

    private Path config;
    private final SettableClock clock = new SettableClock(NOON);
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    /** Five messages of a quarter of a megabyte, so that one segment is sealed. */
    @BeforeEach
    void fill() throws IOException {
        config = Files.write(directory.resolve("conet.conf"),
                List.of("relay.listenersMax = 7", "storage.quotaMiB = 8", "storage.segmentMiB = 1"));
        Path keys = Files.createDirectory(directory.resolve("keys"));
        Path key = Files.write(keys.resolve("storage.key"), new byte[32]);
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        StorePlace place = StorePlace.of(directory, config);
        try (DirectoryVolume volume = new DirectoryVolume(place.directory());
                StorageService service = new StorageService(place.settings(), new StorageParts(volume,
                        place.key().orElseThrow(), clock, new PlainCounters(), new Random(5), Runnable::run,
                        CommitDriver.MANUAL))) {
            for (int i = 1; i <= MESSAGES; i++) {
                byte[] hash = new byte[Hash256.BYTES];
                hash[0] = (byte) i;
                CompletableFuture<?> stored = service.store(BOB, Hash256.of(hash), body(i), MailSource.LOCAL)
                        .toCompletableFuture();
                clock.advanceMillis(1000);
                service.pump();
                assertTrue(stored.isDone() && !stored.isCompletedExceptionally());
            }
        }
    }

    @Test
    void readingCommandsChangeNothing() throws IOException {
        Map<String, String> before = contents();
        assertEquals(0, run("check"));
        assertEquals("2 segments, 5 messages in 1 mailbox, 0 damaged\n", out.toString(StandardCharsets.UTF_8));
        assertEquals(0, run("stats"));
        assertEquals(0, run("export", "--mailbox", BOB.toString(), "--to", directory.resolve("out").toString()));
        assertEquals(0, run("check", "--mailbox", BOB.toString()));
        assertEquals(before, contents());
        assertEquals("", err.toString(StandardCharsets.UTF_8));
    }

    @Test
    void readingCommandsWorkBesideTheNodeAndCompactDoesNot() throws IOException, JsonException {
        try (DirectoryVolume held = new DirectoryVolume(directory.resolve("mailbox"))) {
            assertFalse(held.list().isEmpty());
            assertEquals(0, run("check", "--json"));
            assertEquals("true", json().member("inUse").orElseThrow().toString());
            assertEquals(75, run("compact"));
            assertTrue(err.toString(StandardCharsets.UTF_8).contains("is in use by another process"), err.toString());
        }
        assertEquals(0, run("check", "--json"));
        assertEquals("false", json().member("inUse").orElseThrow().toString());
    }

    @Test
    void statsTellWhatIsThere() throws IOException, JsonException {
        assertEquals(0, run("stats", "--json"));
        JsonValue stats = json();
        assertEquals(1, stats.integer("version").getAsLong());
        assertEquals(5, stats.integer("messages").getAsLong());
        assertEquals(1, stats.integer("mailboxes").getAsLong());
        assertEquals(NOON / 1000 + 1, stats.integer("oldestSeconds").getAsLong());
        assertEquals(NOON / 1000 + 5, stats.integer("newestSeconds").getAsLong());
        long live = stats.member("files").orElseThrow().elements().stream()
                .mapToLong(file -> file.integer("liveBytes").getAsLong()).sum();
        assertTrue(live > MESSAGES * BYTES && live < MESSAGES * BYTES + 1000, "live: " + live);
        assertTrue(stats.integer("writtenBytes").getAsLong() > MESSAGES * BYTES);
        assertEquals(0, run("stats"));
        assertTrue(out.toString(StandardCharsets.UTF_8).contains("\nseg-00000           1  sealed "), out.toString());
    }

    @Test
    void exportWritesEachMessageOnce() throws IOException, JsonException {
        Path target = directory.resolve("a/b");
        String[] arguments = {"export", "--mailbox", BOB.toString(), "--to", target.toString()};
        assertEquals(0, run(arguments));
        for (int i = 1; i <= MESSAGES; i++) {
            Path file = target.resolve(i + ".asc");
            assertArrayEquals(body(i), Files.readAllBytes(file));
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        }
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(target)));
        JsonValue index = JsonValue.parse(Files.readString(target.resolve("export.json")));
        assertEquals(5, index.integer("count").getAsLong());
        assertEquals("1.asc", index.member("messages").orElseThrow().elements().get(0).string("file").orElseThrow());
        assertEquals(74, run(arguments));
        assertTrue(err.toString(StandardCharsets.UTF_8).contains("export.json is there already"), err.toString());
    }

    @Test
    void damagedMessageIsFoundNamedAndLeftOut() throws IOException, JsonException {
        Path file = directory.resolve("mailbox/seg-00000");
        byte[] bytes = Files.readAllBytes(file);
        bytes[5000] ^= 1;
        Files.write(file, bytes);
        assertEquals(1, run("check", "--mailbox", BOB.toString()));
        String text = out.toString(StandardCharsets.UTF_8);
        assertTrue(text.contains("seg-00000 bytes 64.."), text);
        assertTrue(text.contains("\n  message 1 of mailbox "), text);
        assertTrue(text.contains(": it was waiting\n"), text);
        assertTrue(text.contains("5 messages waiting, damaged: [1]\n"), text);
        assertTrue(text.endsWith("2 segments, 5 messages in 1 mailbox, 1 damaged\n"), text);
        assertEquals(1, run("check", "--json", "--mailbox", BOB.toString()));
        assertEquals("[1]", json().member("mailbox").orElseThrow().member("damaged").orElseThrow().toString());
        Path target = directory.resolve("out");
        assertEquals(1, run("export", "--mailbox", BOB.toString(), "--to", target.toString()));
        assertTrue(out.toString(StandardCharsets.UTF_8).startsWith("message 1 is damaged and left out\n"));
        assertFalse(Files.exists(target.resolve("1.asc")));
        assertEquals("[1]", JsonValue.parse(Files.readString(target.resolve("export.json"))).member("damaged")
                .orElseThrow().toString());
        assertEquals(1, run("compact"), "tells what it had to leave behind");
        assertEquals(0, run("check"));
        assertTrue(out.toString(StandardCharsets.UTF_8).endsWith(" 4 messages in 1 mailbox, 0 damaged\n"));
    }

    @Test
    void compactTellsBeforeAndAfter() throws IOException {
        assertEquals(0, run("compact"));
        List<String> lines = out.toString(StandardCharsets.UTF_8).lines().toList();
        assertTrue(lines.get(0).startsWith("before: 2 segments of 11 in use, "), lines.toString());
        assertTrue(lines.get(1).startsWith("after:  "), lines.toString());
        assertEquals(0, run("check"));
    }

    @Test
    void checkNeedsNoKey() throws IOException {
        Files.delete(directory.resolve("keys/storage.key"));
        assertEquals(0, run("check"));
        assertTrue(out.toString(StandardCharsets.UTF_8).startsWith("note: without the storage key"), out.toString());
        assertEquals(78, run("stats"));
        assertFalse(Files.exists(directory.resolve("keys/storage.key")), "makes no key");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "2 | '' | a command is missing; usage: ",
        "2 | mend | unknown command mend; usage: ",
        "2 | check --to x | unknown option --to of check; usage: ",
        "2 | export --to x | export needs --mailbox; usage: ",
        "2 | export --mailbox 0000000000000B0B | export needs --to; usage: ",
        "2 | export --mailbox | --mailbox needs a value; usage: ",
        "2 | check --mailbox B0B | --mailbox B0B: expected a key id of 16 hex digits; usage: ",
        "2 | check --mailbox 0000000000000000 | expected a key id of 16 hex digits; usage: ",
        "2 | stats --json --json | --json stands twice; usage: "})
    void wrongArgumentsAreOneLine(int status, String arguments, String complaint) {
        assertEquals(status, run(arguments.isEmpty() ? new String[0] : arguments.split(" ")));
        assertRefusal(complaint);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "storage.quotaMb = 8 | line 2: storage has no setting quotaMb; it has [abandonedDays, ",
        "storage.quotaMiB = much | line 2: storage.quotaMiB = much: expected a whole number",
        "storage.flash = floppy | flash must be sd, emmc, nand or nvme, not floppy",
        "storage.quotaMiB = 1 | quotaMiB must be 2..",
        "quotaMiB = 1 | line 2: expected bundle.setting = value"})
    void configurationThatIsNotRightIsRefused(String line, String complaint) throws IOException {
        Files.write(config, List.of("storage.segmentMiB = 1", line));
        assertEquals(78, run("check"));
        assertRefusal(complaint);
    }

    @Test
    void missingDirectoryAndMissingConfigurationAreTold() throws IOException {
        Files.writeString(config, "storage.directory = nowhere");
        assertEquals(74, run("check"));
        assertRefusal("there is no mailbox directory " + directory.resolve("nowhere"));
        Files.delete(config);
        assertEquals(78, run("check"));
        assertRefusal("there is no configuration file " + config);
    }

    @Test
    void exportGoesNowhereElse() throws IOException {
        Path inside = directory.resolve("mailbox/out");
        assertEquals(2, run("export", "--mailbox", BOB.toString(), "--to", inside.toString()));
        assertRefusal("lies inside the mailbox directory");
        Path file = Files.writeString(directory.resolve("file"), "");
        assertEquals(74, run("export", "--mailbox", BOB.toString(), "--to", file.toString()));
        assertRefusal(file.toString());
    }

    private void assertRefusal(String complaint) {
        String line = err.toString(StandardCharsets.UTF_8);
        assertTrue(line.startsWith("conet-edge: ") && line.contains(complaint), line);
        assertEquals(line.length() - 1, line.indexOf('\n'), line);
        assertEquals("", out.toString(StandardCharsets.UTF_8));
    }

    private int run(String... arguments) {
        out.reset();
        err.reset();
        return StorageTool.run(directory, config, List.of(arguments), new PrintStream(out, true),
                new PrintStream(err, true), clock::epochMillis, clock::monotonicNanos);
    }

    private JsonValue json() throws JsonException {
        return JsonValue.parse(out.toString(StandardCharsets.UTF_8));
    }

    /** Names, times and bytes of all files of the mailbox. */
    private Map<String, String> contents() throws IOException {
        Map<String, String> contents = new TreeMap<>();
        try (Stream<Path> files = Files.list(directory.resolve("mailbox"))) {
            for (Path file : files.toList()) {
                FileTime changed = Files.getLastModifiedTime(file);
                contents.put(file.getFileName().toString(),
                        changed + " " + java.util.Arrays.hashCode(Files.readAllBytes(file)));
            }
        }
        return contents;
    }

    private static byte[] body(int seed) {
        byte[] body = new byte[BYTES];
        new Random(seed).nextBytes(body);
        return body;
    }
}
