package network.conet.edge.chain.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import network.conet.edge.api.PlainCounters;
import network.conet.edge.api.Settlements;
import network.conet.edge.chain.ChainLimits;
import network.conet.edge.chain.JsonRpc;
import network.conet.edge.chain.NameContract;
import network.conet.edge.chain.PaymentContracts;
import network.conet.edge.chain.RoutingContracts;
import network.conet.edge.chain.Transactions;
import network.conet.edge.crypto.KeyProofs;
import network.conet.edge.crypto.PgpPrivateKey;
import network.conet.edge.crypto.Wallet;
import network.conet.edge.crypto.WalletSignatures;
import network.conet.edge.protocol.Endpoint;
import network.conet.edge.protocol.Hash256;
import network.conet.edge.protocol.JsonValue;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.RefusedException;
import network.conet.edge.protocol.WalletAddress;
import network.conet.edge.protocol.WalletName;
import network.conet.edge.protocol.pay.PriceList;
import network.conet.edge.protocol.pay.SettlementId;
import network.conet.edge.protocol.pay.Voucher;
import network.conet.edge.testkit.SettableClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Vouchers on a real chain, which takes blocks back, keeps transactions waiting, and goes away. */
final class SettlementAnvilTest {
    private static final WalletSignatures SIGNATURES = new WalletSignatures();
    private static final int POLL_MILLIS = 1_000;
    private static final int CONFIRMATIONS = 3;
    private static final BigInteger BOND = BigInteger.TEN.pow(17);
    private static final Hash256 ROOT = Hash256.of(new byte[Hash256.BYTES]);
    /** Wallets: 1 the node, 2 its owner, 3 deploys, 4 and 5 pay. */
    private static final WalletAddress NODE = TestKeys.wallet(1).address();
    private static final WalletAddress OWNER = TestKeys.wallet(2).address();

    private final SettableClock clock = new SettableClock(1_700_000_000_000L);
    private final SecureRandom random = new SecureRandom();
    private AnvilChain chain;
    private WalletAddress registry;
    private WalletAddress credit;
    private WalletAddress settlement;
    private PaymentContracts contracts;
    private ChainDirectory directory;
    private SettlementDesk desk;

    @BeforeEach
    void startWithANodeWhoseOwnerIsNamed() throws Exception {
        assumeTrue(AnvilChain.isInstalled(), "no anvil installed");
        chain = new AnvilChain(clock);
        registry = chain.deploy("NodeRegistry", BOND.toString());
        WalletAddress table = chain.deploy("RoutingTable", registry.toString());
        credit = chain.deploy("CloudCredit", registry.toString(), "100000000000");
        settlement = chain.deploy("Settlement", credit.toString());
        contracts = new PaymentContracts(chain.rpc, registry, settlement);
        PgpPrivateKey key = PgpPrivateKey.generate("node", random, 1_700_000_000L);
        String published = Base64.getEncoder()
                .encodeToString(key.publicKey().armored().getBytes(StandardCharsets.UTF_8));
        chain.mined(1, new Transactions.Call(Optional.of(registry), PaymentContracts.bondWei(chain.rpc, registry),
                RoutingContracts.registerNode(published, new Endpoint("node.example", 8080), "test",
                        KeyProofs.make(key, AnvilChain.CHAIN_ID, registry, NODE, random))));
        send(1, registry, PaymentContracts.setOwner(NODE, OWNER));
        chain.mined(2, new Transactions.Call(Optional.of(credit), BigInteger.TEN.pow(18),
                PaymentContracts.mint(NODE, OWNER, 100_000_000_000L)));
        directory = new ChainDirectory(
                new ChainDirectory.Settings(AnvilChain.CHAIN_ID, registry, table, Optional.empty(), POLL_MILLIS),
                chain.rpc, clock, new PlainCounters(), random, new ArrayList<String>()::add);
        desk = desk(settlement);
        turn();
    }

    @AfterEach
    void stop() {
        if (chain != null) {
            chain.close();
        }
    }

    private SettlementDesk desk(WalletAddress contract) {
        return desk(contract, List.of(chain.rpc));
    }

    private SettlementDesk desk(WalletAddress contract, List<JsonRpc> servers) {
        return new SettlementDesk(directory, servers, new TestKeys(TestKeys.wallet(1), null), clock, contract,
                CONFIRMATIONS);
    }

    private void send(int wallet, WalletAddress to, byte[] data) throws Exception {
        chain.mined(wallet, Transactions.Call.of(to, data));
    }

    private void deposit(int payer, long amount) throws Exception {
        WalletAddress from = TestKeys.wallet(payer).address();
        send(2, credit, PaymentContracts.approve(settlement, amount));
        send(2, settlement, PaymentContracts.deposit(from, NODE, amount));
    }

    private Settlements.Signed voucher(int payer, long cumulative) {
        Wallet wallet = TestKeys.wallet(payer);
        Voucher voucher = new Voucher(wallet.address(), NODE, cumulative, ROOT);
        SettlementId id = new SettlementId(AnvilChain.CHAIN_ID, settlement);
        return new Settlements.Signed(voucher, wallet.signDigest(voucher.digest(id, SIGNATURES)));
    }

    private void turn() {
        clock.advanceMillis(POLL_MILLIS);
        directory.worker().turn();
    }

    private <T> T answer(CompletionStage<T> stage) throws Exception {
        CompletableFuture<T> future = stage.toCompletableFuture();
        for (int i = 0; i < 40 && !future.isDone(); i++) {
            turn();
            chain.mine(1);
        }
        assertTrue(future.isDone());
        return future.get();
    }

    private static RefuseReason refusal(CompletionStage<?> stage) {
        ExecutionException failed = assertThrows(ExecutionException.class, () -> stage.toCompletableFuture().get());
        return ((RefusedException) failed.getCause()).reason();
    }

    private long ownersCredits() throws Exception {
        return contracts.balanceOf(OWNER) - START;
    }

    private static final long START = 100_000_000_000L;

    @Test
    void depositCountsWhenItIsDeepEnough() throws Exception {
        deposit(4, 500);
        CompletableFuture<Settlements.Channel> soon = desk.channel(TestKeys.wallet(4).address()).toCompletableFuture();
        turn();
        assertEquals(0, soon.get().balance(), "a block may still be taken back");
        chain.mine(CONFIRMATIONS);
        assertEquals(500, answer(desk.channel(TestKeys.wallet(4).address())).balance());
    }

    @Test
    void depositThatOnlyOneServerTellsOfIsNotBelieved() throws Exception {
        deposit(4, 500);
        chain.mine(CONFIRMATIONS);
        JsonRpc liar = (method, params) -> method.equals("eth_call")
                ? JsonValue.of("0x" + String.format("%064x", 1_000_000).repeat(4)) : chain.rpc.call(method, params);
        SettlementDesk deceived = desk(settlement, List.of(liar, chain.rpc));
        CompletionStage<Settlements.Channel> stage = deceived.channel(TestKeys.wallet(4).address());
        turn();
        assertEquals(RefuseReason.SETTLEMENT_UNAVAILABLE, refusal(stage));
        assertTrue(deceived.check().get(0).title().contains("do not say the same"), deceived.check().toString());
        SettlementDesk outvoting = desk(settlement, List.of(liar, chain.rpc, chain.rpc));
        assertEquals(500, answer(outvoting.channel(TestKeys.wallet(4).address())).balance());
    }

    @Test
    void whatThePayerAskedBackIsToldApart() throws Exception {
        deposit(4, 500);
        chain.call("anvil_setBalance", "\"" + TestKeys.wallet(4).address() + "\"", "\"0x8ac7230489e80000\"");
        send(4, settlement, PaymentContracts.requestExit(NODE, 200));
        chain.mine(CONFIRMATIONS);
        Settlements.Channel channel = answer(desk.channel(TestKeys.wallet(4).address()));
        assertEquals(new Settlements.Channel(500, 0, 200), channel);
        assertEquals(300, channel.cover());
    }

    @Test
    void vouchersOfSeveralPayersAreRedeemedInOneTransaction() throws Exception {
        deposit(4, 500);
        deposit(5, 100);
        long before = ownersCredits();
        BigInteger nonce = chain.transactions(1).minedNonce();
        Optional<Hash256> hash = answer(desk.redeem(List.of(voucher(4, 300), voucher(5, 150)), 100, 400));
        assertTrue(hash.isPresent());
        assertEquals(400, ownersCredits() - before, "the second as far as its channel holds it");
        assertEquals(nonce.add(BigInteger.ONE), chain.transactions(1).minedNonce());
        chain.mine(CONFIRMATIONS);
        assertEquals(300, answer(desk.channel(TestKeys.wallet(4).address())).redeemed());
        assertEquals(List.of(), desk.check());
    }

    @Test
    void feeThatIsMoreThanItsShareIsNotPaid() throws Exception {
        deposit(4, 1_000_000_000);
        BigInteger nonce = chain.transactions(1).minedNonce();
        assertEquals(Optional.empty(), answer(desk.redeem(List.of(voucher(4, 1000)), 5, 1000)));
        assertEquals(nonce, chain.transactions(1).minedNonce());
        assertTrue(answer(desk.redeem(List.of(voucher(4, 1_000_000_000)), 5, 1_000_000_000)).isPresent());
    }

    @Test
    void redemptionWhoseBlockIsTakenBackIsSentAgain() throws Exception {
        deposit(4, 500);
        long before = ownersCredits();
        CompletableFuture<Optional<Hash256>> stage = desk.redeem(List.of(voucher(4, 300)), 100, 300)
                .toCompletableFuture();
        String snapshot = chain.call("evm_snapshot").toString();
        turn();
        turn();
        assertEquals(300, ownersCredits() - before, "it is in a block");
        assertFalse(stage.isDone());
        chain.call("evm_revert", snapshot);
        assertEquals(0, ownersCredits() - before, "and is not any more");
        chain.mine(1);
        clock.advanceMillis(ChainLimits.RESEND_MILLIS);
        assertTrue(answer(stage).isPresent());
        assertEquals(300, ownersCredits() - before);
    }

    @Test
    void redemptionThatIsStuckOffersMoreWithTheSameNonce() throws Exception {
        deposit(4, 500);
        long before = ownersCredits();
        BigInteger nonce = chain.transactions(1).minedNonce();
        chain.call("evm_setAutomine", "false");
        CompletableFuture<Optional<Hash256>> stage = desk.redeem(List.of(voucher(4, 300)), 100, 300)
                .toCompletableFuture();
        turn();
        clock.advanceMillis(ChainLimits.STUCK_MILLIS);
        turn();
        turn();
        chain.call("evm_setAutomine", "true");
        chain.mine(1);
        assertTrue(answer(stage).isPresent());
        assertEquals(300, ownersCredits() - before, "paid once");
        assertEquals(nonce.add(BigInteger.ONE), chain.transactions(1).minedNonce());
    }

    @Test
    void redemptionWhoseNonceIsTakenIsGivenUpAndNothingIsPaidTwice() throws Exception {
        deposit(4, 500);
        long before = ownersCredits();
        chain.call("evm_setAutomine", "false");
        CompletableFuture<Optional<Hash256>> stage = desk.redeem(List.of(voucher(4, 300)), 100, 300)
                .toCompletableFuture();
        turn();
        chain.call("anvil_dropAllTransactions");
        Transactions transactions = chain.transactions(1);
        transactions.send(Transactions.Call.of(registry, PaymentContracts.setPrices(PriceList.FREE)));
        chain.call("evm_setAutomine", "true");
        chain.mine(1);
        clock.advanceMillis(ChainLimits.STUCK_MILLIS);
        turn();
        assertEquals(RefuseReason.SETTLEMENT_UNAVAILABLE, refusal(stage));
        assertTrue(desk.check().get(0).title().contains("another transaction"), desk.check().toString());
        assertTrue(answer(desk.redeem(List.of(voucher(4, 300)), 100, 300)).isPresent());
        assertEquals(300, ownersCredits() - before);
    }

    @Test
    void forgedVoucherIsNotSent() throws Exception {
        deposit(4, 500);
        Settlements.Signed forged = new Settlements.Signed(voucher(4, 300).voucher(), voucher(5, 300).signature());
        BigInteger nonce = chain.transactions(1).minedNonce();
        CompletionStage<Optional<Hash256>> stage = desk.redeem(List.of(forged), 100, 300);
        turn();
        assertEquals(RefuseReason.SETTLEMENT_UNAVAILABLE, refusal(stage));
        assertEquals(nonce, chain.transactions(1).minedNonce());
    }

    @Test
    void nodeWithoutAnOwnerRedeemsNothing() throws Exception {
        SettlementDesk ownerless = new SettlementDesk(directory, List.of(chain.rpc),
                new TestKeys(TestKeys.wallet(3), null), clock, settlement, CONFIRMATIONS);
        Voucher voucher = new Voucher(TestKeys.wallet(4).address(), TestKeys.wallet(3).address(), 5, ROOT);
        CompletionStage<Optional<Hash256>> stage = ownerless.redeem(List.of(new Settlements.Signed(voucher,
                TestKeys.wallet(4).signDigest(voucher.digest(new SettlementId(AnvilChain.CHAIN_ID, settlement),
                        SIGNATURES)))), 100, 5);
        turn();
        assertEquals(RefuseReason.SETTLEMENT_UNAVAILABLE, refusal(stage));
        assertTrue(ownerless.check().get(0).title().contains("no owner"));
    }

    @Test
    void addressWithoutTheContractIsRefusedWithItsReason() throws Exception {
        for (WalletAddress wrong : List.of(TestKeys.wallet(5).address(), registry)) {
            SettlementDesk lost = desk(wrong);
            CompletionStage<Settlements.Channel> stage = lost.channel(TestKeys.wallet(4).address());
            turn();
            assertEquals(RefuseReason.SETTLEMENT_UNAVAILABLE, refusal(stage));
            assertEquals("chain.settlement", lost.check().get(0).code());
        }
    }

    @Test
    void outageRefusesQuestionsAndKeepsWhatIsToBeRedeemed() throws Exception {
        deposit(4, 500);
        turn();
        chain.kill();
        turn();
        assertEquals(RefuseReason.SETTLEMENT_UNAVAILABLE, refusal(desk.channel(TestKeys.wallet(4).address())));
        CompletableFuture<Optional<Hash256>> stage = desk.redeem(List.of(voucher(4, 300)), 100, 300)
                .toCompletableFuture();
        turn();
        assertFalse(stage.isDone(), "it waits for the chain");
        desk.close();
        assertEquals(RefuseReason.STOPPING, refusal(stage));
    }

    @Test
    void namesAreResolvedAsTheyAreRegistered() throws Exception {
        WalletAddress names = chain.deploy("NameRegistry", "10000000000000000");
        NameContract contract = new NameContract(chain.rpc, names);
        WalletName name = new WalletName("alice");
        WalletAddress alice = TestKeys.wallet(4).address();
        assertEquals(Optional.empty(), contract.wallet(name));
        chain.mined(4, Transactions.Call.of(names, NameContract.commit(contract.commitment(name, alice, ROOT))));
        assertTrue(contract.committedAt(contract.commitment(name, alice, ROOT)) > 0);
        chain.call("evm_increaseTime", "60");
        chain.mined(4, new Transactions.Call(Optional.of(names), contract.depositWei(name),
                NameContract.register(name, alice, ROOT)));
        assertEquals(Optional.of(alice), contract.wallet(name));
        assertEquals(Optional.of(alice), contract.owner(name));
        assertEquals(Optional.empty(), contract.nameOf(alice));
        chain.mined(4, Transactions.Call.of(names, NameContract.setReverse(name)));
        assertEquals(Optional.of(name), contract.nameOf(alice));
        chain.mined(4, Transactions.Call.of(names, NameContract.setWallet(name, OWNER)));
        assertEquals(Optional.of(OWNER), contract.wallet(name));
        assertEquals(Optional.empty(), contract.nameOf(alice), "who says a name that leads elsewhere is not believed");
        chain.mined(4, Transactions.Call.of(names, NameContract.release(name, alice)));
        assertEquals(Optional.empty(), contract.owner(name));
    }

    @Test
    void nodePublishesItsPricesOnceAndChangesThem() throws Exception {
        for (PriceList prices : List.of(new PriceList(1, 2, 3, 4), new PriceList(5, 6, 7, 8))) {
            BigInteger nonce = chain.transactions(1).minedNonce();
            assertTrue(answer(desk.publish(prices)));
            assertEquals(prices, contracts.pricesOf(NODE));
            assertTrue(answer(desk.publish(prices)), "they are there");
            assertEquals(nonce.add(BigInteger.ONE), chain.transactions(1).minedNonce());
        }
    }

    @Test
    void nodeThatIsNotOnTheListPublishesNothing() throws Exception {
        SettlementDesk unlisted = new SettlementDesk(directory, List.of(chain.rpc),
                new TestKeys(TestKeys.wallet(3), null), clock, settlement, CONFIRMATIONS);
        assertFalse(unlisted.publish(new PriceList(1, 2, 3, 4)).toCompletableFuture().get());
    }

    @Test
    void pricesAboveParAreRefusedAndHoldNoVoucherUp() throws Exception {
        deposit(4, 500);
        CompletionStage<Boolean> stage = desk.publish(new PriceList(Long.MAX_VALUE, 2, 3, 4));
        turn();
        assertEquals(RefuseReason.SETTLEMENT_UNAVAILABLE, refusal(stage));
        assertEquals("chain.settlement", desk.check().get(0).code());
        assertTrue(answer(desk.redeem(List.of(voucher(4, 300)), 100, 300)).isPresent());
    }

    @Test
    void pricesAreReadAsTheyArePublished() throws Exception {
        send(1, registry, PaymentContracts.setPrices(new PriceList(1, 2, 3, 4)));
        assertEquals(new PriceList(1, 2, 3, 4), contracts.pricesOf(NODE));
        assertEquals(Optional.of(OWNER), contracts.ownerOf(NODE));
    }
}
