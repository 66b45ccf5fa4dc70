package network.conet.edge.metering.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import network.conet.edge.api.Ledger;
import network.conet.edge.protocol.KeyId;
import network.conet.edge.protocol.pay.LedgerEntry;
import network.conet.edge.testkit.CrashVolume;
import org.junit.jupiter.api.Test;

/** The book behind the ledger, over stops of every kind. */
class BookKeeperTest {
    private final MeteringBench bench = new MeteringBench();

    BookKeeperTest() throws IOException {}

    private void append(int count, long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < count; i++) {
            bench.keeper.append(BookTest.someEntry(random, i));
            bench.clock.advanceMillis(1);
            bench.storage.pump();
        }
        bench.pump();
    }

    private long[] sums(BookKeeper keeper) {
        return keeper.ask(book -> new long[] {book.index, book.charged, book.earned, book.owed(), book.promised,
            book.paid, book.accounts.size()}).orElseThrow();
    }

    @Test
    void cleanStopAndStartChangeNothing() throws Exception {
        append(300, 1);
        bench.keeper.save(0);
        bench.pump();
        append(100, 2);
        long[] before = sums(bench.keeper);
        bench.storage.close();
        BookKeeper keeper = reopened(bench.disk);
        before[0]++; // starting wrote the prices again
        assertEquals(box(before), box(sums(keeper)));
        keeper.ask(book -> {
            book.check();
            return book;
        });
    }

    private static List<Long> box(long[] numbers) {
        List<Long> boxed = new ArrayList<>();
        for (long number : numbers) {
            boxed.add(number);
        }
        return boxed;
    }

    private BookKeeper reopened(CrashVolume disk) throws IOException {
        bench.disk = disk;
        bench.open();
        return bench.keeper;
    }

    @Test
    void savedEntriesMayBeForgottenByTheLedger() throws Exception {
        append(300, 1);
        assertEquals(0, bench.storage.ledger().head().settledIndex());
        bench.keeper.save(0);
        bench.pump();
        Ledger.Head head = bench.storage.ledger().head();
        assertEquals(head.lastIndex(), head.settledIndex());
        List<String> names = bench.storage.values().keys("metering");
        append(10, 3);
        bench.keeper.save(0);
        bench.pump();
        assertEquals(names.size(), bench.storage.values().keys("metering").size(), "the older generation is gone");
        assertFalse(names.equals(bench.storage.values().keys("metering")));
    }

    @Test
    void isSavedWhenEnoughCameAndNotBefore() {
        append(MeteringLimits.SAVE_ENTRIES - 2, 1);
        bench.keeper.saveIfDue(0);
        bench.pump();
        assertTrue(bench.storage.values().keys("metering").isEmpty());
        append(2, 2);
        bench.keeper.saveIfDue(0);
        bench.pump();
        assertFalse(bench.storage.values().keys("metering").isEmpty());
    }

    /** At each moment of writing and saving the power may go: what is found is what the durable entries say. */
    @Test
    void noPowerCutChangesABalance() throws Exception {
        append(40, 1);
        bench.keeper.save(0);
        append(25, 2);
        bench.keeper.save(0);
        append(25, 3);
        // What each prefix of the ledger gives, from the entries themselves.
        List<LedgerEntry> entries = new ArrayList<>();
        entries.add(bench.settings.terms(0));
        entries.addAll(some(40, 1));
        entries.addAll(some(25, 2));
        entries.addAll(some(25, 3));
        List<List<Long>> prefixes = new ArrayList<>();
        Book straight = new Book();
        prefixes.add(List.of(0L, 0L, 0L, 0L));
        for (LedgerEntry entry : entries) {
            straight.apply(straight.index + 1, straight.root, entry);
            prefixes.add(List.of(straight.charged, straight.earned, straight.promised, straight.paid));
        }
        int[] states = new int[2];
        bench.disk.crashStates(9, (operation, survival, disk) -> {
            MeteringBench found = bench;
            found.disk = disk;
            found.open();
            // Opening writes the prices again: the entry before it is the last that survived.
            long index = found.keeper.ask(book -> book.index).orElseThrow() - 1;
            List<Long> sums = found.keeper.ask(
                    book -> List.of(book.charged, book.earned, book.promised, book.paid)).orElseThrow();
            assertEquals(prefixes.get((int) index), sums, "after " + index + " entries");
            states[0]++;
            states[1] += index > 41 ? 1 : 0;
        });
        assertTrue(states[0] > 100 && states[1] > 50, states[0] + " states");
    }

    private static List<LedgerEntry> some(int count, long seed) {
        Random random = new Random(seed);
        List<LedgerEntry> entries = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            entries.add(BookTest.someEntry(random, i));
        }
        return entries;
    }

    @Test
    void damagedBookIsSaidAndNothingIsChargedOnTopOfIt() throws Exception {
        append(50, 1);
        bench.keeper.save(0);
        bench.pump();
        String part = bench.storage.values().keys("metering").stream().filter(key -> key.endsWith("-0"))
                .findFirst().orElseThrow();
        byte[] bytes = bench.storage.values().get("metering", part).toCompletableFuture().join().orElseThrow();
        bytes[bytes.length / 2] ^= 1;
        bench.storage.values().put("metering", part, bytes);
        bench.pump();
        long last = bench.storage.ledger().head().lastIndex();
        BookKeeper keeper = reopened(bench.disk);
        assertEquals("the saved accounts are damaged", keeper.trouble());
        assertTrue(keeper.ask(book -> book.index).isEmpty());
        assertEquals(last, bench.storage.ledger().head().lastIndex(), "the ledger is as it was");
        assertEquals(0, bench.meter.egressBytes(BookTest.wallet(1)));
        assertEquals(Optional.empty(), bench.meter.admit(BookTest.wallet(1),
                new KeyId(1), MeteringBench.SIGNATURES.hash(new byte[1]), 1, List.of()));
    }

    @Test
    void entryOfNewerSoftwareStopsTheAccountsAndLosesNothing() throws Exception {
        append(5, 1);
        bench.storage.ledger().append("version 9".getBytes(StandardCharsets.US_ASCII));
        bench.pump();
        BookKeeper keeper = reopened(bench.disk);
        assertTrue(keeper.trouble().contains("newer software"), keeper.trouble());
        assertEquals(7, bench.storage.ledger().head().lastIndex());
    }
}
