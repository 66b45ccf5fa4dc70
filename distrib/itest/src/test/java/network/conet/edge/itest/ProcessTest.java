package network.conet.edge.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The real process, from the script that the distribution carries. */
class ProcessTest {
    private static final int REFUSED = 78;
    private static final int BROKEN = 70;
    private static final int ENDED_BY_SIGTERM = 143;
    private static final long STOP_SECONDS_MAX = 10;
    private static final long REFUSE_SECONDS_MAX = 60;

    @TempDir
    Path directory;

    private TestNode node;
    private Process process;

    @BeforeEach
    void makeNode() throws IOException {
        node = new TestNode(directory);
    }

    @AfterEach
    void end() throws InterruptedException {
        if (process != null) {
            process.destroyForcibly().waitFor();
        }
    }

    @Test
    void stopsOnSigtermAndLeavesNoTrace() throws Exception {
        startServing();
        process.destroy();
        assertTrue(process.waitFor(STOP_SECONDS_MAX, TimeUnit.SECONDS), "still runs");
        assertEquals(ENDED_BY_SIGTERM, process.exitValue());
        assertEquals("", printed("err") + printed("out"));
    }

    @Test
    void saysWhichDeviceProfileItTook() throws Exception {
        startServing();
        String seen = Files.readString(node.run().resolve("device/device")).strip();
        Await.until("told in the status", () -> Files.exists(node.run().resolve("status.json"))
                && Files.readString(node.run().resolve("status.json")).contains("Device profile " + seen + '.'));
        assertTrue(process.info().arguments().map(List::of).orElse(List.of())
                .contains("@" + node.run().resolve("device/jvm.options")), "its options are the profile's");
    }

    @Test
    void refusesADeviceProfileThatIsNone() throws Exception {
        ProcessBuilder builder = node.process(TestFramework.DISTRIBUTION);
        builder.environment().put("CONET_PROFILE", "pi-7");
        process = builder.start();
        assertEnd(REFUSED, "there is no profile pi-7 in ");
    }

    @Test
    void mailThatWasAcceptedSurvivesSigkill() throws Exception {
        startServing();
        Await.until("routes", node::hasRoutes);
        List<String> accepted = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            assertEquals(200, node.post(node.sealToUser("message " + i)));
            accepted.add("message " + i);
        }
        process.destroyForcibly().waitFor();
        startServing();
        Await.until("routes", node::hasRoutes);
        assertEquals(accepted, node.listen(accepted.size()));
    }

    @Test
    void takesEveryDefaultOfTheExample() throws Exception {
        List<String> own = Files.readAllLines(node.config());
        List<String> names = own.stream().map(line -> line.split(" ")[0]).toList();
        List<String> all = new ArrayList<>(own);
        Files.readAllLines(TestFramework.DISTRIBUTION.resolve("conf/conet.conf.example")).stream()
                .filter(line -> line.matches("#[a-z].* =.*")).map(line -> line.substring(1))
                .filter(line -> !names.contains(line.split(" ")[0])).forEach(all::add);
        assertTrue(all.size() > own.size() + 10);
        Files.write(node.config(), all);
        startServing();
    }

    @Test
    void showsItsHealthInTheRunDirectory() throws Exception {
        startServing();
        Await.until("status", () -> Files.exists(node.run().resolve("status.json")));
        assertTrue(Files.readString(node.run().resolve("status.json")).startsWith("{\"health\":["));
    }

    @Test
    void directoriesThatItMakesAreItsOwnersAlone() throws Exception {
        startServing();
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(node.run())));
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(node.data())));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "relay.listenerMax = 7 | conet.conf line 6: relay has no setting listenerMax; it has [billingWalletTrusted,",
        "really.listenersMax = 7 | conet.conf line 6: no bundle really is installed; there are [chain, crypto,",
        "relay.listenersMax = 0 | line 6: relay.listenersMax = 0: less than minimum",
        "chain.nodeRegistry = 0x12 | chain: nodeRegistry is not an address",
        "chain.mode = paper | line 6: chain.mode = paper: expected one of [contract, file]",
        "transport.port = 8O | line 6: transport.port stands already in line 2"})
    void refusesConfigurationThatIsNotRight(String line, String complaint) throws Exception {
        node.configure(line);
        assertRefusal(complaint);
    }

    @Test
    void refusesWithoutConfiguration() throws Exception {
        Files.delete(node.config());
        assertRefusal("node: there is no configuration file " + node.config());
    }

    @Test
    void refusesKeyFileThatCannotBeUsed() throws Exception {
        Files.writeString(node.data().resolve("keys/pgp.asc"), "not a key");
        assertRefusal("crypto: ");
    }

    @Test
    void refusesKeysThatOthersCanRead() throws Exception {
        Files.setPosixFilePermissions(node.data().resolve("keys"), PosixFilePermissions.fromString("rwxr-xr-x"));
        assertRefusal("crypto: ");
    }

    @Test
    void refusesPortInUse() throws Exception {
        try (ServerSocket other = new ServerSocket(node.port(), 1, InetAddress.getByName("127.0.0.1"))) {
            assertRefusal("transport: cannot listen at 127.0.0.1 port " + other.getLocalPort());
        }
    }

    @Test
    void refusesUnknownOption() throws Exception {
        start(TestFramework.DISTRIBUTION, "--verbose");
        assertEnd(REFUSED, "unknown option --verbose; usage: conet-edge");
    }

    @Test
    void refusesDirectoryThatCannotBeMade() throws Exception {
        Files.writeString(node.run(), "a file");
        start(TestFramework.DISTRIBUTION);
        assertEnd(REFUSED, "a directory cannot be made: ");
    }

    @Test
    void namesTheBundleThatDoesNotStart() throws Exception {
        Path copy = copyOfDistribution();
        try (var jars = Files.list(copy.resolve("bundles"))) {
            Files.delete(jars.filter(jar -> jar.getFileName().toString().startsWith("bcutil-")).findFirst().get());
        }
        start(copy);
        assertEnd(BROKEN, "does not start: ");
    }

    private Path copyOfDistribution() throws IOException {
        Path copy = directory.resolve("copy");
        try (var files = Files.walk(TestFramework.DISTRIBUTION)) {
            for (Path file : files.toList()) {
                Files.copy(file, copy.resolve(TestFramework.DISTRIBUTION.relativize(file).toString()),
                        StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
        return copy;
    }

    private void startServing() throws Exception {
        start(TestFramework.DISTRIBUTION);
        Await.until("serving", () -> {
            assertTrue(process.isAlive(), () -> "ended: " + printed("err") + printed("out"));
            return node.isServing();
        });
    }

    private void start(Path distribution, String... options) throws IOException {
        process = node.process(distribution, options).start();
    }

    private void assertRefusal(String complaint) throws Exception {
        start(TestFramework.DISTRIBUTION);
        assertEnd(REFUSED, complaint);
    }

    /** One line on standard error, nothing on standard output. */
    private void assertEnd(int status, String complaint) throws Exception {
        assertTrue(process.waitFor(REFUSE_SECONDS_MAX, TimeUnit.SECONDS), () -> "still runs: " + printed("err"));
        String line = printed("err");
        assertTrue(line.startsWith("conet-edge: ") && line.contains(complaint), line);
        assertEquals(line.length() - 1, line.indexOf('\n'), "one line: " + line);
        assertEquals("", printed("out"));
        assertEquals(status, process.exitValue());
    }

    private String printed(String stream) {
        try {
            return Files.readString(directory.resolve(stream));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
