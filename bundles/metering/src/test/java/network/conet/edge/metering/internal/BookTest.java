package network.conet.edge.metering.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import network.conet.edge.protocol.Hash256;
import network.conet.edge.protocol.KeyId;
import network.conet.edge.protocol.WalletAddress;
import network.conet.edge.protocol.WalletSignature;
import network.conet.edge.protocol.pay.LedgerEntry;
import network.conet.edge.protocol.pay.PriceList;
import network.conet.edge.protocol.pay.Resource;
import network.conet.edge.protocol.pay.Voucher;
import org.junit.jupiter.api.Test;

class BookTest {
    private static final long DAY = 86_400;
    private static final long NOON = 20_000 * DAY + DAY / 2;
    private static final int MIB = 1 << 20;
    private static final WalletAddress ALICE = wallet(1);
    private static final WalletAddress BOB = wallet(2);
    private static final WalletAddress NODE_B = wallet(11);
    private static final WalletAddress NODE_C = wallet(12);

    private final Book book = new Book();

    static WalletAddress wallet(int n) {
        byte[] bytes = new byte[WalletAddress.BYTES];
        Arrays.fill(bytes, (byte) n);
        return WalletAddress.of(bytes);
    }

    private static Hash256 hash(long n) {
        byte[] bytes = new byte[Hash256.BYTES];
        for (int i = 0; i < Long.BYTES; i++) {
            bytes[i] = (byte) (n >>> 8 * i);
        }
        return Hash256.of(bytes);
    }

    private static void apply(Book book, LedgerEntry entry) {
        book.apply(book.index + 1, hash(book.index + 1), entry);
    }

    private void apply(LedgerEntry entry) {
        apply(book, entry);
    }

    private static LedgerEntry.Terms terms(PriceList prices, long free, long credit) {
        return new LedgerEntry.Terms(NOON, prices, free, free * DAY, free, credit);
    }

    private static LedgerEntry.Mail mail(long seconds, WalletAddress wallet, int bytes, WalletAddress... forwarders) {
        return new LedgerEntry.Mail(seconds, wallet, new KeyId(7), hash(seconds), bytes, List.of(forwarders));
    }

    private static LedgerEntry.Promised promise(WalletAddress payer, long cumulative) {
        byte[] signature = new byte[WalletSignature.BYTES];
        signature[WalletSignature.BYTES - 1] = 27;
        return new LedgerEntry.Promised(NOON, new Voucher(payer, wallet(99), cumulative, hash(1)),
                WalletSignature.of(signature), false);
    }

    @Test
    void allowanceComesFirstAndOnceADay() {
        apply(terms(new PriceList(1000, 0, 0, 0), MIB, 0));
        apply(mail(NOON, ALICE, MIB));
        assertEquals(0, book.charged, "the whole allowance");
        apply(mail(NOON, ALICE, MIB));
        assertEquals(1000, book.charged);
        apply(mail(NOON + DAY / 2 - 1, ALICE, MIB));
        assertEquals(2000, book.charged, "the last second of the day");
        apply(mail(NOON + DAY / 2, ALICE, MIB));
        assertEquals(2000, book.charged, "the next day");
    }

    @Test
    void clockThatIsSetBackGivesNoOtherAllowance() {
        apply(terms(new PriceList(1000, 0, 0, 0), MIB, 0));
        apply(mail(NOON, ALICE, MIB));
        apply(mail(0, ALICE, MIB));
        assertEquals(1000, book.charged);
    }

    @Test
    void costIsSharedByThoseWhoCarriedAndTheRestStaysHere() {
        apply(terms(new PriceList(1000, 0, 0, 0), 0, 0));
        apply(promise(ALICE, 10_000));
        apply(mail(NOON, ALICE, MIB, NODE_B, NODE_C));
        assertEquals(3000, book.charged);
        assertEquals(1000, book.payees.get(NODE_B).owed);
        apply(mail(NOON, ALICE, MIB / 3, NODE_B, NODE_C));
        // 349525 bytes three times cost 999; a third of it is 333.
        assertEquals(3999, book.charged);
        assertEquals(1333, book.payees.get(NODE_C).owed);
        assertEquals(1333, book.earned);
        book.check();
        assertEquals(MIB + MIB / 3, book.units[Resource.RELAY_BYTES.ordinal()], "our own part of the way");
    }

    @Test
    void whatIsOnlyOwedIsNotShared() {
        apply(terms(new PriceList(1000, 0, 0, 0), 0, 100_000));
        apply(promise(ALICE, 1500));
        apply(mail(NOON, ALICE, MIB, NODE_B));
        assertEquals(750, book.payees.get(NODE_B).owed, "half of the 1500 of 2000 that were promised");
        apply(mail(NOON, ALICE, MIB, NODE_B));
        assertEquals(750, book.payees.get(NODE_B).owed, "and nothing of a debt");
        assertEquals(4000, book.charged);
        book.check();
    }

    @Test
    void freeMailEarnsNobodyAnything() {
        apply(terms(PriceList.PAR, 10 * MIB, 0));
        for (int i = 0; i < 100; i++) {
            apply(mail(NOON, wallet(100 + i), MIB, NODE_B));
        }
        assertEquals(0, book.owed(), "wallets cost nothing to make");
        assertEquals(0, book.earned);
    }

    @Test
    void storageAndEgressHaveAllowancesOfTheirOwn() {
        apply(terms(new PriceList(1000, 500, 0, 200), MIB, 0));
        apply(new LedgerEntry.Stored(NOON, List.of(new LedgerEntry.Stored.Share(ALICE, MIB * DAY))));
        apply(new LedgerEntry.Egress(NOON, ALICE, MIB));
        assertEquals(0, book.charged);
        apply(new LedgerEntry.Stored(NOON, List.of(new LedgerEntry.Stored.Share(ALICE, 2 * MIB * DAY))));
        assertEquals(1000, book.charged);
        apply(new LedgerEntry.Egress(NOON, ALICE, 3 * MIB));
        assertEquals(1600, book.charged);
        assertEquals(4L * MIB, book.units[Resource.EGRESS_BYTES.ordinal()]);
    }

    @Test
    void egressBudgetIsTheAllowanceAndWhatCreditBuys() {
        apply(terms(new PriceList(0, 0, 0, 200), MIB, 0));
        assertEquals(MIB, book.egressBytes(ALICE, 0, NOON));
        apply(new LedgerEntry.Granted(NOON, ALICE, 400));
        assertEquals(3 * MIB, book.egressBytes(ALICE, 0, NOON));
        assertEquals(2 * MIB, book.egressBytes(ALICE, 200, NOON), "what calls set aside is not there");
        apply(new LedgerEntry.Egress(NOON, ALICE, 3 * MIB));
        assertEquals(0, book.egressBytes(ALICE, 0, NOON));
        assertEquals(0, book.spendable(ALICE));
        assertEquals(MIB, book.egressBytes(ALICE, 0, NOON + DAY));
    }

    @Test
    void voucherAndPaymentCountTheirIncreaseOnly() {
        apply(promise(ALICE, 100));
        apply(promise(ALICE, 100));
        apply(promise(ALICE, 60));
        assertEquals(100, book.promised);
        assertEquals(100, book.accounts.get(ALICE).voucher.voucher().cumulative());
        apply(promise(ALICE, 130));
        assertEquals(130, book.promised);
        apply(new LedgerEntry.Paid(NOON, ALICE, 90, hash(5)));
        apply(new LedgerEntry.Paid(NOON, ALICE, 90, hash(6)));
        apply(new LedgerEntry.Paid(NOON, ALICE, 10, hash(7)));
        assertEquals(90, book.paid);
        assertEquals(40, book.accounts.get(ALICE).unpaid());
        assertEquals(1, book.payments.size());
        book.check();
    }

    @Test
    void creditIsWhatWasGrantedAndPromisedAndMayBeOwed() {
        apply(terms(new PriceList(1000, 0, 0, 0), 0, 50));
        assertEquals(50, book.spendable(BOB));
        apply(new LedgerEntry.Granted(NOON, BOB, 10));
        apply(promise(BOB, 5));
        assertEquals(65, book.spendable(BOB));
        apply(new LedgerEntry.Called(NOON, BOB, 1_000_000, 70));
        assertEquals(-5, book.spendable(BOB));
    }

    @Test
    void entryOutOfItsOrderStopsEverything() {
        apply(mail(NOON, ALICE, 1));
        assertThrows(AssertionError.class, () -> book.apply(3, hash(3), mail(NOON, ALICE, 1)));
        assertThrows(AssertionError.class, () -> book.apply(1, hash(1), mail(NOON, ALICE, 1)));
    }

    @Test
    void checkFindsASingleUnitThatIsMissing() {
        apply(terms(PriceList.PAR, 0, 0));
        apply(promise(ALICE, 1L << 40));
        apply(mail(NOON, ALICE, MIB, NODE_B));
        book.check();
        book.accounts.get(ALICE).charged--;
        assertThrows(AssertionError.class, book::check);
        book.accounts.get(ALICE).charged++;
        book.payees.get(NODE_B).owed++;
        assertThrows(AssertionError.class, book::check);
    }

    @Test
    void onlyThreadOfEntriesMattersNotWhereItWasSavedAndRead() throws IOException {
        Random random = new Random(42);
        Book straight = new Book();
        Book saved = new Book();
        for (int i = 0; i < 3000; i++) {
            LedgerEntry entry = someEntry(random, i);
            apply(straight, entry);
            apply(saved, entry);
            if (random.nextInt(50) == 0) {
                saved = BookCodec.decode(BookCodec.encode(saved));
            }
        }
        straight.check();
        assertTrue(straight.charged > 0 && straight.owed() > 0 && straight.promised > 0 && straight.paid > 0);
        assertEquals(straight.accounts.keySet(), saved.accounts.keySet());
        straightEquals(straight, saved);
    }

    private static void straightEquals(Book one, Book other) throws IOException {
        // Maps have no order: both are brought into the one that reading gives.
        byte[] first = BookCodec.encode(BookCodec.decode(BookCodec.encode(one)));
        assertEquals(first.length, BookCodec.encode(other).length);
        assertEquals(one.charged, other.charged);
        assertEquals(one.earned, other.earned);
        assertEquals(one.paid, other.paid);
        assertArrayEquals(one.units, other.units);
        one.accounts.forEach((wallet, account) -> {
            Account same = other.accounts.get(wallet);
            assertEquals(account.charged, same.charged);
            assertEquals(account.balance(), same.balance());
            assertEquals(account.paid, same.paid);
            assertEquals(account.freeBytesUsed, same.freeBytesUsed);
            assertEquals(account.freeByteSecondsUsed, same.freeByteSecondsUsed);
            assertEquals(account.freeEgressUsed, same.freeEgressUsed);
            assertEquals(account.voucher, same.voucher);
            assertEquals(account.keyId, same.keyId);
        });
        one.days.forEach((day, done) -> assertEquals(done.earned, other.days.get(day).earned));
    }

    static LedgerEntry someEntry(Random random, int step) {
        WalletAddress wallet = wallet(1 + random.nextInt(20));
        long seconds = NOON + step * 400L;
        return switch (random.nextInt(8)) {
            case 0 -> terms(new PriceList(random.nextInt(900_000), random.nextInt(30_000), 0, random.nextInt(900_000)),
                    random.nextInt(3) * MIB, 0);
            case 1 -> new LedgerEntry.Stored(seconds, List.of(
                    new LedgerEntry.Stored.Share(wallet, random.nextLong(1L << 40))));
            case 2 -> new LedgerEntry.Called(seconds, wallet, random.nextInt(1_000_000), random.nextInt(1000));
            case 3 -> new LedgerEntry.Egress(seconds, wallet, random.nextInt(10 * MIB));
            case 4 -> promise(wallet, random.nextInt(1_000_000));
            case 5 -> new LedgerEntry.Paid(seconds, wallet, random.nextInt(100_000), hash(step));
            case 6 -> mail(seconds, wallet, random.nextInt(MIB), wallet(30 + random.nextInt(3)),
                    wallet(40 + random.nextInt(3)));
            default -> mail(seconds, wallet, random.nextInt(MIB));
        };
    }

    @Test
    void savedBookThatIsCutOrOfAnotherVersionIsNoBook() {
        apply(terms(PriceList.PAR, 0, 0));
        apply(mail(NOON, ALICE, MIB, NODE_B));
        apply(promise(ALICE, 5));
        byte[] bytes = BookCodec.encode(book);
        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThrows(IOException.class, () -> BookCodec.decode(cut));
        }
        assertThrows(IOException.class, () -> BookCodec.decode(Arrays.copyOf(bytes, bytes.length + 1)));
        bytes[0] = 2;
        assertThrows(IOException.class, () -> BookCodec.decode(bytes));
    }

    @Test
    void accountsThatHoldNothingAreForgottenTheNextDay() {
        apply(terms(PriceList.PAR, 10 * MIB, 0));
        apply(mail(NOON, ALICE, MIB));
        apply(new LedgerEntry.Granted(NOON, BOB, 1));
        book.prune(NOON);
        assertEquals(2, book.accounts.size());
        book.prune(NOON + DAY);
        assertEquals(List.of(BOB), List.copyOf(book.accounts.keySet()));
    }
}
