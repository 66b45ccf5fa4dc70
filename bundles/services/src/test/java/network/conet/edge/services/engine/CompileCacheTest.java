package network.conet.edge.services.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import network.conet.edge.protocol.Hash256;
import network.conet.edge.protocol.RefusedException;
import network.conet.edge.services.wasm.Meter;
import network.conet.edge.services.wasm.MeteredModule;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Damage is done to real files; the last tests run real compiled code from them. */
class CompileCacheTest {
    private static final int CHECKSUM_BYTES = 32;
    private static final byte[] CODE = new byte[200];

    @TempDir
    Path parent;

    private Path directory;
    private CompileCache cache;

    @BeforeEach
    void prepare() {
        new Random(7).nextBytes(CODE);
        directory = parent.resolve("compiled");
        cache = new CompileCache(directory, 10_000);
    }

    private static Hash256 module(int number) {
        byte[] bytes = new byte[32];
        Arrays.fill(bytes, (byte) number);
        return Hash256.of(bytes);
    }

    private byte[] read(int number) {
        return cache.entry(module(number)).get("key of the engine");
    }

    private void keep(int number, byte[] code) {
        cache.entry(module(number)).putIfAbsent("key of the engine", code);
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.list(directory)) {
            return all.sorted().toList();
        }
    }

    private Path onlyFile() throws IOException {
        assertEquals(1, files().size());
        return files().get(0);
    }

    @Test
    void givesBackWhatWasKeptToAnotherProcess() {
        assertNull(read(1));
        keep(1, CODE);
        cache = new CompileCache(directory, 10_000);
        assertArrayEquals(CODE, read(1));
        assertNull(read(2));
    }

    @Test
    void fileIsNamedByModuleEngineAndJava() throws IOException {
        keep(1, CODE);
        assertEquals("01".repeat(32) + "-chicory-1.7.5-java" + Runtime.version().feature() + ".code",
                onlyFile().getFileName().toString());
    }

    @Test
    void fileThatEndsAnywhereIsThrownAwayAndMadeAnew() throws IOException {
        keep(1, CODE);
        Path file = onlyFile();
        byte[] whole = Files.readAllBytes(file);
        for (int length = 0; length < whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertNull(read(1), "cut off at " + length);
            assertFalse(Files.exists(file));
        }
        keep(1, CODE);
        assertArrayEquals(CODE, read(1));
    }

    @Test
    void fileWithAnyByteChangedIsThrownAway() throws IOException {
        keep(1, CODE);
        Path file = onlyFile();
        byte[] whole = Files.readAllBytes(file);
        for (int at = 0; at < whole.length; at++) {
            byte[] damaged = whole.clone();
            damaged[at] ^= (byte) (1 << at % 8);
            Files.write(file, damaged);
            assertNull(read(1), "changed at " + at);
            assertFalse(Files.exists(file));
        }
    }

    @Test
    void fileUnderTheNameOfAnotherModuleIsThrownAway() throws IOException {
        keep(1, CODE);
        keep(2, Arrays.copyOf(CODE, 100));
        Files.copy(files().get(0), files().get(1), StandardCopyOption.REPLACE_EXISTING);
        assertNull(read(2));
        assertArrayEquals(CODE, read(1));
    }

    @Test
    void whatAKillLeftUnfinishedIsNeitherReadNorInTheWay() throws IOException {
        keep(1, CODE);
        Path file = onlyFile();
        byte[] whole = Files.readAllBytes(file);
        Path unfinished = file.resolveSibling(file.getFileName() + ".new");
        Files.write(unfinished, Arrays.copyOf(whole, 70));
        Files.delete(file);
        assertNull(read(1));
        keep(1, CODE);
        assertArrayEquals(CODE, read(1));
        assertEquals(file, onlyFile());
    }

    @Test
    void unfinishedFilesCountAndGoWhenRoomIsNeeded() throws IOException {
        Files.createDirectories(directory);
        Path unfinished = directory.resolve("left.code.new");
        Files.write(unfinished, new byte[9_900]);
        keep(1, CODE);
        assertFalse(Files.exists(unfinished));
        assertArrayEquals(CODE, read(1));
    }

    @Test
    void keepsExactlyAsMuchAsItMay() throws IOException {
        cache = new CompileCache(directory, CODE.length + CHECKSUM_BYTES);
        keep(1, CODE);
        assertArrayEquals(CODE, read(1));
        cache = new CompileCache(directory, CODE.length + CHECKSUM_BYTES - 1);
        assertNull(read(1), "too large by now");
        keep(1, CODE);
        assertEquals(List.of(), files());
    }

    @Test
    void whatWasUsedLongestAgoGoesFirst() {
        cache = new CompileCache(directory, 3L * (CODE.length + CHECKSUM_BYTES));
        keep(1, CODE);
        keep(2, CODE);
        keep(3, CODE);
        assertArrayEquals(CODE, read(1));
        keep(4, CODE);
        assertNull(read(2));
        for (int kept : new int[] {1, 3, 4}) {
            assertArrayEquals(CODE, read(kept), "module " + kept);
        }
    }

    @Test
    void directoryIsTheOwnersAloneBeforeAnythingIsRead() throws IOException {
        keep(1, CODE);
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
        assertArrayEquals(CODE, read(1));
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)));
    }

    @Test
    void placeThatIsNoDirectoryCostsOnlyTime() throws IOException {
        Files.write(directory, CODE);
        keep(1, CODE);
        assertNull(read(1));
        assertArrayEquals(CODE, Files.readAllBytes(directory));
    }

    private static MeteredModule metered() throws IOException, RefusedException {
        String path = "/network/conet/edge/services/named.wasm";
        try (InputStream in = CompileCacheTest.class.getResourceAsStream(path)) {
            return Meter.meter(in.readAllBytes());
        }
    }

    private int selfTest(MeteredModule module) throws WasmTrap, RefusedException {
        WasmProgram program = new ChicoryEngine(new CompileCache(directory, 1 << 20)).load(module);
        List<HostImport> imports = module.imports().stream()
                .map(each -> new HostImport(each.module(), each.name(), each.function().get(), arguments -> 0))
                .toList();
        return program.instantiate(imports, 1).call("conet_self_test");
    }

    @Test
    void compiledCodeRunsFromDisk() throws Exception {
        MeteredModule module = metered();
        assertEquals(0, selfTest(module));
        byte[] kept = Files.readAllBytes(onlyFile());
        assertEquals(0, selfTest(module));
        assertArrayEquals(kept, Files.readAllBytes(onlyFile()), "it was read, not written again");
    }

    @Test
    void damagedCodeIsCompiledAgainAndReplaced() throws Exception {
        MeteredModule module = metered();
        selfTest(module);
        byte[] kept = Files.readAllBytes(onlyFile());
        byte[] damaged = kept.clone();
        damaged[damaged.length / 2] ^= 1;
        Files.write(onlyFile(), damaged);
        assertEquals(0, selfTest(module));
        assertFalse(Arrays.equals(damaged, Files.readAllBytes(onlyFile())));
        assertEquals(0, selfTest(module));
    }

    @Test
    void codeThatIsWrongUnderARightChecksumIsCompiledAgain() throws Exception {
        MeteredModule module = metered();
        for (byte[] wrong : List.of(new byte[0], CODE, new byte[] {'P', 'K', 3, 4})) {
            new CompileCache(directory, 1 << 20).entry(module.sha256()).putIfAbsent("", wrong);
            long size = Files.size(onlyFile());
            assertEquals(0, selfTest(module));
            assertNotEquals(size, Files.size(onlyFile()));
            assertTrue(Files.size(onlyFile()) > CODE.length + CHECKSUM_BYTES);
        }
    }
}
