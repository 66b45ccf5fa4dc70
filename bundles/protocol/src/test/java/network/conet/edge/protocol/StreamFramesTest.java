package network.conet.edge.protocol;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The frames that a node writes, against those that an existing node wrote. */
class StreamFramesTest {
    private static final WalletAddress NODE_B =
            WalletAddress.parse("0xDcE6d61085719bEb63faec0Bd78d852886Cd0f87", Vectors::keccak).orElseThrow();

    @ParameterizedTest
    @CsvSource({"22-listen-direct,682", "28-listen-flush-offline,690", "31-redelivery-without-ack,692",
        "35-listen-mining,696"})
    void greetsByteForByteAsTheExistingNode(String id, long epoch) {
        String stream = stream(id);
        String greeting = stream.substring(0, stream.indexOf("\r\n\r\n\r\n\r\n") + 8);
        WalletSignature signature = signature(greeting);
        byte[] ours = StreamFrames.greeting("127.0.0.1", epoch, NODE_B, signature);
        assertEquals(greeting, new String(ours, StandardCharsets.UTF_8));
    }

    @Test
    void beatsByteForByteAsTheExistingNode() {
        String stream = stream("22-listen-direct");
        int from = stream.indexOf("{\"status\":200,\"epoch\"");
        String recorded = stream.substring(from, stream.indexOf("\r\n\r\n", from) + 4);
        EpochFrame frame = EpochFrame.parse(Vectors.json(recorded), Vectors::keccak).orElseThrow();
        assertEquals(684, frame.epoch());
        assertEquals(NODE_B, frame.nodeWallet());
        assertEquals(Vectors.Keys.NODE_B, frame.nodeKeyId().toString());
        byte[] ours = frame.encode(new Epoch(684, 0.5, 10, 20), "127.0.0.3", 0);
        assertEquals(recorded, new String(ours, StandardCharsets.UTF_8));
    }

    @Test
    void signsExactlyTheTextOfTheVector() {
        WalletAddress wallet =
                WalletAddress.parse(Vectors.primitive("wallet", "address"), Vectors::keccak).orElseThrow();
        assertArrayEquals(
                Vectors.utf8(Vectors.primitive("epoch", "message")), EpochFrame.signedText(1012, wallet));
        assertArrayEquals(Vectors.utf8("1012"), EpochFrame.greetingText(1012));
    }

    @Test
    void readsWhatItWrites() {
        WalletSignature signature = WalletSignature.parse(Vectors.primitive("epoch", "hash")).orElseThrow();
        for (long epoch : new long[] {0, 2, 999_999_999_999_999_998L}) {
            EpochFrame frame = new EpochFrame(epoch, NODE_B, new KeyId(-1), signature);
            byte[] bytes = frame.encode(Epoch.UNKNOWN, "", epoch);
            String json = new String(bytes, StandardCharsets.UTF_8);
            assertTrue(json.endsWith("}\r\n\r\n"));
            assertEquals(Optional.of(frame), EpochFrame.parse(Vectors.json(json), Vectors::keccak));
        }
    }

    @Test
    void reportsItsOwnTrafficAndNobodyElses() {
        WalletSignature signature = WalletSignature.parse(Vectors.primitive("epoch", "hash")).orElseThrow();
        EpochFrame frame = new EpochFrame(4, NODE_B, new KeyId(-1), signature);
        String json = new String(frame.encode(Epoch.UNKNOWN, "", 1234), StandardCharsets.UTF_8);
        assertTrue(json.endsWith(",\"transfer\":[{\"wallet\":\"" + NODE_B + "\",\"bytes\":1234}]}\r\n\r\n"), json);
    }

    @Test
    void hasNoNegativeEpoch() {
        WalletSignature signature = WalletSignature.parse(Vectors.primitive("epoch", "hash")).orElseThrow();
        assertThrows(IllegalArgumentException.class, () -> new EpochFrame(-2, NODE_B, new KeyId(1), signature));
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "null", "{}", "{\"epoch\":\"2\"}"})
    void readsNoFrameFromAnythingElse(String text) {
        assertEquals(Optional.empty(), EpochFrame.parse(Vectors.json(text), Vectors::keccak));
    }

    private static WalletSignature signature(String frame) {
        int at = frame.indexOf("\"hash\":\"") + 8;
        return WalletSignature.parse(frame.substring(at, frame.indexOf('"', at))).orElseThrow();
    }

    private static String stream(String id) {
        return new String(Vectors.stream(Vectors.recorded(id + ".res")), StandardCharsets.UTF_8);
    }
}
