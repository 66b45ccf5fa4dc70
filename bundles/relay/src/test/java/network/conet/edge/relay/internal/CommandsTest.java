package network.conet.edge.relay.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import network.conet.edge.api.Counter;
import network.conet.edge.protocol.Epoch;
import network.conet.edge.protocol.EpochFrame;
import network.conet.edge.protocol.FrameReader;
import network.conet.edge.protocol.JsonValue;
import network.conet.edge.protocol.KeyId;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.RefusedException;
import network.conet.edge.protocol.RegistrationCodec;
import network.conet.edge.protocol.RegistrationRequest;
import network.conet.edge.protocol.WalletAddress;
import network.conet.edge.protocol.WalletSignature;
import org.junit.jupiter.api.Test;

/** Commands through the whole relay: sections 4.3, 4.4, 6.2 to 6.4. */
class CommandsTest {
    private static final byte[] FOR_ALICE = FakeSeal.seal(RelayBench.ALICE_KEY, "hello");

    private final RelayBench bench = new RelayBench();

    @Test
    void greetsAListenerWithASignedEpoch() throws RefusedException {
        RecordingExchange exchange = bench.listen(bench.alice);
        String frame = exchange.stream.frames.get(0);
        assertTrue(frame.startsWith("data: {\"ipaddress\":\"" + RecordingExchange.PEER + "\",\"epoch\":1012,"), frame);
        assertTrue(frame.endsWith("\"}\r\n\r\n\r\n\r\n"), frame);
        JsonValue json = read(frame);
        WalletSignature signature = WalletSignature.parse(json.string("hash").orElseThrow()).orElseThrow();
        assertEquals(Optional.of(bench.nodeWallet), bench.signatures.recoverPersonal("1012".getBytes(
                StandardCharsets.US_ASCII), signature));
        assertEquals(1, bench.counters.value(Counter.LISTENERS_ACCEPTED));
    }

    @Test
    void givesStoredMailToItsOwnerOnly() {
        bench.post(FOR_ALICE);
        RecordingExchange strange = bench.listen(bench.stranger);
        RecordingExchange elsewhere = bench.listen(bench.bob);
        RecordingExchange own = bench.listen(bench.alice);
        assertEquals(1, strange.stream.frames.size());
        assertEquals(1, elsewhere.stream.frames.size(), "his mailbox is at another node");
        assertEquals(2, own.stream.frames.size());
    }

    @Test
    void beatsForEveryListenerWithItsOwnSignature() throws RefusedException {
        RecordingExchange mail = bench.listen(bench.alice);
        RecordingExchange epochs = bench.run(bench.command("mailbox_listen", bench.stranger), bench.stranger);
        bench.relay.epochBegan(new Epoch(1014, 0.25, 10, 20));
        assertBeat(mail, bench.alice);
        assertBeat(epochs, bench.stranger);
    }

    @Test
    void beatTellsWhatWasSentOnSinceTheLastOne() throws RefusedException {
        RecordingExchange epochs = bench.listen(bench.alice);
        byte[] armor = FakeSeal.seal(RelayBench.BOB_KEY, "for bob");
        bench.post(armor).sent.complete(null);
        bench.relay.epochBegan(new Epoch(1014, 0.25, 10, 20));
        bench.relay.epochBegan(new Epoch(1016, 0.25, 10, 20));
        JsonValue first = read(epochs.stream.frames.get(1)).member("transfer").orElseThrow().elements().get(0);
        assertEquals(armor.length, first.integer("bytes").orElseThrow());
        assertEquals(bench.nodeWallet.toString(), first.string("wallet").orElseThrow());
        assertTrue(read(epochs.stream.frames.get(2)).member("transfer").orElseThrow().elements().isEmpty());
    }

    private void assertBeat(RecordingExchange exchange, WalletAddress listener) throws RefusedException {
        assertEquals(2, exchange.stream.frames.size());
        JsonValue json = read(exchange.stream.frames.get(1));
        EpochFrame frame = EpochFrame.parse(json, bench.signatures).orElseThrow();
        assertEquals(Optional.of(bench.nodeWallet), bench.signatures.recoverPersonal(
                EpochFrame.signedText(1014, listener), frame.signature()));
        assertEquals(Optional.of("192.0.2.1"), json.string("nodeIpAddr"));
        assertEquals(RelayBench.OURS, frame.nodeKeyId());
    }

    @Test
    void closesTheFirstListenerWhenTheWalletListensAgain() {
        RecordingExchange first = bench.listen(bench.alice);
        RecordingExchange second = bench.listen(bench.alice);
        assertFalse(first.stream.isOpen);
        assertTrue(second.stream.isOpen);
        bench.post(FOR_ALICE);
        assertEquals(2, second.stream.frames.size());
    }

    @Test
    void keepsTheListenerWhenAnOldListenIsReplayed() {
        byte[] listen = bench.seal(bench.command("mining", bench.alice), bench.alice);
        RecordingExchange first = bench.post(listen);
        assertEquals(RefuseReason.COMMAND_REPLAYED, bench.post(listen).refusal);
        assertTrue(first.stream.isOpen);
        bench.post(FOR_ALICE);
        assertEquals(2, first.stream.frames.size());
    }

    @Test
    void keepsTheListenerWhenAReplayOvertookIt() {
        FakeMailbox.Held table = new FakeMailbox.Held();
        RelayBench slow = new RelayBench(RelayBench.NOW_THEN, table, new RelaySettings(3, false));
        JsonValue.Builder timeless =
                JsonValue.object().put("command", "mining").put("walletAddress", slow.alice.toString());
        byte[] old = slow.seal(timeless, slow.alice);
        RecordingExchange ended = slow.post(old);
        table.runAll();
        ended.stream.close();
        RecordingExchange own = slow.listen(slow.alice);
        RecordingExchange replay = slow.post(old);
        table.runAll();
        assertEquals(RefuseReason.COMMAND_REPLAYED, replay.refusal);
        assertTrue(own.stream.isOpen);
    }

    @Test
    void takesAsManyListenersAsItMay() {
        RelayBench small = new RelayBench(RelayBench.NOW_THEN, RelayBench.NOW_THEN, new RelaySettings(1, false));
        RecordingExchange first = small.listen(small.alice);
        assertEquals(RefuseReason.LISTENERS_FULL, small.listen(small.bob).refusal);
        assertTrue(small.listen(small.alice).stream.isOpen, "the one that listens may listen anew");
        assertFalse(first.stream.isOpen);
    }

    @Test
    void takesNoMoreListenersThanItMayThoughTheyComeAtOnce() {
        FakeMailbox.Held table = new FakeMailbox.Held();
        RelayBench small = new RelayBench(RelayBench.NOW_THEN, table, new RelaySettings(1, false));
        RecordingExchange first = small.listen(small.alice);
        RecordingExchange second = small.listen(small.stranger);
        table.runAll();
        assertTrue(first.stream.isOpen);
        assertEquals(RefuseReason.LISTENERS_FULL, second.refusal);
    }

    @Test
    void makesRoomWhenAListenerEnds() {
        RelayBench small = new RelayBench(RelayBench.NOW_THEN, RelayBench.NOW_THEN, new RelaySettings(1, false));
        small.listen(small.alice).stream.close();
        assertTrue(small.listen(small.bob).stream.isOpen);
    }

    @Test
    void listensNotWhileTheTableCannotBeAsked() {
        bench.routes.failure = new RefusedException(RefuseReason.ROUTES_UNAVAILABLE);
        assertEquals(RefuseReason.ROUTES_UNAVAILABLE, bench.listen(bench.alice).refusal);
    }

    @Test
    void endsAllListenersWhenItCloses() {
        RecordingExchange first = bench.listen(bench.alice);
        RecordingExchange second = bench.listen(bench.stranger);
        bench.relay.close();
        assertFalse(first.stream.isOpen);
        assertFalse(second.stream.isOpen);
    }

    @Test
    void forgetsWhatIsAcknowledged() {
        bench.post(FOR_ALICE);
        assertEquals("{\"ok\":true,\"removed\":true}", bench.acknowledge(bench.alice, FOR_ALICE).json);
        assertEquals(0, bench.mailbox.count(RelayBench.ALICE_KEY));
        assertEquals("{\"ok\":true,\"removed\":false}", bench.acknowledge(bench.alice, FOR_ALICE).json);
        assertEquals(1, bench.counters.value(Counter.MESSAGES_ACKNOWLEDGED));
    }

    @Test
    void letsNobodyAcknowledgeForOthers() {
        bench.post(FOR_ALICE);
        assertEquals("{\"ok\":false,\"error\":\"not_my_route\"}", bench.acknowledge(bench.stranger, FOR_ALICE).json);
        assertEquals("{\"ok\":false,\"error\":\"not_my_route\"}", bench.acknowledge(bench.bob, FOR_ALICE).json);
        JsonValue.Builder forged = bench.command("gossip_delivery_ack", bench.alice)
                .put("armorHash", bench.signatures.hash(FOR_ALICE).toString());
        assertEquals(RefuseReason.SIGNER_FOREIGN, bench.run(forged, bench.stranger).refusal);
        assertEquals(1, bench.mailbox.count(RelayBench.ALICE_KEY));
    }

    @Test
    void passesTheReasonOfAFailedAcknowledgementOn() {
        bench.mailbox.failure = new RefusedException(RefuseReason.STORAGE_FAILED);
        assertEquals(RefuseReason.STORAGE_FAILED, bench.acknowledge(bench.alice, FOR_ALICE).refusal);
    }

    @Test
    void refusesAnAcknowledgementThatIsOld() {
        byte[] ack = bench.seal(bench.command("gossip_delivery_ack", bench.alice)
                .put("armorHash", bench.signatures.hash(FOR_ALICE).toString()), bench.alice);
        bench.clock.advanceMillis(601_000);
        assertEquals(RefuseReason.TIMESTAMP_OUTSIDE_WINDOW, bench.post(ack).refusal);
    }

    @Test
    void answersOnlineQueriesInTheseWords() {
        String alice = bench.alice.toString();
        assertEquals("{\"ok\":true,\"wallet\":\"" + alice + "\",\"online\":false,\"listenAgeMs\":null,"
                + "\"nodeWallet\":\"" + bench.nodeWallet + "\"}", query(alice));
        bench.listen(bench.alice);
        bench.clock.advanceMillis(1234);
        assertEquals("{\"ok\":true,\"wallet\":\"" + alice + "\",\"online\":true,\"listenAgeMs\":1234,"
                + "\"nodeWallet\":\"" + bench.nodeWallet + "\"}", query(alice));
        assertEquals("{\"ok\":false,\"error\":\"not_my_route\",\"wallet\":\"" + bench.bob + "\",\"online\":false}",
                query(bench.bob.toString()));
        assertEquals("{\"ok\":false,\"error\":\"not_my_route\",\"wallet\":\"" + bench.stranger
                + "\",\"online\":false}", query(bench.stranger.toString()));
        assertEquals("{\"ok\":false,\"error\":\"invalid_target\",\"online\":false}", query("0x12"));
        JsonValue.Builder late = bench.command("wallet_online_query", bench.stranger).put("targetWallet", alice)
                .put("timestamp", RelayBench.NOW - 600);
        assertEquals("{\"ok\":false,\"error\":\"timestamp\",\"online\":false}", bench.run(late, bench.stranger).json);
        bench.routes.failure = new RefusedException(RefuseReason.ROUTES_UNAVAILABLE);
        JsonValue.Builder unanswerable = bench.command("wallet_online_query", bench.bob).put("targetWallet", alice);
        assertEquals(RefuseReason.ROUTES_UNAVAILABLE, bench.run(unanswerable, bench.bob).refusal);
    }

    private String query(String target) {
        return bench.run(
                bench.command("wallet_online_query", bench.stranger).put("targetWallet", target), bench.stranger).json;
    }

    @Test
    void confirmsTheServiceOfAnotherNode() {
        JsonValue data = requestData(1012, false);
        assertEquals(data.toString(), validate(data).json);
    }

    @Test
    void confirmsEpochsFromTheLagToTheLeadAndNotOneBlockMore() {
        assertConfirmed(1012, false, true);
        assertConfirmed(1011, false, false);
        assertConfirmed(1007, true, true);
        assertConfirmed(1006, true, false);
        for (boolean isUser : new boolean[] {false, true}) {
            assertConfirmed(1016, isUser, true);
            assertConfirmed(1017, isUser, false);
        }
    }

    private void assertConfirmed(long epoch, boolean isUser, boolean isConfirmed) {
        JsonValue data = requestData(epoch, isUser);
        RecordingExchange exchange = validate(data);
        assertEquals(isConfirmed ? null : RefuseReason.VALIDATION_FAILED, exchange.refusal, "epoch " + epoch);
    }

    @Test
    void confirmsNothingThatDoesNotHoldTogether() {
        assertNull(validate(requestData(1012, false)).refusal);
        assertUnconfirmed(requestData(1012, bench.nodeWallet, RelayBench.OURS, bench.nodeWallet, bench.alice));
        assertUnconfirmed(requestData(1012, bench.otherWallet, new KeyId(5), bench.otherWallet, bench.alice));
        assertUnconfirmed(requestData(1012, bench.stranger, RelayBench.OTHER, bench.stranger, bench.alice));
        assertUnconfirmed(requestData(1012, bench.otherWallet, RelayBench.OTHER, bench.stranger, bench.alice));
        assertUnconfirmed(requestData(1012, bench.otherWallet, RelayBench.OTHER, bench.otherWallet, bench.stranger));
        bench.epoch = Epoch.UNKNOWN;
        assertUnconfirmed(requestData(1012, true));
    }

    private void assertUnconfirmed(JsonValue data) {
        assertEquals(RefuseReason.VALIDATION_FAILED, validate(data).refusal);
    }

    private RecordingExchange validate(JsonValue data) {
        return bench.run(bench.command("mining_validator", bench.alice).put("requestData", data), bench.alice);
    }

    private JsonValue requestData(long epoch, boolean isUser) {
        JsonValue data = requestData(epoch, bench.otherWallet, RelayBench.OTHER, bench.otherWallet, bench.alice);
        return isUser ? with(data, "isUser", JsonValue.of(true)) : data;
    }

    private JsonValue requestData(
            long epoch, WalletAddress claimed, KeyId node, WalletAddress frameSigner, WalletAddress miner) {
        String hash = bench.signatures.signPersonal(EpochFrame.signedText(epoch, bench.alice), frameSigner).toString();
        return JsonValue.object()
                .put("epoch", Long.toString(epoch))
                .put("hash", hash)
                .put("nodeWallet", claimed.toString())
                .put("nodeDomain", node.toString())
                .put("minerResponseHash", bench.signatures.signPersonal(hash, miner).toString())
                .build();
    }

    private static JsonValue with(JsonValue object, String name, JsonValue value) {
        JsonValue.Builder copy = JsonValue.object();
        for (String member : List.of("epoch", "hash", "nodeWallet", "nodeDomain", "minerResponseHash")) {
            copy.put(member, object.member(member).orElseThrow());
        }
        return copy.put(name, value).build();
    }

    @Test
    void handsRegistrationsToTheRegistrar() {
        WalletSignature signature = bench.signatures.signPersonal("x", bench.stranger);
        RegistrationRequest request = new RegistrationRequest(
                bench.stranger, Optional.empty(), RelayBench.OURS, RelayBench.NOW + 60, signature);
        bench.registration = CompletableFuture.completedFuture(bench.signatures.hash(new byte[0]));
        assertEquals("{\"ok\":true,\"transaction\":\"" + bench.signatures.hash(new byte[0]) + "\"}",
                bench.post(bench.seal(RegistrationCodec.encode(request, RelayBench.NOW), bench.stranger)).json);
        assertEquals(request, bench.registered);
        bench.registration = CompletableFuture.failedFuture(new RefusedException(RefuseReason.REGISTRATIONS_LIMITED));
        assertEquals("{\"ok\":false,\"error\":\"registrations_limited\"}",
                bench.post(bench.seal(RegistrationCodec.encode(request, RelayBench.NOW + 1), bench.stranger)).json);
        bench.registration = null;
        assertEquals(RefuseReason.INTERNAL,
                bench.post(bench.seal(RegistrationCodec.encode(request, RelayBench.NOW + 2), bench.stranger)).refusal);
    }

    @Test
    void handsCommandsOfServicesOnOnceAndInTime() {
        bench.clock.advanceMillis(600_000);
        JsonValue.Builder timely = bench.command("service_list", bench.alice)
                .put("timestamp", RelayBench.NOW);
        assertTrue(bench.run(timely, bench.alice).json.contains("service_list"));
        assertEquals(RefuseReason.COMMAND_REPLAYED, bench.run(timely, bench.alice).refusal);
        assertEquals(RefuseReason.TIMESTAMP_OUTSIDE_WINDOW, bench.run(bench.command("service_list", bench.alice)
                .put("timestamp", RelayBench.NOW - 1), bench.alice).refusal);
        assertEquals(RefuseReason.COMMAND_MALFORMED,
                bench.run(JsonValue.object().put("command", "service_list")
                        .put("walletAddress", bench.alice.toString()), bench.alice).refusal);
    }

    @Test
    void refusesCommandsThatNobodyRuns() {
        assertEquals(RefuseReason.COMMAND_UNKNOWN, bench.run(
                bench.command("SaaS_Sock5", bench.alice), bench.alice).refusal);
        assertEquals(RefuseReason.COMMAND_UNKNOWN, bench.run(
                bench.command("mining", bench.alice).put("listenKind", "l0"), bench.alice).refusal);
        assertEquals(RefuseReason.COMMAND_MALFORMED, bench.post(bench.seal("{}", bench.alice)).refusal);
        byte[] impossible = bench.seal(bench.command("mining", bench.alice), bench.alice);
        assertEquals(RefuseReason.SIGNER_FOREIGN, bench.run(
                bench.command("mining", bench.alice), bench.stranger).refusal);
        assertNull(bench.post(impossible).refusal);
    }

    private static JsonValue read(String frame) throws RefusedException {
        byte[] bytes = frame.getBytes(StandardCharsets.UTF_8);
        return new FrameReader().feed(bytes, 0, bytes.length).get(0);
    }
}
