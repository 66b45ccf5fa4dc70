package network.conet.edge.chain.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import network.conet.edge.api.Counter;
import network.conet.edge.api.PlainCounters;
import network.conet.edge.chain.ChainLimits;
import network.conet.edge.chain.JsonRpc;
import network.conet.edge.chain.RoutingContracts;
import network.conet.edge.chain.Transactions;
import network.conet.edge.crypto.KeyProofs;
import network.conet.edge.crypto.PgpPrivateKey;
import network.conet.edge.crypto.TypedData;
import network.conet.edge.crypto.Wallet;
import network.conet.edge.protocol.Endpoint;
import network.conet.edge.protocol.Hash256;
import network.conet.edge.protocol.JsonValue;
import network.conet.edge.protocol.KeyId;
import network.conet.edge.protocol.KeyProof;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.RefusedException;
import network.conet.edge.protocol.RegistrationRequest;
import network.conet.edge.protocol.WalletAddress;
import network.conet.edge.protocol.WalletSignature;
import network.conet.edge.testkit.SettableClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The whole bundle against the real contracts on a real Ethereum node. Runs when the system property {@code anvil}
 * names the binary: {@code mvn verify -Danvil=/path/to/anvil}.
 */
final class AnvilTest {
    private static final long CHAIN_ID = AnvilChain.CHAIN_ID;
    private static final long DEADLINE = 4_000_000_000L;
    private static final int POLL_MILLIS = 1_000;

    private final SettableClock clock = new SettableClock(1_700_000_000_000L);
    private final SecureRandom random = new SecureRandom();
    private final PlainCounters counters = new PlainCounters();
    private final List<String> refusals = new ArrayList<>();
    private AnvilChain chain;
    private JsonRpc rpc;
    private WalletAddress registry;
    private WalletAddress table;
    private RoutingContracts contracts;

    @BeforeEach
    void startAndDeploy() throws Exception {
        assumeTrue(AnvilChain.isInstalled(), "no anvil installed");
        chain = new AnvilChain(clock);
        rpc = chain.rpc;
        registry = chain.deploy("NodeRegistry", "0");
        table = chain.deploy("RoutingTable", registry.toString());
        contracts = new RoutingContracts(rpc, registry, table);
    }

    @AfterEach
    void stop() {
        if (chain != null) {
            chain.close();
        }
    }

    private Transactions.Receipt mined(int wallet, Transactions.Call call) throws Exception {
        return chain.mined(wallet, call);
    }

    private PgpPrivateKey key(String name) {
        return PgpPrivateKey.generate(name, random, 1_700_000_000L);
    }

    private static String text(PgpPrivateKey key) {
        return Base64.getEncoder().encodeToString(key.publicKey().armored().getBytes(StandardCharsets.UTF_8));
    }

    private void registerNode(int wallet, PgpPrivateKey key, int port) throws Exception {
        KeyProof proof = KeyProofs.make(key, CHAIN_ID, registry, TestKeys.wallet(wallet).address(), random);
        mined(wallet, Transactions.Call.of(registry, RoutingContracts.registerNode(
                text(key), new Endpoint("node.example", port), "test", proof)));
    }

    private RegistrationRequest registration(Wallet user, PgpPrivateKey key, KeyId node) throws IOException {
        KeyProof proof = KeyProofs.make(key, CHAIN_ID, table, user.address(), random);
        Hash256 digest = TypedData.digest(TypedData.Domain.addressPgp(CHAIN_ID, table), new TypedData.AddPublicPgp(
                user.address(), key.keyId(), text(key), "backup", Optional.of(node),
                contracts.keyNonce(user.address()), DEADLINE));
        return new RegistrationRequest(user.address(),
                Optional.of(new RegistrationRequest.Key(key.keyId(), text(key), "backup", proof)), node, DEADLINE,
                user.signDigest(digest));
    }

    private RegistrationRequest move(Wallet user, KeyId node) throws IOException {
        Hash256 digest = TypedData.digest(TypedData.Domain.addressPgp(CHAIN_ID, table), new TypedData.SetRoute(
                user.address(), Optional.of(node), contracts.routeNonce(user.address()), DEADLINE));
        return new RegistrationRequest(user.address(), Optional.empty(), node, DEADLINE, user.signDigest(digest));
    }

    private ChainDirectory directory(WalletAddress tableAddress) {
        return new ChainDirectory(
                new ChainDirectory.Settings(CHAIN_ID, registry, tableAddress, Optional.empty(), POLL_MILLIS),
                rpc, clock, counters, random, refusals::add);
    }

    private void poll(ChainDirectory directory) {
        clock.advanceMillis(POLL_MILLIS);
        directory.worker().turn();
    }

    private <T> T answer(ChainDirectory directory, CompletionStage<T> stage) throws Exception {
        CompletableFuture<T> future = stage.toCompletableFuture();
        for (int i = 0; i < 20 && !future.isDone(); i++) {
            poll(directory);
        }
        assertTrue(future.isDone());
        return future.get();
    }

    private static RefuseReason refusal(ExecutionException failed) {
        return ((RefusedException) failed.getCause()).reason();
    }

    @Test
    void walletsWithoutCoinsAreRegisteredFoundAndMoved() throws Exception {
        PgpPrivateKey first = key("first");
        PgpPrivateKey second = key("second");
        registerNode(1, first, 8081);
        ChainDirectory directory = directory(table);
        Registrar registrar = registrar(directory, 1, first.keyId());
        poll(directory);
        assertEquals(List.of(), refusals);
        assertEquals(List.of(), directory.check());
        assertEquals(TestKeys.wallet(1).address(), directory.node(first.keyId()).orElseThrow().wallet());
        assertEquals(first.publicKey().armored().trim(),
                directory.node(first.keyId()).orElseThrow().publicKeyArmored().trim());

        Wallet user = TestKeys.wallet(77);
        PgpPrivateKey userKey = key("user");
        assertEquals(Optional.empty(), answer(directory, directory.mailboxNodeOf(userKey.keyId())));
        answer(directory, registrar.submit(registration(user, userKey, first.keyId())));
        poll(directory);
        assertEquals(Optional.of(first.keyId()), answer(directory, directory.mailboxNodeOf(userKey.keyId())));
        assertEquals(userKey.keyId(), answer(directory, directory.user(user.address())).orElseThrow().keyId());

        registerNode(2, second, 8082);
        poll(directory);
        assertEquals(2, directory.nodes().size());
        Registrar other = registrar(directory, 2, second.keyId());
        answer(directory, other.submit(move(user, second.keyId())));
        poll(directory);
        assertEquals(Optional.of(second.keyId()), answer(directory, directory.mailboxNodeOf(userKey.keyId())));

        mined(2, Transactions.Call.of(registry, RoutingContracts.removeNode()));
        poll(directory);
        assertEquals(Optional.empty(), answer(directory, directory.mailboxNodeOf(userKey.keyId())));
        assertTrue(directory.node(second.keyId()).isEmpty());
        assertTrue(counters.value(Counter.EPOCHS_BEGUN) > 1);
        assertEquals(0, counters.value(Counter.CHAIN_FAILURES));
        assertEquals(List.of(), directory.check());
    }

    private Registrar registrar(ChainDirectory directory, int wallet, KeyId keyId) {
        return new Registrar(directory, new TestKeys(TestKeys.wallet(wallet), keyId), clock,
                new Registrar.Allowance(10, 5));
    }

    @Test
    void forgedRegistrationIsRefusedWithoutPaying() throws Exception {
        PgpPrivateKey node = key("node");
        registerNode(1, node, 8081);
        ChainDirectory directory = directory(table);
        Registrar registrar = registrar(directory, 1, node.keyId());
        poll(directory);
        RegistrationRequest good = registration(TestKeys.wallet(77), key("user"), node.keyId());
        Wallet thief = TestKeys.wallet(78);
        WalletSignature forged = thief.signDigest(Hash256.of(new byte[Hash256.BYTES]));
        RegistrationRequest bad = new RegistrationRequest(
                good.wallet(), good.key(), good.mailboxNode(), good.deadlineSeconds(), forged);
        long blocks = contracts.blockNumber();
        ExecutionException failed =
                assertThrows(ExecutionException.class, () -> answer(directory, registrar.submit(bad)));
        assertEquals(RefuseReason.COMMAND_MALFORMED, refusal(failed));
        assertEquals(blocks, contracts.blockNumber());
        answer(directory, registrar.submit(good));
    }

    @Test
    void changeIsSeenAfterTheChainTookItBack() throws Exception {
        PgpPrivateKey first = key("first");
        PgpPrivateKey second = key("second");
        registerNode(1, first, 8081);
        registerNode(2, second, 8082);
        ChainDirectory directory = directory(table);
        poll(directory);
        Wallet user = TestKeys.wallet(77);
        PgpPrivateKey userKey = key("user");
        Registrar registrar = registrar(directory, 1, first.keyId());
        answer(directory, registrar.submit(registration(user, userKey, first.keyId())));
        poll(directory);
        assertEquals(Optional.of(first.keyId()), answer(directory, directory.mailboxNodeOf(userKey.keyId())));
        JsonValue snapshot = rpc.call("evm_snapshot", JsonValue.array(List.of()));
        answer(directory, registrar(directory, 2, second.keyId()).submit(move(user, second.keyId())));
        poll(directory);
        assertEquals(Optional.of(second.keyId()), answer(directory, directory.mailboxNodeOf(userKey.keyId())));
        rpc.call("evm_revert", JsonValue.array(List.of(snapshot)));
        rpc.call("anvil_mine", JsonValue.array(List.of(JsonValue.of("0x2"))));
        poll(directory);
        assertEquals(Optional.of(first.keyId()), answer(directory, directory.mailboxNodeOf(userKey.keyId())));
    }

    @Test
    void outageIsSurvived() throws Exception {
        PgpPrivateKey node = key("node");
        registerNode(1, node, 8081);
        ChainDirectory directory = directory(table);
        poll(directory);
        chain.kill();
        poll(directory);
        assertEquals(1, directory.nodes().size());
        assertEquals("chain.unreachable", directory.check().get(0).code());
        ExecutionException failed = assertThrows(ExecutionException.class,
                () -> directory.mailboxNodeOf(node.keyId()).toCompletableFuture().get());
        assertEquals(RefuseReason.ROUTES_UNAVAILABLE, refusal(failed));
    }

    @Test
    void addressWithoutAContractIsRefused() {
        ChainDirectory directory = directory(TestKeys.wallet(5).address());
        directory.worker().turn();
        assertEquals(1, refusals.size());
        assertTrue(refusals.get(0).contains("routingTable"), refusals.get(0));
        clock.advanceMillis(ChainLimits.BACK_OFF_MILLIS_MAX);
        directory.worker().turn();
        assertEquals(1, refusals.size());
    }
}
