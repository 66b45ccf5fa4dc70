package network.conet.edge.relay.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import network.conet.edge.api.Mailbox;
import network.conet.edge.api.NodeEntry;
import network.conet.edge.protocol.Envelope;
import network.conet.edge.protocol.EnvelopeBody;
import network.conet.edge.protocol.JsonValue;
import network.conet.edge.protocol.KeyId;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.RefusedException;
import network.conet.edge.protocol.WalletAddress;
import network.conet.edge.protocol.WalletSignature;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NodeOutboxTest {
    private static final byte[] TEXT = "gr\u00fc\u00dfe".getBytes(StandardCharsets.UTF_8);

    private final RelayBench bench = new RelayBench();
    private final List<NodeEntry> posted = new ArrayList<>();
    private final List<byte[]> bodies = new ArrayList<>();
    private final List<KeyId> woken = new ArrayList<>();
    private CompletableFuture<Integer> answer = CompletableFuture.completedFuture(200);
    private final NodeOutbox outbox = new NodeOutbox(bench.parts, (next, body) -> {
        posted.add(next);
        bodies.add(body);
        return answer;
    }, woken::add);

    @Test
    void keepsMailForAMailboxHereAndSaysSoWhenItIsDurable() throws Exception {
        RelayBench slow = new RelayBench(bench.disk, RelayBench.NOW_THEN, new RelaySettings(3, false));
        NodeOutbox own = new NodeOutbox(slow.parts, (next, body) -> {
            throw new AssertionError("nothing to post");
        }, woken::add);
        CompletableFuture<Void> sent = own.send(slow.alice, TEXT).toCompletableFuture();
        assertFalse(sent.isDone());
        bench.disk.runAll();
        sent.get();
        assertEquals(List.of(RelayBench.ALICE_KEY), woken);
        byte[] kept = armor(slow);
        assertSignedBy(slow, FakeSeal.open(RelayBench.ALICE_KEY, kept));
    }

    private byte[] armor(RelayBench slow) throws Exception {
        CompletableFuture<Optional<Mailbox.StoredMessage>> next =
                slow.mailbox.next(RelayBench.ALICE_KEY, 0).toCompletableFuture();
        bench.disk.runAll();
        return next.get().orElseThrow().armor();
    }

    private static void assertSignedBy(RelayBench bench, byte[] plaintext) throws Exception {
        JsonValue json = JsonValue.parse(Base64.getDecoder().decode(plaintext));
        assertEquals(new String(TEXT, StandardCharsets.UTF_8), json.string("text").orElseThrow());
        assertEquals(RelayBench.NOW * 1000, json.integer("timestamp").orElseThrow());
        assertEquals(bench.nodeWallet.toString(), json.string("from").orElseThrow());
        WalletSignature signature = WalletSignature.parse(json.string("signMessage").orElseThrow()).orElseThrow();
        assertEquals(bench.nodeWallet, bench.signatures.recoverPersonal(TEXT, signature).orElseThrow());
    }

    @Test
    void postsMailToTheNodeThatKeepsIt() throws Exception {
        outbox.send(bench.bob, TEXT).toCompletableFuture().get();
        assertEquals(RelayBench.OTHER, posted.get(0).keyId());
        Envelope envelope = EnvelopeBody.parse(bodies.get(0));
        assertEquals(RelayBench.BOB_KEY, envelope.keyId());
        assertSignedBy(bench, FakeSeal.open(RelayBench.BOB_KEY, envelope.armor()));
        assertTrue(woken.isEmpty());
    }

    @ParameterizedTest
    @CsvSource({"404, ROUTE_UNKNOWN", "507, MAILBOX_FULL", "503, NEXT_NODE_UNREACHABLE", "302, NEXT_NODE_UNREACHABLE"})
    void saysWhatTheKeepersAnswerMeans(int status, RefuseReason reason) {
        answer = CompletableFuture.completedFuture(status);
        assertEquals(reason, refused(bench.bob, TEXT));
    }

    @Test
    void refusesWhomNobodyKnowsOrKeeps() {
        assertEquals(RefuseReason.ROUTE_UNKNOWN, refused(bench.stranger, TEXT));
        bench.routes.register(bench.stranger, new KeyId(5), null);
        assertEquals(RefuseReason.ROUTE_UNKNOWN, refused(bench.stranger, TEXT));
        bench.routes.register(bench.stranger, new KeyId(5), new KeyId(99));
        assertEquals(RefuseReason.ROUTE_UNKNOWN, refused(bench.stranger, TEXT));
        bench.routes.failure = new RefusedException(RefuseReason.ROUTES_UNAVAILABLE);
        assertEquals(RefuseReason.ROUTES_UNAVAILABLE, refused(bench.bob, TEXT));
    }

    @Test
    void passesOnWhyThePostFailed() {
        answer = CompletableFuture.failedFuture(new RefusedException(RefuseReason.NEXT_NODE_SILENT));
        assertEquals(RefuseReason.NEXT_NODE_SILENT, refused(bench.bob, TEXT));
    }

    @Test
    void takesTheLongestTextAndNotAByteMore() throws Exception {
        outbox.send(bench.bob, new byte[RelayLimits.OUTBOX_TEXT_BYTES_MAX / 8]).toCompletableFuture().get();
        byte[] longest = "a".repeat(RelayLimits.OUTBOX_TEXT_BYTES_MAX).getBytes(StandardCharsets.US_ASCII);
        outbox.send(bench.bob, longest).toCompletableFuture().get();
        assertEquals(RefuseReason.ARMOR_TOO_LARGE, refused(bench.bob, new byte[longest.length + 1]));
        assertEquals(RefuseReason.ARMOR_TOO_LARGE, refused(bench.bob, new byte[longest.length]), "six for each zero");
    }

    @Test
    void holdsAsManyAsItMayAndNoMore() throws Exception {
        answer = new CompletableFuture<>();
        CompletableFuture<Void> last = null;
        for (int i = 0; i < RelayLimits.OUTBOX_MESSAGES_MAX; i++) {
            last = outbox.send(bench.bob, TEXT).toCompletableFuture();
        }
        assertEquals(RefuseReason.MEMORY_FULL, refused(bench.bob, TEXT));
        answer.complete(200);
        last.get();
        outbox.send(bench.bob, TEXT).toCompletableFuture().get();
    }

    private RefuseReason refused(WalletAddress to, byte[] text) {
        CompletionException failed = assertThrows(CompletionException.class,
                () -> outbox.send(to, text).thenApply(done -> done).toCompletableFuture().join());
        Throwable cause = failed;
        while (cause instanceof CompletionException) {
            cause = cause.getCause();
        }
        return assertInstanceOf(RefusedException.class, cause).reason();
    }
}
