package network.conet.edge.protocol;

import static network.conet.edge.protocol.Refusals.assertRefused;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class HopHeaderTest {
    private static final String JSON = Vectors.primitive("hop", "headerJson");
    private static final String VALUE = Vectors.primitive("hop", "headerValue");

    @Test
    void readsAndWritesTheVector() throws RefusedException {
        List<Hop> hops = HopHeader.parse(VALUE, Vectors::keccak);
        assertEquals(1, hops.size());
        Hop hop = hops.get(0);
        assertEquals(1_700_000_000, hop.epochSeconds());
        assertEquals(66, hop.armorBytes());
        assertEquals("B3F7E3EFF3B1C5ED", hop.keyId().toString());
        assertEquals(Vectors.primitive("hop", "signature"), hop.signature().toString());
        assertEquals(VALUE, HopHeader.encode(hops, Vectors::keccak));
    }

    @Test
    void signsExactlyTheTextOfTheVector() throws RefusedException {
        Hop hop = HopHeader.parse(VALUE, Vectors::keccak).get(0);
        assertArrayEquals(Vectors.utf8(Vectors.primitive("hop", "payload")), hop.signedText());
        byte[] prefixed = Vectors.utf8("\u0019Ethereum Signed Message:\n" + hop.signedText().length
                + new String(hop.signedText(), StandardCharsets.US_ASCII));
        assertEquals(Vectors.primitive("hop", "eip191Hash"), Vectors.keccak(prefixed).toString());
    }

    @ParameterizedTest
    @CsvSource({
        "11-send-live.tap.0003,1", "12-ack-live.tap.0004,1", "17-send-nopush.tap.0008,1", "18-send-onion.tap.0010,2",
        "25-send-offline-1.tap.0013,1", "26-send-offline-2.tap.0014,1", "28-listen-flush-offline.tap.0016,1",
        "29-ack-after-flush.tap.0017,1"})
    void readsAndWritesRecordedHeaders(String tap, int count) throws RefusedException {
        byte[] request = Vectors.recorded(tap + ".up");
        String value = Vectors.header(request, HopHeader.NAME);
        List<Hop> hops = HopHeader.parse(value, Vectors::keccak);
        assertEquals(count, hops.size());
        assertEquals(value, HopHeader.encode(hops, Vectors::keccak));
        Hop last = hops.get(count - 1);
        Envelope envelope = EnvelopeBody.parse(Vectors.body(request));
        assertEquals(envelope.armor().length, last.armorBytes());
        assertEquals(Vectors.keccak(envelope.armor()), last.armorHash());
        assertEquals(envelope.keyId(), last.keyId());
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", " ", "\t", "[]", " [ ] ", "W10="})
    void readsNoHops(String value) throws RefusedException {
        assertEquals(List.of(), HopHeader.parse(value, Vectors::keccak));
    }

    @Test
    void readsPlainJsonAndMissingPadding() throws RefusedException {
        List<Hop> hops = HopHeader.parse(VALUE, Vectors::keccak);
        assertEquals(hops, HopHeader.parse(JSON, Vectors::keccak));
        assertEquals(hops, HopHeader.parse("  " + JSON + " ", Vectors::keccak));
        String padded = Base64.getEncoder().encodeToString(Vectors.utf8(JSON + " "));
        assertEquals(hops, HopHeader.parse(padded.replace("=", ""), Vectors::keccak));
    }

    @Test
    void acceptsThreeHopsAndRefusesFour() throws RefusedException {
        List<Hop> three = Collections.nCopies(3, HopHeader.parse(VALUE, Vectors::keccak).get(0));
        String value = HopHeader.encode(three, Vectors::keccak);
        assertEquals(three, HopHeader.parse(value, Vectors::keccak));
        assertTrue(value.length() < 1_400, "three hops fit the 2,048 bytes of an existing node's header");
        String entry = JSON.substring(1, JSON.length() - 1);
        String four = base64("[" + entry + "," + entry + "," + entry + "," + entry + "]");
        assertRefused(RefuseReason.HOPS_FULL, () -> HopHeader.parse(four, Vectors::keccak));
        assertRefused(RefuseReason.HOPS_FULL, () -> HopHeader.parse("[1,2,3,4]", Vectors::keccak));
        List<Hop> tooMany = Collections.nCopies(4, three.get(0));
        assertThrows(IllegalArgumentException.class, () -> HopHeader.encode(tooMany, Vectors::keccak));
        assertThrows(IllegalArgumentException.class, () -> HopHeader.encode(List.of(), Vectors::keccak));
    }

    /** Its three entries have a hash and a signature of one byte; the existing node closed as well. */
    @Test
    void refusesTheRecordedMalformedHeaders() {
        for (String id : new String[] {"20-hops-3", "21-hops-invalid"}) {
            String value = Vectors.header(Vectors.recorded(id + ".req"), HopHeader.NAME);
            assertRefused(RefuseReason.HOPS_MALFORMED, () -> HopHeader.parse(value, Vectors::keccak));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"!!!", "[", "[1]", "[null]", "[[]]", "[{}]", "{}", "e30=", "bnVsbA==", "MQ==", "\"[]\"",
        "W10=W10=", "W1 0=", "\u00e4", "[]x"})
    void refusesValuesThatAreNoArrayOfHops(String value) {
        assertRefused(RefuseReason.HOPS_MALFORMED, () -> HopHeader.parse(value, Vectors::keccak));
    }

    /** Each row replaces one member of a good entry. */
    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '`', value = {
        "w; null", "w; 1", "w; \"\"", "w; \"0x7E5F\"", "w; \"0x7e5F4552091A69125d5DfCb7b8C2659029395Bdf\"",
        "t; null", "t; \"1700000000\"", "t; 1.5", "t; 1e400", "t; 9007199254740992", "t; -9223372036854775808",
        "n; null", "n; \"66\"", "n; -1", "n; 0.5", "n; 1e19",
        "h; null", "h; \"\"", "h; \"0x00\"", "h; 1",
        "k; null", "k; \"\"", "k; \"B3F7\"", "k; 1",
        "s; null", "s; \"\"", "s; \"0x00\"", "s; 1"})
    void refusesEntriesWithAMalformedMember(String name, String value) throws JsonException {
        String entry = replaced(name, value);
        assertRefused(RefuseReason.HOPS_MALFORMED, () -> HopHeader.parse("[" + entry + "]", Vectors::keccak));
        assertRefused(RefuseReason.HOPS_MALFORMED, () -> HopHeader.parse(base64("[" + entry + "]"), Vectors::keccak));
    }

    @Test
    void acceptsLengthZeroAndUnknownMembers() throws RefusedException, JsonException {
        assertEquals(0, HopHeader.parse("[" + replaced("n", "0") + "]", Vectors::keccak).get(0).armorBytes());
        assertEquals(1, HopHeader.parse("[" + replaced("x", "[]") + "]", Vectors::keccak).size());
    }

    @Test
    void acceptsValueOfExactlyMaxAndRefusesOneMore() throws RefusedException {
        String padding = " ".repeat(ProtocolLimits.HOP_HEADER_CHARS_MAX - JSON.length());
        assertEquals(1, HopHeader.parse(JSON + padding, Vectors::keccak).size());
        assertRefused(RefuseReason.HOPS_MALFORMED, () -> HopHeader.parse(JSON + padding + " ", Vectors::keccak));
    }

    @Test
    void aHopHasNoNegativeLength() throws RefusedException {
        Hop hop = HopHeader.parse(VALUE, Vectors::keccak).get(0);
        assertThrows(IllegalArgumentException.class, () -> new Hop(
                hop.signer(), hop.epochSeconds(), -1, hop.armorHash(), hop.keyId(), hop.signature()));
    }

    private static String replaced(String name, String value) throws JsonException {
        JsonValue.Builder entry = JsonValue.object();
        JsonValue good = JsonValue.parse(JSON).elements().get(0);
        for (String member : List.of("w", "t", "n", "h", "k", "s")) {
            entry.put(member, good.member(member).orElseThrow());
        }
        return entry.put(name, JsonValue.parse(value)).build().toString();
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(Vectors.utf8(text));
    }
}
