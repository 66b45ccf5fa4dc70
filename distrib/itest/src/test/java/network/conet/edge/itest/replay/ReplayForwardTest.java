package network.conet.edge.itest.replay;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Our entries before an existing node B: what they send to B is what the existing entries sent, to the byte, the
 * signature of the hop included; and what B answers reaches the client untouched. Three differences:
 *
 * <pre>
 *   + X-CoNET-Edge: 1    the line that asks a node of our kind to keep the connection; B reads over it
 *   - CR LF CR LF        existing nodes append it behind the announced length
 *   + :port              in the Host line, because here B has a free port and not 80
 * </pre>
 */
class ReplayForwardTest {
    private static final String LINE_BEFORE_EDGE = "Content-Type: application/json";

    @TempDir
    private Path directory;

    private RecordedNetwork network;
    private ScriptedNode b;

    @BeforeEach
    void begin() throws IOException {
        network = new RecordedNetwork(directory);
        network.start(RecordedNetwork.A);
        network.start(RecordedNetwork.C);
        b = network.script(RecordedNetwork.B);
    }

    @AfterEach
    void end() throws IOException {
        network.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"11", "12", "17", "18", "25", "26", "28", "29"})
    void sendsOnWhatTheExistingEntriesSentOn(String number) throws Exception {
        Recording recording = Recording.of(number);
        RawClient client = network.send(recording);
        String expected = Recording.ascii(recording.sentToB()).stripTrailing()
                .replace("Host: " + RecordedNetwork.B, "Host: " + RecordedNetwork.B + ":" + b.port())
                .replace(LINE_BEFORE_EDGE, "X-CoNET-Edge: 1\r\n" + LINE_BEFORE_EDGE);

        try (RawClient entry = b.accept()) {
            assertEquals(expected, Recording.ascii(entry.read(expected.length())));
            entry.send(recording.answeredByB()).endOutput();
            assertArrayEquals(recording.answeredByB(), client.readToEnd());
            assertEquals(0, entry.readToEnd().length, "behind the request");
        }
        assertArrayEquals(recording.response(), recording.answeredByB());
    }
}
