package network.conet.edge.storage.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import network.conet.edge.api.Counter;
import network.conet.edge.api.Mailbox;
import network.conet.edge.api.PlainCounters;
import network.conet.edge.protocol.KeyId;
import network.conet.edge.storage.internal.log.IndexFile;
import network.conet.edge.testkit.CrashVolume;
import network.conet.edge.testkit.SettableClock;
import org.junit.jupiter.api.Test;

/** What has to be read to open a store, and what a sector that cannot be read costs. */
class OpeningTest {
    private static final KeyId BOB = new KeyId(0xB0B);
    private static final KeyId EVE = new KeyId(0xE0E);
    private static final int MESSAGE_BYTES = 3000;
    private static final int MESSAGES = 400;
    private static final int PAGE_BYTES = 4096;
    private static final StorageSettings SETTINGS =
            Messages.settings(256 * 1024, 12, 100, 64 * 1024, 256 * 1024, 1000, 30)
                    .withIndex(new StorageSettings.Index(1000, 1000, 1));

    private final SettableClock clock = new SettableClock(Messages.NOON);
    private final PlainCounters counters = new PlainCounters();
    private final CrashVolume disk = new CrashVolume();
    private final ReadVolume reads = new ReadVolume(disk);
    private StorageService service;

    @Test
    void readsTheSnapshotAndOneSegmentAfterACleanStop() throws IOException {
        fill();
        service.close();
        open();
        long read = reads.takeBytes();
        assertTrue(read < 2 * SETTINGS.flash().segmentBytes(), read + " bytes read");
        assertHolds(MESSAGES);
    }

    @Test
    void readsIndexesAndTheLastSegmentAfterAnUncleanStop() throws IOException {
        fill();
        open();
        long read = reads.takeBytes();
        assertTrue(read < 2 * SETTINGS.flash().segmentBytes(), read + " bytes read");
        assertHolds(MESSAGES);
        assertEquals(0, counters.value(Counter.STORAGE_RECORDS_DAMAGED));
    }

    @Test
    void aSnapshotOfAnotherStopIsNotUsed() throws IOException {
        fill();
        service.close();
        byte[] old = disk.content(IndexFile.NAME);
        open();
        store(BOB, 9000);
        service.close();
        disk.setContent(IndexFile.NAME, old);
        open();
        assertHolds(MESSAGES + 1);
    }

    @Test
    void anUnreadableSectorCostsWhatStandsInIt() throws IOException {
        fill();
        reads.fail((name, from, to) -> name.equals("seg-00001") && from < 20 * PAGE_BYTES && to > 19 * PAGE_BYTES);
        open();
        int found = Messages.all(service, BOB).size() + Messages.all(service, EVE).size();
        assertTrue(found >= MESSAGES - 2 && found < MESSAGES, found + " of " + MESSAGES);
        assertEquals("storage.damaged", Messages.troubles(service).get(0).code());
        assertNull(Messages.refusal(store(BOB, 9001)), "and mail is taken");
    }

    @Test
    void anUnreadableSegmentWithoutAnIndexCostsItself() throws IOException {
        fill();
        reads.fail((name, from, to) -> name.equals("seg-00004") && to > PAGE_BYTES);
        open();
        int found = Messages.all(service, BOB).size() + Messages.all(service, EVE).size();
        assertTrue(found > MESSAGES / 2 && found < MESSAGES, found + " of " + MESSAGES);
        assertNull(Messages.refusal(store(BOB, 9001)));
    }

    @Test
    void compactionAsksForAnUnreadableRecordThreeTimesBeforeItIsLost() throws IOException {
        fill();
        reads.fail((name, from, to) -> name.equals("seg-00000") && from < 20 * PAGE_BYTES && to > 19 * PAGE_BYTES);
        for (int attempt = 0; attempt < 3; attempt++) {
            service.compact();
            assertEquals(MESSAGES, service.count(BOB) + service.count(EVE), "attempt " + attempt);
            service.compact();
            pass(TimeUnit.HOURS.toMillis(1));
        }
        service.compact();
        int left = service.count(BOB) + service.count(EVE);
        assertTrue(left >= MESSAGES - 2 && left < MESSAGES, left + " of " + MESSAGES);
        assertEquals("storage.damaged", Messages.troubles(service).get(0).code());
        assertTrue(Messages.troubles(service).get(0).title().contains(" of mailbox "), "and names the mailbox");
        assertNull(Messages.refusal(store(BOB, 9001)));
    }

    private void fill() throws IOException {
        open();
        for (int i = 0; i < MESSAGES; i++) {
            Messages.store(service, i % 2 == 0 ? BOB : EVE, Messages.body(i, MESSAGE_BYTES));
            if (i % 4 == 3) {
                pass(100);
            }
        }
        assertHolds(MESSAGES);
        reads.takeBytes();
    }

    private void assertHolds(int messages) {
        assertEquals(messages, Messages.all(service, BOB).size() + Messages.all(service, EVE).size());
        assertTrue(Messages.troubles(service).isEmpty(), () -> Messages.troubles(service).toString());
    }

    private CompletableFuture<Mailbox.Receipt> store(KeyId mailbox, int seed) {
        CompletableFuture<Mailbox.Receipt> stage = Messages.store(service, mailbox, Messages.body(seed, 1000));
        pass(100);
        return stage;
    }

    private void pass(long millis) {
        clock.advanceMillis(millis);
        while (service.pump() == 0) {
            continue;
        }
    }

    private void open() throws IOException {
        service = Messages.open(reads.volume(), SETTINGS, clock, counters, new Random(2));
    }
}
