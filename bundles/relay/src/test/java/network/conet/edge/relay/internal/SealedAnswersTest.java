package network.conet.edge.relay.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import network.conet.edge.protocol.Epoch;
import network.conet.edge.protocol.JsonException;
import network.conet.edge.protocol.JsonValue;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.ReplyKey;
import network.conet.edge.protocol.ReplyReader;
import org.junit.jupiter.api.Test;

/** Answers under the caller's key (section 5.6): what comes, and that the entry between sees nothing in it. */
class SealedAnswersTest {
    private static final ReplyKey KEY = ReplyKey.of(new byte[ReplyKey.BYTES]);
    private static final byte[] FOR_ALICE = FakeSeal.seal(RelayBench.ALICE_KEY, "hello");

    private final RelayBench bench = new RelayBench();

    private JsonValue.Builder command(String name) {
        return bench.command(name, bench.alice).put("replyKey", KEY.base64());
    }

    private RecordingExchange run(JsonValue.Builder command) {
        return bench.run(command, bench.alice);
    }

    private static ReplyReader reader(byte[] sealed) {
        return new ReplyReader(KEY, new ByteArrayInputStream(sealed));
    }

    private static byte[] reply(RecordingExchange exchange) throws JsonException {
        JsonValue json = JsonValue.parse(exchange.json);
        assertEquals(1, ((JsonValue.Obj) json).members().size());
        return Base64.getDecoder().decode(json.string("reply").orElseThrow());
    }

    private static String opened(byte[] sealed) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        assertEquals("{\"ok\":true}", reader(sealed).readTo(out).toString());
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void sealsWhatAListenerGets() throws Exception {
        bench.post(FOR_ALICE);
        RecordingExchange plain = bench.listen(bench.alice);
        RecordingExchange sealed = run(command("mining"));
        bench.relay.epochBegan(new Epoch(1014, 0.25, 10, 20));
        assertTrue(sealed.isOctets);
        ReplyReader reader = reader(sealed.stream.octets.toByteArray());
        for (int i = 0; i < 2; i++) {
            assertEquals(plain.stream.frames.get(i), text(reader.next().orElseThrow()));
        }
        assertTrue(text(reader.next().orElseThrow()).contains("1014"));
        assertThrows(EOFException.class, reader::next, "it has not ended");
        String onTheWire = sealed.stream.octets.toString(StandardCharsets.ISO_8859_1);
        assertFalse(onTheWire.contains(new String(FOR_ALICE, StandardCharsets.US_ASCII).substring(0, 40)));
        assertFalse(onTheWire.contains(bench.nodeWallet.toString()));
    }

    @Test
    void endsAListenerAsItMeansTo() throws IOException {
        RecordingExchange sealed = run(command("mining"));
        bench.relay.close();
        assertFalse(sealed.stream.isOpen);
        assertTrue(opened(sealed.stream.octets.toByteArray()).contains("\"epoch\":1012"));
    }

    @Test
    void writesNothingBehindTheEnd() {
        RecordingExchange sealed = run(command("mining"));
        bench.relay.close();
        int length = sealed.stream.octets.size();
        bench.relay.epochBegan(new Epoch(1014, 0.25, 10, 20));
        assertEquals(length, sealed.stream.octets.size());
    }

    @Test
    void twoWithOneKeyDiffer() throws Exception {
        JsonValue.Builder query = command("wallet_online_query").put("targetWallet", bench.alice.toString());
        byte[] first = reply(run(query));
        byte[] second = reply(run(query.put("serial", -1)));
        assertEquals(opened(first), opened(second));
        assertNotEquals(text(first).substring(16), text(second).substring(16));
    }

    @Test
    void sealsShortAnswersAndThoseThatSayNo() throws Exception {
        JsonValue.Builder query = command("wallet_online_query").put("targetWallet", bench.alice.toString());
        assertTrue(opened(reply(run(query))).startsWith("{\"ok\":true,\"wallet\":\"" + bench.alice));
        assertEquals("{\"ok\":false,\"error\":\"invalid_target\",\"online\":false}",
                opened(reply(run(command("wallet_online_query").put("targetWallet", "x")))));
        bench.post(FOR_ALICE);
        assertEquals("{\"ok\":true,\"removed\":true}", opened(reply(run(command("gossip_delivery_ack")
                .put("armorHash", bench.signatures.hash(FOR_ALICE).toString())))));
    }

    @Test
    void refusesInTheOpen() {
        JsonValue.Builder late = command("gossip_delivery_ack").put("timestamp", RelayBench.NOW - 601)
                .put("armorHash", bench.signatures.hash(FOR_ALICE).toString());
        assertEquals(RefuseReason.TIMESTAMP_OUTSIDE_WINDOW, run(late).refusal);
        assertEquals(RefuseReason.COMMAND_MALFORMED, run(command("mining").put("replyKey", "AAAA")).refusal);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
