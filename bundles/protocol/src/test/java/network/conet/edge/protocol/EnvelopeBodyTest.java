package network.conet.edge.protocol;

import static network.conet.edge.protocol.Refusals.assertRefused;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class EnvelopeBodyTest {
    private static final String ARMOR = Vectors.armor("11-send-live");

    static Stream<String[]> recordedRequests() {
        return Arrays.stream(Vectors.SEALED);
    }

    @ParameterizedTest
    @MethodSource("recordedRequests")
    void writesRecordedBodiesByteForByte(String id, String keyId) throws RefusedException {
        byte[] body = Vectors.body(Vectors.recorded(id + ".req"));
        Envelope envelope = EnvelopeBody.parse(body);
        assertEquals(keyId, envelope.keyId().toString());
        assertArrayEquals(body, EnvelopeBody.encode(envelope));
        assertArrayEquals(body, EnvelopeBody.encode(Envelope.of(envelope.armor())), "written anew");
        assertEquals(body.length, EnvelopeBody.encodedLength(envelope.armor()));
    }

    /** What an existing node sends on is what it got, so what we send on must be what it sends on. */
    @ParameterizedTest
    @ValueSource(strings = {
        "11-send-live.tap.0003", "12-ack-live.tap.0004", "25-send-offline-1.tap.0013", "26-send-offline-2.tap.0014",
        "28-listen-flush-offline.tap.0016", "29-ack-after-flush.tap.0017"})
    void forwardsAsExistingNodesDo(String tap) throws RefusedException {
        byte[] received = Vectors.body(Vectors.recorded(tap.substring(0, tap.indexOf(".tap")) + ".req"));
        byte[] forwarded = Vectors.body(Vectors.recorded(tap + ".up"));
        assertArrayEquals(forwarded, EnvelopeBody.encode(EnvelopeBody.parse(received)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"22-listen-direct", "28-listen-flush-offline", "31-redelivery-without-ack",
        "34-listen-replaced", "35-listen-mining"})
    void writesMailFramesByteForByte(String id) throws RefusedException {
        List<String> frames = Vectors.mailFrames(id);
        assertFalse(frames.isEmpty());
        for (String frame : frames) {
            Envelope envelope = EnvelopeBody.parse(Vectors.utf8(frame));
            assertArrayEquals(Vectors.utf8(frame), StreamFrames.mail(envelope.armor()));
        }
    }

    @Test
    void ignoresOtherMembersAndWhiteSpace() throws RefusedException {
        String data = JsonValue.of(ARMOR).toString();
        String[] bodies = {
            "{\"data\":" + data + "}", " \r\n\t{ \"data\" : " + data + " } \n", "{\"data\":" + data + ",\"x\":1}",
            "{\"x\":[{\"data\":\"y\"}],\"data\":" + data + "}", "{\"data\":5,\"data\":" + data + "}",
            "{\"data\":\"x\",\"data\":" + data + "}", "{\"d\\u0061ta\":" + data + "}",
            "{\"data\":" + data.replace("\\n", "\\u000a").replace("/", "\\/") + "}",
            "{\"data\":" + data.replace("/", "\\/") + "}",
        };
        for (String body : bodies) {
            assertEquals(ARMOR, armorOf(body));
        }
    }

    @Test
    void refusesBodiesWithoutData() {
        String[] table = {
            "{}", "{\"Data\":\"x\"}", "{\"data\":null}", "{\"data\":1}", "{\"data\":true}", "{\"data\":[\"x\"]}",
            "{\"data\":{\"data\":\"x\"}}", "{\"data\":\"x\",\"data\":null}", "{\"x\":{\"data\":\"y\"}}"};
        for (String body : table) {
            assertRefused(RefuseReason.DATA_MISSING, () -> armorOf(body));
        }
    }

    @Test
    void refusesBodiesThatAreNoJsonObject() {
        String[] table = {
            "", "hello", "null", "\"data\"", "[{\"data\":\"x\"}]", "{\"data\":\"", "{\"data\":\"}", "{\"data\":\"\\\"}",
            "{\"data\":\"x\"", "{\"data\":\"x\"}}", "{\"data\":\"x\n\"}", "{\"data\":\"x\u0000\"}",
            "{\"data\":\"\\x\"}", "{\"data\":\"\\u00\"}", "{\"data\":\"x\"}\u0000", "\ufeff{\"data\":\"x\"}",
            "{\"data\":\"x\"} {\"data\":\"x\"}", "data=x", "{\"data\":\"x\"y\"}"};
        for (String body : table) {
            assertRefused(RefuseReason.BODY_NOT_JSON, () -> armorOf(body));
        }
    }

    @Test
    void refusesDataThatIsNoArmor() {
        for (String data : new String[] {"\"\"", "\"x\"", "\"" + ArmorScanner.BEGIN + "\"", "\"\\ud800\""}) {
            assertRefused(RefuseReason.ARMOR_MALFORMED, () -> armorOf("{\"data\":" + data + "}"));
        }
    }

    @Test
    void refusesTheRecordedMalformedRequests() {
        assertRefused(RefuseReason.BODY_NOT_JSON,
                () -> EnvelopeBody.parse(Vectors.body(Vectors.recorded("04-post-not-json.req"))));
        assertRefused(RefuseReason.ARMOR_MALFORMED,
                () -> EnvelopeBody.parse(Vectors.body(Vectors.recorded("05-post-not-pgp.req"))));
        assertRefused(RefuseReason.DATA_MISSING,
                () -> EnvelopeBody.parse(Vectors.body(Vectors.recorded("06-post-no-data.req"))));
    }

    @Test
    void acceptsBodyOfExactlyMaxAndRefusesOneByteMore() throws RefusedException {
        String start = "{\"data\":" + JsonValue.of(ARMOR) + ",\"x\":\"";
        int spare = ProtocolLimits.BODY_BYTES_MAX - start.length() - 2;
        assertEquals(ARMOR, armorOf(start + "x".repeat(spare) + "\"}"));
        assertRefused(RefuseReason.BODY_TOO_LARGE, () -> armorOf(start + "x".repeat(spare + 1) + "\"}"));
    }

    @Test
    void carriesTheLargestArmorThatClientsCanMake() throws RefusedException {
        byte[] armor = ArmorScannerTest.armorOfLength(ProtocolLimits.ARMOR_BYTES_MAX, 60);
        byte[] body = EnvelopeBody.encode(Envelope.of(armor));
        assertArrayEquals(armor, EnvelopeBody.parse(body).armor());
    }

    /**
     * A body that we accept can always be sent on and delivered. Malformed bytes become three bytes each, so a body
     * of line breaks and such bytes grows when it is written again.
     */
    @Test
    void refusesArmorThatNoNodeCouldSendOn() {
        int malformed = 100_000;
        int start = 9 + ArmorScanner.BEGIN.length() + 2;
        String rest = "\\n\\n" + JsonValue.of(ARMOR).toString().substring(start - 9 + 3) + "}";
        int breaks = (ProtocolLimits.BODY_BYTES_MAX - start - malformed - rest.length()) / 2;
        String text = "{\"data\":\"" + ArmorScanner.BEGIN + "\\n" + "?".repeat(malformed) + "\\n".repeat(breaks) + rest;
        byte[] body = Vectors.utf8(text);
        assertDoesNotThrow(() -> EnvelopeBody.parse(body));
        Arrays.fill(body, start, start + malformed, (byte) 0xFF);
        assertRefused(RefuseReason.ARMOR_TOO_LARGE, () -> EnvelopeBody.parse(body));
    }

    @Test
    void readsTheSameArmorFastAndSlowly() {
        long seed = Fuzz.seed();
        Random random = new Random(seed);
        String alphabet = "abAB01+/=- \"\\\\\\nrtbfu0000}{,:\u00e4\u0001\n";
        for (int i = 0; i < Fuzz.rounds(); i++) {
            StringBuilder data = new StringBuilder();
            for (int n = random.nextInt(12); n > 0; n--) {
                data.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            String inside = data.toString();
            String quoted = JsonValue.of(ARMOR).toString();
            int at = 1 + random.nextInt(quoted.length() - 1);
            String value = quoted.substring(0, at) + inside + quoted.substring(at);
            assertEquals(outcome(" {\"data\":" + value + "}"), outcome("{\"data\":" + value + "}"),
                    () -> "seed " + seed + " " + value);
        }
    }

    @Test
    void sendsOnTheBodyItselfOnlyWhenItWouldWriteTheSame() throws RefusedException {
        String data = JsonValue.of(ARMOR).toString();
        byte[] exact = Vectors.utf8("{\"data\":" + data + "}");
        assertSame(exact, EnvelopeBody.encode(EnvelopeBody.parse(exact)));
        for (String other : new String[] {"{\"data\":" + data + "}\r\n", "{\"data\":" + data + ",\"x\":1}",
            "{\"data\":" + data.replace("/", "\\/") + "}", "{\"data\":" + data.replace("\\n", "\\u000a") + "}"}) {
            assertArrayEquals(exact, EnvelopeBody.encode(EnvelopeBody.parse(Vectors.utf8(other))), other);
        }
    }

    private static String outcome(String body) {
        try {
            return armorOf(body);
        } catch (RefusedException refused) {
            return refused.reason().label();
        }
    }

    private static String armorOf(String body) throws RefusedException {
        return new String(EnvelopeBody.parse(Vectors.utf8(body)).armor(), StandardCharsets.UTF_8);
    }
}
