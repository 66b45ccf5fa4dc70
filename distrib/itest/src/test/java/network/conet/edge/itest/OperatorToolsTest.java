package network.conet.edge.itest;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import network.conet.edge.protocol.JsonValue;
import network.conet.edge.protocol.KeyId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The operator's commands, from the script that the distribution carries, on the data of a real node. */
class OperatorToolsTest {
    private static final long STOP_SECONDS_MAX = 10;
    private static final long COMMAND_SECONDS_MAX = 60;
    private static final int MESSAGES = 12;
    /** So long that twelve of them do not fit into one segment of a mebibyte. */
    private static final int TEXT_CHARS = 100_000;

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
    void operatorLooksAtTheMailAndTidiesItUp() throws Exception {
        start();
        List<byte[]> sealed = new ArrayList<>();
        List<String> texts = new ArrayList<>();
        Random dice = new Random(3);
        for (int i = 0; i < MESSAGES; i++) {
            texts.add(dice.ints(TEXT_CHARS, ' ', '~').collect(
                    StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append).toString());
            sealed.add(node.sealToUser(texts.get(i)));
            assertEquals(200, node.post(sealed.get(i)));
        }
        String mailbox = node.mailbox(0).toString();

        assertEquals(0, run("check"), out() + err());
        assertTrue(out().startsWith("note: the node is at work here"), out());
        assertTrue(out().endsWith(" segments, 12 messages in 1 mailbox, 0 damaged\n"), out());
        assertEquals(75, run("compact"));
        assertOneLine("is in use by another process of this node; stop the node first");

        process.destroy();
        assertTrue(process.waitFor(STOP_SECONDS_MAX, TimeUnit.SECONDS), "still runs");
        Map<String, Integer> before = contents();
        assertEquals(0, run("stats", "--json"), err());
        assertEquals(MESSAGES, JsonValue.parse(out()).integer("messages").getAsLong());
        assertEquals(0, run("check", "--mailbox", mailbox), out());
        assertTrue(out().contains(": 12 messages waiting, none known to be damaged\n"), out());
        Path target = directory.resolve("export");
        assertEquals(0, run("export", "--mailbox", mailbox, "--to", target.toString()), err());
        for (int i = 0; i < MESSAGES; i++) {
            assertArrayEquals(sealed.get(i), Files.readAllBytes(target.resolve((i + 1) + ".asc")));
        }
        assertEquals(0, run("export", "--mailbox", new KeyId(7).toString(), "--to", directory + "/empty"), err());
        assertEquals(before, contents(), "nothing was changed");

        damage(node.data().resolve("mailbox/seg-00000"));
        assertEquals(1, run("check", "--mailbox", mailbox));
        assertTrue(out().startsWith("seg-00000 bytes "), out());
        assertTrue(out().contains(": it was waiting\n") && out().contains(" damaged: ["), out());
        assertTrue(out().endsWith(" 1 damaged\n"), out());
        assertEquals(1, run("compact"), err());
        assertTrue(out().startsWith("before: ") && out().contains("\nafter:  "), out());
        assertEquals(0, run("check"), out());
        assertTrue(out().endsWith(" 11 messages in 1 mailbox, 0 damaged\n"), out());

        start();
        List<String> served = node.listen(MESSAGES - 1);
        assertTrue(texts.containsAll(served) && served.size() == MESSAGES - 1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "2 | mend | unknown command mend; usage: conet-edge storage check",
        "2 | export --to x | export needs --mailbox; usage: ",
        "2 | export --mailbox B0B --to x | --mailbox B0B: expected a key id of 16 hex digits; usage: ",
        "2 | check --verbose | unknown option --verbose of check; usage: ",
        "2 | check --data | --data needs a value; usage: ",
        "74 | check | there is no mailbox directory ",
        "78 | check --config none.conf | there is no configuration file "})
    void refusesWithOneLine(int status, String arguments, String complaint) throws Exception {
        assertEquals(status, run(arguments.split(" ")));
        assertOneLine(complaint);
        assertEquals("", out());
        assertFalse(Files.exists(node.data().resolve("mailbox")), "makes nothing");
    }

    @Test
    void refusesTargetThatCannotBeWritten() throws Exception {
        start();
        process.destroy();
        assertTrue(process.waitFor(STOP_SECONDS_MAX, TimeUnit.SECONDS), "still runs");
        Path file = Files.writeString(directory.resolve("file"), "");
        assertEquals(74, run("export", "--mailbox", node.mailbox(0).toString(), "--to", file.toString()));
        assertOneLine(file.toString());
    }

    @Test
    void nodeComesBackFromItsBackup() throws Exception {
        start();
        process.destroy();
        assertTrue(process.waitFor(STOP_SECONDS_MAX, TimeUnit.SECONDS), "still runs");
        String password = Files.writeString(directory.resolve("password"), "twelve chars").toString();
        List<String> places = List.of("--file", directory.resolve("node.pgp").toString(), "--password-file", password);
        assertEquals(0, tool("backup", "create", places), err());
        assertTrue(out().startsWith("node " + node.nodeWallet() + " backed up: 5 files, "), out());

        Files.move(node.data(), directory.resolve("lost"));
        assertEquals(0, tool("backup", "restore", places), err());
        assertEquals("node " + node.nodeWallet() + " restored\n", out());
        Files.copy(directory.resolve("lost/network.json"), node.data().resolve("network.json"));
        start();
        assertEquals(200, node.post(node.sealToUser("to the one that came back")));
        assertEquals(78, tool("backup", "restore", places));
        assertOneLine("holds keys already");
    }

    private void start() throws Exception {
        process = node.process(TestFramework.DISTRIBUTION).start();
        Await.until("serving", node::isServing);
        Await.until("routes", node::hasRoutes);
    }

    private int run(String... arguments) throws Exception {
        return tool("storage", arguments[0], Arrays.asList(arguments).subList(1, arguments.length));
    }

    private int tool(String tool, String word, List<String> rest) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                TestFramework.DISTRIBUTION.resolve("bin/conet-edge").toString(), tool, word));
        command.addAll(rest);
        ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
        builder.environment().putAll(Map.of("CONET_DATA", node.data().toString(), "CONET_CONFIG",
                node.config().toString(),
                "CONET_JAVA", Path.of(System.getProperty("java.home"), "bin/java").toString()));
        Process run = builder.redirectOutput(directory.resolve("tool.out").toFile())
                .redirectError(directory.resolve("tool.err").toFile()).start();
        assertTrue(run.waitFor(COMMAND_SECONDS_MAX, TimeUnit.SECONDS), "still runs");
        return run.exitValue();
    }

    private void assertOneLine(String complaint) throws IOException {
        assertTrue(err().startsWith("conet-edge: ") && err().contains(complaint), err());
        assertEquals(err().length() - 1, err().indexOf('\n'), err());
    }

    private String out() throws IOException {
        return Files.readString(directory.resolve("tool.out"));
    }

    private String err() throws IOException {
        return Files.readString(directory.resolve("tool.err"));
    }

    private static void damage(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[300_000] ^= 1;
        Files.write(file, bytes);
    }

    private Map<String, Integer> contents() throws IOException {
        Map<String, Integer> contents = new TreeMap<>();
        try (Stream<Path> files = Files.list(node.data().resolve("mailbox"))) {
            for (Path file : files.toList()) {
                contents.put(file.getFileName().toString(), Arrays.hashCode(Files.readAllBytes(file)));
            }
        }
        return contents;
    }
}
