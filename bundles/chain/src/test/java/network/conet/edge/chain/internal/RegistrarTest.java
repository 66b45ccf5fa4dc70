package network.conet.edge.chain.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import network.conet.edge.api.PlainCounters;
import network.conet.edge.chain.ChainLimits;
import network.conet.edge.chain.RpcException;
import network.conet.edge.chain.ScriptedChain;
import network.conet.edge.crypto.WalletSignatures;
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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class RegistrarTest {
    private static final KeyId NODE = new KeyId(0x11);
    private static final WalletSignature SIGNATURE = WalletSignature.of(new byte[WalletSignature.BYTES]);
    private static final String SET_ROUTE_BY_SIG = "ba69b649";
    private static final int PER_DAY = 10;
    private static final int PER_WALLET_PER_DAY = 2;

    private final ScriptedChain chain = new ScriptedChain();
    private final SettableClock clock = new SettableClock(0);
    private final ChainDirectory directory = new ChainDirectory(
            new ChainDirectory.Settings(ScriptedChain.CHAIN_ID, ScriptedChain.REGISTRY, ScriptedChain.TABLE,
                    Optional.empty(), 4_000),
            chain, clock, new PlainCounters(), new Random(1), line -> {});
    private final Registrar registrar = new Registrar(directory, new TestKeys(TestKeys.wallet(1), NODE), clock,
            new Registrar.Allowance(PER_DAY, PER_WALLET_PER_DAY));

    @BeforeEach
    void reachable() {
        chain.answers.put("eth_gasPrice", JsonValue.of("0x10"));
        chain.answers.put("eth_getBlockByNumber", JsonValue.object().put("baseFeePerGas", "0x8").build());
        chain.answers.put("eth_estimateGas", JsonValue.of("0x5208"));
        chain.answers.put("eth_getTransactionCount", JsonValue.of("0x5"));
        directory.worker().turn();
    }

    private static RegistrationRequest request(int wallet) {
        return new RegistrationRequest(
                ScriptedChain.wallet(wallet), Optional.empty(), NODE, 1_800_000_000L, SIGNATURE);
    }

    private static RegistrationRequest withKey(String publicKey, String backup) {
        KeyProof proof = new KeyProof(new byte[KeyProof.SUBKEY_BODY_BYTES], BigInteger.ONE, BigInteger.ONE,
                BigInteger.ONE, BigInteger.ONE);
        return new RegistrationRequest(ScriptedChain.wallet(1),
                Optional.of(new RegistrationRequest.Key(new KeyId(5), publicKey, backup, proof)), NODE, 1L,
                SIGNATURE);
    }

    private static RefuseReason refusal(CompletionStage<?> stage) {
        CompletableFuture<?> future = stage.toCompletableFuture();
        assertTrue(future.isCompletedExceptionally());
        return ((RefusedException) assertThrows(ExecutionException.class, future::get).getCause()).reason();
    }

    private Hash256 hashOfSent(int index) {
        byte[] raw = HexFormat.of().parseHex(chain.sent.get(index), 2, chain.sent.get(index).length());
        return new WalletSignatures().hash(raw);
    }

    private void mine(int index, boolean succeeded) {
        chain.mined.put(hashOfSent(index).toString(), succeeded);
        clock.advanceMillis(ChainLimits.REGISTRATION_LOOK_MILLIS);
        directory.worker().turn();
    }

    @Test
    void completesWithTheHashWhenMined() throws Exception {
        CompletionStage<Hash256> stage = registrar.submit(request(1));
        directory.worker().turn();
        assertFalse(stage.toCompletableFuture().isDone());
        mine(0, true);
        assertEquals(hashOfSent(0), stage.toCompletableFuture().get());
        assertTrue(registrar.check().isEmpty());
    }

    @Test
    void paysOnlyForRoutesToThisNode() {
        RegistrationRequest other = new RegistrationRequest(
                ScriptedChain.wallet(1), Optional.empty(), new KeyId(0x12), 1_800_000_000L, SIGNATURE);
        int before = chain.asked.size();
        assertEquals(RefuseReason.COMMAND_MALFORMED, refusal(registrar.submit(other)));
        directory.worker().turn();
        assertEquals(before, chain.asked.size());
    }

    @Test
    void refusesTextsBeyondTheContractsBounds() {
        String most = "a".repeat(ChainLimits.PUBLIC_KEY_CHARS_MAX);
        String backup = "b".repeat(ChainLimits.ENCRYPTED_KEY_CHARS_MAX);
        assertFalse(registrar.submit(withKey(most, backup)).toCompletableFuture().isDone());
        for (RegistrationRequest wrong : List.of(
                withKey("", ""), withKey(most + "a", ""), withKey("a", backup + "b"), withKey("\u00e9", ""))) {
            assertEquals(RefuseReason.COMMAND_MALFORMED, refusal(registrar.submit(wrong)));
        }
    }

    @Test
    void doomedRequestCostsNothingButAnAttempt() throws Exception {
        chain.failures.put(SET_ROUTE_BY_SIG, new RpcException(3, "execution reverted", "0x"));
        for (int i = 0; i < PER_DAY + 1; i++) {
            CompletionStage<Hash256> stage = registrar.submit(request(1));
            directory.worker().turn();
            assertEquals(RefuseReason.COMMAND_MALFORMED, refusal(stage));
        }
        assertEquals(List.of(), chain.sent);
        assertTrue(registrar.check().isEmpty());
        for (int i = PER_DAY + 1; i < ChainLimits.ATTEMPTS_BURST; i++) {
            registrar.submit(request(1));
            directory.worker().turn();
        }
        assertEquals(RefuseReason.REGISTRATIONS_LIMITED, refusal(registrar.submit(request(1))));
        chain.failures.clear();
        clock.advanceMillis(86_400_000L / ChainLimits.ATTEMPTS_PER_DAY + 1);
        assertFalse(registrar.submit(request(1)).toCompletableFuture().isDone());
    }

    @Test
    void limitsEachWalletAndFillsUpOverADay() {
        for (int i = 0; i < PER_WALLET_PER_DAY; i++) {
            registrar.submit(request(1));
            directory.worker().turn();
        }
        assertEquals(RefuseReason.REGISTRATIONS_LIMITED, refusal(registrar.submit(request(1))));
        assertFalse(registrar.submit(request(2)).toCompletableFuture().isDone());
        clock.advanceMillis(86_400_000L / PER_WALLET_PER_DAY + 1);
        directory.worker().turn();
        assertFalse(registrar.submit(request(1)).toCompletableFuture().isDone());
    }

    @Test
    void limitsTheNode() {
        for (int i = 0; i < PER_DAY; i++) {
            registrar.submit(request(100 + i));
            directory.worker().turn();
        }
        assertEquals(PER_DAY, chain.sent.size());
        assertEquals(RefuseReason.REGISTRATIONS_LIMITED, refusal(registrar.submit(request(99))));
    }

    @Test
    void noncesFollowEachOther() {
        registrar.submit(request(1));
        registrar.submit(request(2));
        directory.worker().turn();
        directory.worker().turn();
        assertEquals(2, chain.sent.size());
        // 02 f9 xxxx 83036ca6 nonce: the byte behind the chain id
        assertEquals("05", chain.sent.get(0).substring(18, 20));
        assertEquals("06", chain.sent.get(1).substring(18, 20));
        assertNotEquals(hashOfSent(0), hashOfSent(1));
    }

    @Test
    void revertInTheBlockIsMalformed() {
        CompletionStage<Hash256> stage = registrar.submit(request(1));
        directory.worker().turn();
        mine(0, false);
        assertEquals(RefuseReason.COMMAND_MALFORMED, refusal(stage));
    }

    @Test
    void isNotWaitedForLongerThanTheBound() {
        CompletionStage<Hash256> stage = registrar.submit(request(1));
        directory.worker().turn();
        clock.advanceMillis(ChainLimits.REGISTRATION_WAIT_MILLIS - 1);
        directory.worker().turn();
        assertFalse(stage.toCompletableFuture().isDone());
        clock.advanceMillis(ChainLimits.REGISTRATION_LOOK_MILLIS);
        directory.worker().turn();
        assertEquals(RefuseReason.ROUTES_UNAVAILABLE, refusal(stage));
    }

    @Test
    void emptyWalletIsReportedAndNotCounted() {
        chain.failures.put("eth_estimateGas", new RpcException(-32000, "insufficient funds", ""));
        for (int i = 0; i <= PER_DAY; i++) {
            CompletionStage<Hash256> stage = registrar.submit(request(1));
            directory.worker().turn();
            assertEquals(RefuseReason.ROUTES_UNAVAILABLE, refusal(stage));
        }
        assertTrue(registrar.check().get(0).title().contains("insufficient funds"));
        assertTrue(registrar.check().get(0).action().contains(TestKeys.wallet(1).address().toString()));
    }

    @Test
    void lostAnswerToSendingStillWaitsForTheBlock() throws Exception {
        List<String> lost = new ArrayList<>();
        ChainDirectory flaky = new ChainDirectory(directory.settings(), (method, params) -> {
            JsonValue answer = chain.call(method, params);
            if (method.equals("eth_sendRawTransaction") && lost.isEmpty()) {
                lost.add(method);
                throw new IOException("connection reset");
            }
            return answer;
        }, clock, new PlainCounters(), new Random(1), line -> {});
        Registrar unlucky = new Registrar(flaky, new TestKeys(TestKeys.wallet(1), NODE), clock,
                new Registrar.Allowance(1, 1));
        flaky.worker().turn();
        CompletionStage<Hash256> stage = unlucky.submit(request(1));
        flaky.worker().turn();
        chain.mined.put(hashOfSent(0).toString(), true);
        clock.advanceMillis(ChainLimits.REGISTRATION_LOOK_MILLIS);
        flaky.worker().turn();
        assertEquals(hashOfSent(0), stage.toCompletableFuture().get());
        assertEquals(RefuseReason.REGISTRATIONS_LIMITED, refusal(unlucky.submit(request(2))));
    }

    @Test
    void withoutTheChainNothingIsTaken() {
        chain.outage = new IOException("down");
        clock.advanceMillis(4_000);
        directory.worker().turn();
        assertEquals(RefuseReason.ROUTES_UNAVAILABLE, refusal(registrar.submit(request(1))));
    }

    @Test
    void closingRefusesWhatWaitsAndWhatComes() {
        CompletionStage<Hash256> sent = registrar.submit(request(1));
        directory.worker().turn();
        CompletionStage<Hash256> waiting = registrar.submit(request(2));
        registrar.close();
        assertEquals(RefuseReason.STOPPING, refusal(sent));
        assertEquals(RefuseReason.STOPPING, refusal(waiting));
        assertEquals(RefuseReason.STOPPING, refusal(registrar.submit(request(3))));
    }

    @Test
    void closingWhileSendingLeavesNobodyWaiting() {
        Registrar[] closing = new Registrar[1];
        ChainDirectory late = new ChainDirectory(directory.settings(), (method, params) -> {
            if (method.equals("eth_sendRawTransaction")) {
                closing[0].close();
            }
            return chain.call(method, params);
        }, clock, new PlainCounters(), new Random(1), line -> {});
        closing[0] = new Registrar(late, new TestKeys(TestKeys.wallet(1), NODE), clock,
                new Registrar.Allowance(1, 1));
        late.worker().turn();
        CompletionStage<Hash256> stage = closing[0].submit(request(1));
        late.worker().turn();
        assertEquals(RefuseReason.STOPPING, refusal(stage));
    }

    @Test
    void walletsOfTestsDiffer() {
        WalletAddress first = TestKeys.wallet(1).address();
        assertEquals("0x7e5f4552091a69125d5dfcb7b8c2659029395bdf", first.toString());
    }
}
