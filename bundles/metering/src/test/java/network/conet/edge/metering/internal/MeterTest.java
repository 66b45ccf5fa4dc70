package network.conet.edge.metering.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.List;
import network.conet.edge.api.Ledger;
import network.conet.edge.api.Settlements;
import network.conet.edge.crypto.Wallet;
import network.conet.edge.protocol.Hash256;
import network.conet.edge.protocol.JsonValue;
import network.conet.edge.protocol.KeyId;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.RefusedException;
import network.conet.edge.protocol.pay.AccountCommands;
import network.conet.edge.protocol.pay.PriceList;
import network.conet.edge.protocol.pay.SettlementId;
import network.conet.edge.protocol.pay.Voucher;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who may spend what, on the real storage. */
class MeterTest {
    private static final int MIB = MeteringBench.MIB;

    private final Wallet alice = Wallet.generate(new SecureRandom());
    private final Wallet eve = Wallet.generate(new SecureRandom());
    private MeteringBench bench;

    @BeforeEach
    void open() throws IOException {
        bench = new MeteringBench();
        bench.channels.put(alice.address(), new Settlements.Channel(10_000, 0, 0));
    }

    private static boolean isOk(JsonValue answer) {
        return answer.member("ok").filter(JsonValue.Literal.TRUE::equals).isPresent();
    }

    @Test
    void walletPaysWithAVoucherAndThenItsMailIsTaken() throws Exception {
        assertFalse(bench.mail(alice.address(), 4096));
        JsonValue paid = bench.pay(alice, 100);
        assertTrue(isOk(paid), paid.toString());
        assertEquals(100, paid.integer("balance").orElseThrow());
        assertTrue(bench.mail(alice.address(), 4096));
        assertEquals(97, bench.balance(alice.address()), "4096 bytes at 1000 a MiB cost 3");
    }

    @Test
    void mailIsTakenToTheLastUnitAndRefusedBehindIt() throws Exception {
        bench.pay(alice, 3);
        assertTrue(bench.mail(alice.address(), 4096));
        assertEquals(0, bench.balance(alice.address()));
        assertFalse(bench.mail(alice.address(), 4096));
        assertEquals(1, bench.storage.count(new KeyId(alice.address().bytes()[0])));
        bench.pay(alice, 6);
        assertTrue(bench.mail(alice.address(), 4096), "and taken again when more is promised");
    }

    @Test
    void creditLimitLetsAWalletOweSoMuch() throws Exception {
        bench.settings = bench.settings(new PriceList(1000, 0, 0, 0), 0, 3);
        bench.open();
        assertTrue(bench.mail(alice.address(), 4096));
        assertEquals(-3, bench.balance(alice.address()));
        assertFalse(bench.mail(alice.address(), 4096));
    }

    @Test
    void pricesAboveParAreNoSettings() {
        assertThrows(IllegalArgumentException.class, () -> bench.settings(new PriceList(976_563, 0, 0, 0), 0, 0));
    }

    @Test
    void voucherMayPromiseAllThatTheChannelHoldsAndNotAUnitMore() throws Exception {
        assertEquals("voucher_uncovered", MeteringBench.error(bench.pay(alice, 10_001)));
        assertTrue(isOk(bench.pay(alice, 10_000)));
        assertEquals(1, bench.counters.refusals(RefuseReason.VOUCHER_UNCOVERED));
    }

    @Test
    void whatAPayerHasAskedBackCoversNothing() throws Exception {
        bench.channels.put(alice.address(), new Settlements.Channel(10_000, 500, 9_000));
        assertEquals("voucher_uncovered", MeteringBench.error(bench.pay(alice, 1_501)));
        assertTrue(isOk(bench.pay(alice, 1_500)));
    }

    @Test
    void voucherThatIsNoMoreThanTheLastIsRefused() throws Exception {
        bench.pay(alice, 50);
        assertEquals("voucher_decreasing", MeteringBench.error(bench.pay(alice, 50)));
        assertEquals("voucher_decreasing", MeteringBench.error(bench.pay(alice, 49)));
        assertTrue(isOk(bench.pay(alice, 51)));
        assertEquals(51, bench.balance(alice.address()));
    }

    @Test
    void voucherOfAnotherSignerChainContractOrPayeeIsRefusedAndChangesNothing() throws Exception {
        Hash256 root = Hash256.of(new byte[32]);
        Voucher good = new Voucher(alice.address(), bench.node.address(), 50, root);
        SettlementId otherChain = new SettlementId(1, MeteringBench.CONTRACT.contract());
        SettlementId otherContract = new SettlementId(224_422, BookTest.wallet(78));
        for (var digest : List.of(good.digest(otherChain, MeteringBench.SIGNATURES),
                good.digest(otherContract, MeteringBench.SIGNATURES))) {
            assertEquals("voucher_forged", MeteringBench.error(bench.pay(alice, good, alice.signDigest(digest))));
        }
        assertEquals("voucher_forged", MeteringBench.error(bench.pay(alice, good,
                eve.signDigest(good.digest(MeteringBench.CONTRACT, MeteringBench.SIGNATURES)))));
        assertEquals("voucher_forged", MeteringBench.error(bench.pay(alice, good,
                alice.signPersonal(good.digest(MeteringBench.CONTRACT, MeteringBench.SIGNATURES).bytes()))));
        Voucher foreign = new Voucher(alice.address(), eve.address(), 50, root);
        assertEquals("voucher_foreign", MeteringBench.error(bench.pay(alice, foreign,
                alice.signDigest(foreign.digest(MeteringBench.CONTRACT, MeteringBench.SIGNATURES)))));
        assertEquals("receipt_self_made", MeteringBench.error(bench.pay(bench.node, 5)));
        assertEquals(0, bench.balance(alice.address()));
        assertEquals(1, bench.storage.ledger().head().lastIndex(), "only the prices");
    }

    @Test
    void chainThatCannotBeAskedRefusesTheVoucherAndKeepsTheMoney() throws Exception {
        bench.chainFailure = RefuseReason.SETTLEMENT_UNAVAILABLE;
        assertEquals("settlement_unavailable", MeteringBench.error(bench.pay(alice, 50)));
        bench.chainFailure = null;
        assertTrue(isOk(bench.pay(alice, 50)));
    }

    @Test
    void callSetsAsideChargesAndGivesBack() throws Exception {
        bench.pay(alice, 10);
        bench.meter.reserve(alice.address(), 6);
        assertEquals(RefuseReason.PAYMENT_REQUIRED, assertThrows(RefusedException.class,
                () -> bench.meter.reserve(alice.address(), 5)).reason());
        assertFalse(bench.mail(alice.address(), 5 * 1049 + MIB / 100), "what is set aside is not spent on mail");
        bench.meter.reserve(alice.address(), 4);
        bench.meter.charge(alice.address(), 6, 1000, 2);
        bench.pump();
        assertEquals(8, bench.balance(alice.address()));
        bench.meter.charge(alice.address(), 4, 0, 0);
        bench.pump();
        bench.meter.reserve(alice.address(), 8);
        assertThrows(IllegalArgumentException.class, () -> bench.meter.charge(alice.address(), 8, 0, 9));
    }

    @Test
    void onlyOwnersLearnGiveAndSettle() throws Exception {
        for (String command : List.of(AccountCommands.EARNINGS, AccountCommands.SETTLE, AccountCommands.GRANT)) {
            assertEquals("owner_only", MeteringBench.error(bench.run(bench.command(command, eve)
                    .put("wallet", eve.address().toString()).put("amount", 5))), command);
        }
        assertEquals(0, bench.balance(eve.address()));
        JsonValue granted = bench.run(bench.command(AccountCommands.GRANT, bench.owner)
                .put("wallet", eve.address().toString()).put("amount", 5));
        assertEquals(5, granted.integer("balance").orElseThrow());
        assertTrue(isOk(bench.run(bench.command(AccountCommands.EARNINGS, bench.owner))));
    }

    @Test
    void grantsHaveBounds() throws Exception {
        long most = 1L << 52;
        for (long amount : new long[] {0, -1, most + 1}) {
            assertEquals("command_malformed", MeteringBench.error(bench.run(
                    bench.command(AccountCommands.GRANT, bench.owner).put("wallet", eve.address().toString())
                            .put("amount", amount))), "" + amount);
        }
        assertTrue(isOk(bench.run(bench.command(AccountCommands.GRANT, bench.owner)
                .put("wallet", eve.address().toString()).put("amount", most))));
        assertEquals("command_malformed", MeteringBench.error(bench.run(bench.command(AccountCommands.GRANT,
                bench.owner).put("wallet", eve.address().toString()).put("amount", 1))), "no sum overflows");
    }

    @Test
    void quoteSaysWhatIsNeededToPay() throws Exception {
        JsonValue quote = bench.run(bench.command(AccountCommands.STATUS, eve));
        assertEquals(bench.node.address().toString(), quote.string("payee").orElseThrow());
        assertEquals(1000, quote.member("prices").orElseThrow().integer("relayMiB").orElseThrow());
        assertEquals(224_422, quote.member("settlement").orElseThrow().integer("chainId").orElseThrow());
        Ledger.Head head = bench.storage.ledger().head();
        assertEquals(head.hash().toString(), quote.member("ledger").orElseThrow().string("root").orElseThrow());
    }

    @Test
    void redeemingPaysEachVoucherOnceAndWaitsForAFeeThatIsWorthIt() throws Exception {
        bench.pay(alice, 100);
        bench.isFeeTooHigh = true;
        assertEquals(0, bench.settler.settle(5).toCompletableFuture().join());
        bench.isFeeTooHigh = false;
        bench.settler.settle(5);
        bench.pump();
        assertEquals(1, bench.redeemed.size());
        assertEquals(100, bench.keeper.ask(book -> book.paid).orElseThrow());
        assertEquals(0, bench.settler.settle(5).toCompletableFuture().join());
        assertEquals(1, bench.redeemed.size(), "nothing new, nothing sent");
        bench.pay(alice, 150);
        assertTrue(isOk(bench.run(bench.command(AccountCommands.SETTLE, bench.owner))));
        bench.pump();
        assertFalse(bench.settler.isBusy());
        assertEquals(150, bench.keeper.ask(book -> book.paid).orElseThrow());
        assertEquals(List.of(100L, 50L), bench.keeper.ask(book -> book.payments.stream().map(Book.Payment::amount)
                .toList()).orElseThrow());
    }

    @Test
    void whatTheChainPaidWithoutUsIsBookedAndNotRedeemedAgain() throws Exception {
        bench.pay(alice, 100);
        bench.channels.put(alice.address(), new Settlements.Channel(9_900, 100, 0));
        bench.settler.settle(5);
        bench.pump();
        assertEquals(0, bench.redeemed.size());
        assertEquals(100, bench.keeper.ask(book -> book.paid).orElseThrow());
    }

    @Test
    void failedRedeemingIsToldAndTriedAgain() throws Exception {
        bench.pay(alice, 100);
        bench.chainFailure = RefuseReason.SETTLEMENT_UNAVAILABLE;
        bench.settler.settle(5);
        assertEquals(RefuseReason.SETTLEMENT_UNAVAILABLE, bench.settler.trouble().orElseThrow());
        bench.chainFailure = null;
        bench.settler.settle(5);
        bench.pump();
        assertTrue(bench.settler.trouble().isEmpty());
        assertEquals(100, bench.keeper.ask(book -> book.paid).orElseThrow());
    }

    @Test
    void storedBytesAreChargedForTheTimeBetweenTwoLooks() throws Exception {
        bench.settings = bench.settings(new PriceList(0, 32_552, 0, 0), 0, 1_000_000);
        bench.open();
        assertTrue(bench.mail(alice.address(), MIB / 64));
        Sampler sampler = new Sampler(bench.keeper, bench.storage);
        long now = bench.clock.epochSeconds();
        sampler.sample(now);
        sampler.sample(now + 3600);
        sampler.sample(now + 7200);
        sampler.sample(now + 7200 + 100_000);
        sampler.epoch(1000);
        sampler.epoch(1002);
        sampler.record(now + 7200);
        bench.pump();
        // 1/64 MiB for two hours, and for no more than two of the long pause.
        assertEquals(32_552 * 4 / 64 / 24, -bench.balance(alice.address()));
        assertEquals(2, bench.keeper.ask(book -> book.units[4]).orElseThrow());
        long last = bench.storage.ledger().head().lastIndex();
        sampler.record(now + 7200);
        bench.pump();
        assertEquals(last, bench.storage.ledger().head().lastIndex(), "nothing is written twice");
    }
}
