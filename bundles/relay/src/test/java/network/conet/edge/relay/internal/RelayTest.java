package network.conet.edge.relay.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import network.conet.edge.api.Counter;
import network.conet.edge.protocol.Hash256;
import network.conet.edge.protocol.Hop;
import network.conet.edge.protocol.HopHeader;
import network.conet.edge.protocol.JsonValue;
import network.conet.edge.protocol.KeyId;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.RefusedException;
import network.conet.edge.protocol.WalletAddress;
import org.junit.jupiter.api.Test;

/** What happens to messages: parsing, opening, keeping, forwarding. Commands are in {@link CommandsTest}. */
class RelayTest {
    private static final byte[] FOR_ALICE = FakeSeal.seal(RelayBench.ALICE_KEY, "hello");
    private static final byte[] FOR_BOB = FakeSeal.seal(RelayBench.BOB_KEY, "hello");

    private final RelayBench bench = new RelayBench();

    @Test
    void keepsAMessageForAMailboxHere() {
        RecordingExchange exchange = bench.post(FOR_ALICE);
        assertEquals("", exchange.json);
        assertTrue(bench.mailbox.contains(RelayBench.ALICE_KEY, FOR_ALICE));
        assertEquals(1, bench.counters.value(Counter.MESSAGES_STORED));
    }

    @Test
    void answersACopyWithoutKeepingItTwice() {
        bench.post(FOR_ALICE);
        assertEquals("", bench.post(FOR_ALICE).json);
        assertEquals(1, bench.mailbox.count(RelayBench.ALICE_KEY));
        assertEquals(1, bench.counters.value(Counter.MESSAGES_DUPLICATE));
    }

    @Test
    void tellsTheSenderOnlyWhenTheMessageIsDurable() {
        FakeMailbox.Held disk = new FakeMailbox.Held();
        RelayBench slow = new RelayBench(disk, RelayBench.NOW_THEN, new RelaySettings(3, false));
        RecordingExchange exchange = slow.post(FOR_ALICE);
        assertEquals(0, exchange.answers());
        disk.runAll();
        assertEquals("", exchange.json);
    }

    @Test
    void passesTheReasonOfAFailedStoreOn() {
        for (RefuseReason reason : List.of(RefuseReason.MAILBOX_FULL, RefuseReason.MEMORY_FULL,
                RefuseReason.STORAGE_FAILED, RefuseReason.STOPPING)) {
            bench.mailbox.failure = new RefusedException(reason);
            assertEquals(reason, bench.post(FOR_ALICE).refusal);
        }
        assertEquals(0, bench.counters.value(Counter.MESSAGES_STORED));
    }

    @Test
    void answersInternalWhateverBreaks() {
        bench.mailbox.failure = new IllegalStateException("broken");
        assertEquals(RefuseReason.INTERNAL, bench.post(FOR_ALICE).refusal);
        bench.mailbox.failure = new AssertionError("broken");
        assertEquals(RefuseReason.INTERNAL, bench.post(FOR_ALICE).refusal);
        bench.mailbox.failure = null;
        bench.mailbox.broken = new IllegalStateException("broken inside a continuation");
        assertEquals(RefuseReason.INTERNAL, bench.post(FOR_ALICE).refusal);
        bench.routes.directoryBroken = new IllegalStateException("broken before any continuation");
        assertEquals(RefuseReason.INTERNAL, bench.post(FOR_ALICE).refusal);
    }

    @Test
    void answersOnceWhenTheListenerBreaksAfterTheAnswer() {
        RecordingExchange listen = bench.listen(bench.alice);
        listen.stream.broken = new IllegalStateException("broken");
        RecordingExchange exchange = bench.post(FOR_ALICE);
        assertEquals("", exchange.json);
        assertNull(exchange.refusal);
        assertTrue(!listen.stream.isOpen, "the listener that cannot be written is closed");
    }

    @Test
    void refusesBodiesThatAreNoMessage() {
        assertEquals(RefuseReason.BODY_NOT_JSON, postText("hello").refusal);
        assertEquals(RefuseReason.BODY_NOT_JSON, postText("[]").refusal);
        assertEquals(RefuseReason.DATA_MISSING, postText("{\"data\":7}").refusal);
        assertEquals(RefuseReason.ARMOR_MALFORMED, postText("{\"data\":\"hello\"}").refusal);
        String literal = "-----BEGIN PGP MESSAGE-----\n\nywA=\n-----END PGP MESSAGE-----";
        assertEquals(RefuseReason.KEY_ID_MISSING, bench.post(literal.getBytes(StandardCharsets.US_ASCII)).refusal);
        byte[] large = FakeSeal.seal(RelayBench.ALICE_KEY, new byte[800_000]);
        assertEquals(RefuseReason.ARMOR_TOO_LARGE, bench.post(large).refusal);
        byte[] padded = Arrays.copyOf(RelayBench.body(FOR_ALICE), 2 * 1024 * 1024);
        RecordingExchange exchange = new RecordingExchange();
        bench.relay.handle(padded, null, exchange);
        assertEquals(RefuseReason.BODY_TOO_LARGE, exchange.refusal);
    }

    @Test
    void refusesWhatNobodyKeeps() {
        assertEquals(RefuseReason.ROUTE_UNKNOWN, bench.post(FakeSeal.seal(new KeyId(99), "x")).refusal);
        assertEquals(RefuseReason.ROUTE_UNKNOWN, bench.post(FakeSeal.seal(new KeyId(0), "x")).refusal);
        bench.routes.register(bench.stranger, new KeyId(98), null);
        assertEquals(RefuseReason.ROUTE_UNKNOWN, bench.post(FakeSeal.seal(new KeyId(98), "x")).refusal);
        bench.routes.register(bench.stranger, new KeyId(98), new KeyId(97));
        assertEquals(RefuseReason.ROUTE_UNKNOWN, bench.post(FakeSeal.seal(new KeyId(98), "x")).refusal);
        bench.routes.failure = new RefusedException(RefuseReason.ROUTES_UNAVAILABLE);
        assertEquals(RefuseReason.ROUTES_UNAVAILABLE, bench.post(FOR_ALICE).refusal);
    }

    @Test
    void keepsMailboxesThoughTheDirectoryDoesNotKnowThisNodeYet() {
        bench.routes.nodes.removeIf(node -> node.keyId().equals(RelayBench.OURS));
        assertEquals("", bench.post(FOR_ALICE).json);
    }

    @Test
    void opensLayersAndRoutesWhatIsInside() {
        String inner = new String(FOR_ALICE, StandardCharsets.US_ASCII);
        byte[] kept = inner.trim().getBytes(StandardCharsets.US_ASCII);
        for (String layer : List.of(inner, base64(inner))) {
            bench.mailbox.acknowledge(RelayBench.ALICE_KEY, bench.signatures.hash(kept));
            assertEquals("", bench.post(FakeSeal.seal(RelayBench.OURS, layer)).json);
            assertTrue(bench.mailbox.contains(RelayBench.ALICE_KEY, kept), "cut behind its END line");
        }
        assertEquals(2, bench.counters.value(Counter.LAYERS_OPENED));
    }

    @Test
    void takesMailboxWorkEvenAfterThreeHops() throws RefusedException {
        JsonValue work = JsonValue.object()
                .put("data", new String(FOR_ALICE, StandardCharsets.US_ASCII)).put("NoPush", true).build();
        byte[] armor = FakeSeal.seal(RelayBench.OURS, work.toString());
        assertEquals("", bench.post(armor, hops(armor, 3, bench.otherWallet)).json);
        byte[] layer = FakeSeal.seal(RelayBench.OURS, FOR_ALICE);
        assertEquals(RefuseReason.HOPS_FULL, bench.post(layer, hops(layer, 3, bench.otherWallet)).refusal);
        assertEquals("", bench.post(layer, hops(layer, 2, bench.otherWallet)).json);
    }

    @Test
    void neverOpensTwice() {
        byte[] twice = FakeSeal.seal(RelayBench.OURS, FakeSeal.seal(RelayBench.OURS, FOR_ALICE));
        assertEquals(RefuseReason.LAYER_FOR_SAME_NODE, bench.post(twice).refusal);
        assertEquals(1, bench.counters.value(Counter.LAYERS_OPENED));
    }

    @Test
    void refusesWhatCannotBeOpened() {
        byte[] armor = FakeSeal.seal(RelayBench.OURS, "x");
        bench.keys.refusal = RefuseReason.DECRYPT_FAILED;
        assertEquals(RefuseReason.DECRYPT_FAILED, bench.post(armor).refusal);
        bench.keys.refusal = RefuseReason.DECRYPT_BUSY;
        assertEquals(RefuseReason.DECRYPT_BUSY, bench.post(armor).refusal);
    }

    @Test
    void refusesWhatIsNothingInside() {
        for (String plaintext : List.of("", "hello", "{\"message\":\"{}\",\"signMessage\":\"0x\"}", base64("hello"))) {
            assertEquals(RefuseReason.PLAINTEXT_UNKNOWN,
                    bench.post(FakeSeal.seal(RelayBench.OURS, plaintext)).refusal, plaintext);
        }
        String unsigned = base64("{\"message\":\"{}\",\"signMessage\":\"0x12\"}");
        assertEquals(RefuseReason.SIGNATURE_MALFORMED,
                bench.post(FakeSeal.seal(RelayBench.OURS, unsigned)).refusal);
    }

    @Test
    void forwardsUnchangedWithAHopThatVerifies() throws RefusedException {
        RecordingExchange exchange = bench.post(FOR_BOB);
        assertEquals(RelayBench.OTHER, exchange.next.keyId());
        assertArrayEquals(RelayBench.body(FOR_BOB), exchange.forwardedBody);
        List<Hop> hops = HopHeader.parse(exchange.forwardedHops, bench.signatures);
        assertEquals(1, hops.size());
        assertHop(hops.get(0), FOR_BOB, RelayBench.BOB_KEY);
        assertEquals(0, exchange.answers());
        assertEquals(0, bench.counters.value(Counter.MESSAGES_FORWARDED));
        exchange.sent.complete(null);
        assertEquals(1, exchange.answers(), "the answer is the next node's");
        assertEquals(1, bench.counters.value(Counter.MESSAGES_FORWARDED));
        assertEquals(FOR_BOB.length, bench.counters.value(Counter.FORWARDED_BYTES));
    }

    @Test
    void forwardsWhatIsSealedToAnotherNode() {
        assertEquals(RelayBench.OTHER, bench.post(FakeSeal.seal(RelayBench.OTHER, "x")).next.keyId());
    }

    @Test
    void addsItsHopBehindTheOthersAndSignsTheInnerArmor() throws RefusedException {
        byte[] layer = FakeSeal.seal(RelayBench.OURS, FOR_BOB);
        String before = hops(layer, 2, bench.otherWallet);
        RecordingExchange exchange = bench.post(layer, before);
        byte[] cut = new String(FOR_BOB, StandardCharsets.US_ASCII).trim().getBytes(StandardCharsets.US_ASCII);
        assertArrayEquals(RelayBench.body(cut), exchange.forwardedBody);
        List<Hop> hops = HopHeader.parse(exchange.forwardedHops, bench.signatures);
        assertEquals(3, hops.size());
        assertEquals(HopHeader.parse(before, bench.signatures), hops.subList(0, 2));
        assertHop(hops.get(2), cut, RelayBench.BOB_KEY);
    }

    @Test
    void refusesWhenTheNextNodeIsNotReached() {
        RecordingExchange exchange = bench.post(FOR_BOB);
        exchange.sent.completeExceptionally(new RefusedException(RefuseReason.NEXT_NODE_UNREACHABLE));
        assertEquals(RefuseReason.NEXT_NODE_UNREACHABLE, exchange.refusal);
        assertEquals(0, bench.counters.value(Counter.MESSAGES_FORWARDED));
    }

    @Test
    void refusesHopsThatAreNotOfThisMessage() throws RefusedException {
        byte[] other = FakeSeal.seal(RelayBench.BOB_KEY, "hallo");
        assertEquals(FOR_BOB.length, other.length);
        assertEquals(RefuseReason.HOP_FORGED, bench.post(FOR_BOB, hops(other, 1, bench.otherWallet)).refusal);
        List<Hop> wrongLength = List.of(hop(FOR_BOB, FOR_BOB.length + 1, bench.otherWallet));
        assertEquals(RefuseReason.HOP_FORGED,
                bench.post(FOR_BOB, HopHeader.encode(wrongLength, bench.signatures)).refusal);
        List<Hop> lastOfOther = List.of(
                hop(FOR_BOB, FOR_BOB.length, bench.otherWallet), hop(other, other.length, bench.otherWallet));
        assertEquals(RefuseReason.HOP_FORGED,
                bench.post(FOR_BOB, HopHeader.encode(lastOfOther, bench.signatures)).refusal);
        assertEquals(RelayBench.OTHER, bench.post(FOR_BOB, hops(FOR_BOB, 1, bench.otherWallet)).next.keyId());
    }

    @Test
    void refusesHopHeadersThatAreMalformedOrFullOrALoop() throws RefusedException {
        assertEquals(RefuseReason.HOPS_MALFORMED, bench.post(FOR_BOB, "[{}]").refusal);
        assertEquals(RefuseReason.HOPS_FULL, bench.post(FOR_BOB, "[{},{},{},{}]").refusal);
        assertEquals(RefuseReason.HOPS_FULL, bench.post(FOR_BOB, hops(FOR_BOB, 3, bench.otherWallet)).refusal);
        assertEquals(RefuseReason.HOP_LOOP, bench.post(FOR_BOB, hops(FOR_BOB, 2, bench.nodeWallet)).refusal);
        assertEquals("", bench.post(FOR_ALICE, hops(FOR_ALICE, 3, bench.nodeWallet)).json);
        assertEquals(RelayBench.OTHER, bench.post(FOR_BOB, "").next.keyId());
    }

    @Test
    void deliversToAListenerWhatItKept() {
        RecordingExchange listen = bench.listen(bench.alice);
        assertEquals(1, listen.stream.frames.size());
        bench.post(FOR_ALICE);
        assertEquals(RelayBench.body(FOR_ALICE).length + 4, listen.stream.frames.get(1).length());
        bench.post(FOR_ALICE);
        assertEquals(2, listen.stream.frames.size(), "a copy is not delivered twice in a session");
    }

    private void assertHop(Hop hop, byte[] armor, KeyId keyId) {
        assertEquals(bench.nodeWallet, hop.signer());
        assertEquals(RelayBench.NOW, hop.epochSeconds());
        assertEquals(armor.length, hop.armorBytes());
        assertEquals(bench.signatures.hash(armor), hop.armorHash());
        assertEquals(keyId, hop.keyId());
        assertEquals(Optional.of(bench.nodeWallet),
                bench.signatures.recoverPersonal(hop.signedText(), hop.signature()));
    }

    private String hops(byte[] armor, int count, WalletAddress first) throws RefusedException {
        List<Hop> hops = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            hops.add(hop(armor, armor.length, i == 0 ? first : bench.signatures.wallet("hop " + i)));
        }
        return HopHeader.encode(hops, bench.signatures);
    }

    private Hop hop(byte[] armor, long length, WalletAddress signer) {
        Hash256 hash = bench.signatures.hash(armor);
        byte[] text = Hop.signedText(signer, RelayBench.NOW, length, hash, RelayBench.BOB_KEY);
        return new Hop(signer, RelayBench.NOW, length, hash, RelayBench.BOB_KEY,
                bench.signatures.signPersonal(text, signer));
    }

    private RecordingExchange postText(String body) {
        RecordingExchange exchange = new RecordingExchange();
        bench.relay.handle(body.getBytes(StandardCharsets.UTF_8), null, exchange);
        return exchange;
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
