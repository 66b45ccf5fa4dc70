package network.conet.edge.protocol;

import static network.conet.edge.protocol.Refusals.assertRefused;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FrameReaderTest {
    @ParameterizedTest
    @CsvSource({"22-listen-direct,5", "28-listen-flush-offline,4", "31-redelivery-without-ack,2",
        "34-listen-replaced,2", "35-listen-mining,2", "37-l0-listen,2", "33-flush-into-dead-reader,1"})
    void cutsRecordedStreamsHoweverTheyArrive(String id, int frames) throws RefusedException {
        byte[] stream = Vectors.stream(Vectors.recorded(id + ".res"));
        List<JsonValue> whole = read(stream, stream.length);
        assertEquals(frames, whole.size());
        assertEquals(whole, read(stream, 1));
        assertEquals(whole, read(stream, 7));
        byte[] lineFeeds = Vectors.utf8(new String(stream, StandardCharsets.UTF_8).replace("\r\n", "\n"));
        assertEquals(whole, read(lineFeeds, lineFeeds.length));
        assertEquals(whole, read(lineFeeds, 1));
        ByteArrayOutputStream twice = new ByteArrayOutputStream();
        twice.writeBytes(stream);
        twice.writeBytes(stream);
        assertEquals(2 * frames, read(twice.toByteArray(), 1_000).size());
    }

    @Test
    void findsTheMailAsItWasSent() throws RefusedException {
        byte[] stream = Vectors.stream(Vectors.recorded("28-listen-flush-offline.res"));
        List<JsonValue> frames = read(stream, stream.length);
        for (int i = 1; i <= 3; i++) {
            String sent = Vectors.armor("2" + (4 + i) + "-send-offline-" + i);
            assertEquals(sent, frames.get(i).string("data").orElseThrow());
        }
    }

    @Test
    void startsInTheMiddleOfABuffer() throws RefusedException {
        byte[] bytes = Vectors.utf8("xx{}\n\nxx");
        assertEquals(1, new FrameReader().feed(bytes, 2, 4).size());
        assertEquals(List.of(), new FrameReader().feed(bytes, 0, 0));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "\n", "\r\n\r\n\r\n\r\n", "\n\n\n", ": keepalive\r\n\r\n", ":\n\n", " \n\n", "data:\n\n", "data: \n\n",
        "{}", "{}\n", "{}\r\n", "{}\r\n\r", "data: {}", "{}\n \n"})
    void findsNoFrame(String text) throws RefusedException {
        assertEquals(List.of(), read(Vectors.utf8(text), 1));
        assertEquals(List.of(), read(Vectors.utf8(text), 1_000));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "{\"a\":1}\n\n", "{\"a\":1}\r\n\r\n", "{\"a\":1}\n\r\n", "{\"a\":1}\r\n\n", "data: {\"a\":1}\n\n",
        "data:{\"a\":1}\n\n", "data: {\ndata: \"a\":1}\n\n", "data: {\r\ndata: \"a\":1}\r\n\r\n",
        ": comment\ndata: {\"a\":1}\n\n", "event: x\nid: 1\ndata: {\"a\":1}\n\n", "{\"a\"\n:1}\n\n",
        "\n\n{\"a\":1}\n\n", " {\"a\":1} \n\n", ": x\n\n{\"a\":1}\n\n"})
    void findsOneFrame(String text) throws RefusedException {
        assertEquals("[{\"a\":1}]", read(Vectors.utf8(text), 1).toString());
        assertEquals("[{\"a\":1}]", read(Vectors.utf8(text), 1_000).toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"x\n\n", "[]\n\n", "1\n\n", "null\n\n", "{\n\n", "data: x\n\n", "data: []\n\n", "{}{}\n\n"})
    void refusesFramesThatAreNoObject(String text) {
        assertRefused(RefuseReason.BODY_NOT_JSON, () -> read(Vectors.utf8(text), 1));
        assertRefused(RefuseReason.BODY_NOT_JSON, () -> read(Vectors.utf8(text), 1_000));
    }

    @ParameterizedTest
    @CsvSource({"1,1", "2,1", "1,4096", "2,4096", "1,9999999", "2,9999999"})
    void acceptsFrameOfExactlyMaxAndRefusesOneByteMoreHoweverItArrives(int style, int chunk) throws RefusedException {
        String separator = style == 1 ? "\n\n" : "\r\n\r\n";
        String largest = "{\"a\":\"" + "x".repeat(ProtocolLimits.FRAME_BYTES_MAX - 8) + "\"}";
        assertEquals(ProtocolLimits.FRAME_BYTES_MAX, largest.length());
        assertEquals(1, read(Vectors.utf8(largest + separator), chunk).size());
        assertRefused(RefuseReason.BODY_TOO_LARGE, () -> read(Vectors.utf8(" " + largest + separator), chunk));
    }

    @Test
    void refusesAFrameThatDoesNotEnd() {
        byte[] endless = new byte[ProtocolLimits.FRAME_BYTES_MAX + 4];
        Arrays.fill(endless, (byte) 'x');
        assertRefused(RefuseReason.BODY_TOO_LARGE, () -> read(endless, 8_192));
    }

    @Test
    void readsTheSameHoweverAStreamArrives() {
        Random random = new Random(Fuzz.seed());
        byte[] stream = Vectors.stream(Vectors.recorded("22-listen-direct.res"));
        for (int i = 0; i < Fuzz.rounds() / 10; i++) {
            byte[] mutated = Fuzz.mutate(stream, random);
            String whole = outcome(mutated, mutated.length + 1);
            assertEquals(whole, outcome(mutated, 1), () -> "fuzz.seed=" + Fuzz.seed());
            assertEquals(whole, outcome(mutated, 1 + random.nextInt(300)), () -> "fuzz.seed=" + Fuzz.seed());
        }
    }

    /** All frames, or why there are none; frames before a bad one are lost in a large chunk, not in a small. */
    private static String outcome(byte[] stream, int chunk) {
        try {
            return read(stream, chunk).toString();
        } catch (RefusedException refused) {
            return refused.reason().label();
        }
    }

    private static List<JsonValue> read(byte[] stream, int chunk) throws RefusedException {
        FrameReader reader = new FrameReader();
        List<JsonValue> frames = new ArrayList<>();
        for (int at = 0; at < stream.length; at += chunk) {
            frames.addAll(reader.feed(stream, at, Math.min(chunk, stream.length - at)));
        }
        return frames;
    }
}
