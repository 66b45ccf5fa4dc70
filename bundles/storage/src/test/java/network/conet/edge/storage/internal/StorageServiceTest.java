package network.conet.edge.storage.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import network.conet.edge.api.Counter;
import network.conet.edge.api.Mailbox;
import network.conet.edge.api.PlainCounters;
import network.conet.edge.protocol.Hash256;
import network.conet.edge.protocol.KeyId;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.testkit.CrashVolume;
import network.conet.edge.testkit.SettableClock;
import org.junit.jupiter.api.Test;

/** What the mailbox promises while the disk works. */
class StorageServiceTest {
    private static final KeyId BOB = new KeyId(0xB0B);
    private static final KeyId EVE = new KeyId(0xEEEL << 52);
    private static final long DAY = TimeUnit.DAYS.toMillis(1);

    private final PlainCounters counters = new PlainCounters();
    private final SettableClock clock = new SettableClock(Messages.NOON);
    private final Random random = new Random(3);
    private CrashVolume volume = new CrashVolume();
    private StorageSettings settings = Messages.settings(64 * 1024, 8, 100, 16 * 1024, 32 * 1024, 30_000, 30);
    private StorageService service;

    @Test
    void completesOnlyAfterTheWindowAndItsForce() throws IOException {
        open();
        CompletableFuture<Mailbox.Receipt> stage = Messages.store(service, BOB, body(1, 500));
        pass(99);
        assertFalse(stage.isDone());
        assertTrue(Messages.get(service.next(BOB, 0)).isEmpty(), "only durable messages are seen");
        pass(1);
        assertEquals(new Mailbox.Receipt(1, false), Messages.get(stage));
        assertArrayEquals(body(1, 500), Messages.get(service.next(BOB, 0)).orElseThrow().armor());
        assertTrue(Messages.get(service.next(BOB, 1)).isEmpty());
        assertTrue(Messages.get(service.next(EVE, 0)).isEmpty());
        assertEquals(1, service.count(BOB));
    }

    @Test
    void closesTheGroupEarlyAtCommitBytes() throws IOException {
        open();
        int bytes = settings.flash().commitBytes() - StorageLimits.PENDING_OVERHEAD_BYTES - Hash256.BYTES;
        CompletableFuture<Mailbox.Receipt> stage = Messages.store(service, BOB, body(1, bytes - 1));
        service.pump();
        assertFalse(stage.isDone());
        pass(100);
        stage = Messages.store(service, BOB, body(2, bytes));
        service.pump();
        assertTrue(stage.isDone());
    }

    @Test
    void writesLoneMessagesOfOneKibibyteInOnePageAndOneForceEach() throws IOException {
        long[] cost = costOf(1, 1200, 1024);
        assertTrue(cost[0] <= 4117, cost[0] + " bytes a message");
        assertTrue(cost[1] <= 1002, cost[1] + " forces per 1000 messages, with one for the index of a segment");
    }

    @Test
    void writesGroupsOfElevenWithLittlePadding() throws IOException {
        long[] cost = costOf(11, 200, 1024);
        assertTrue(cost[0] <= 1150, cost[0] + " bytes a message");
        assertTrue(cost[1] <= 91, cost[1] + " forces per 1000 messages");
    }

    @Test
    void writesLargeMessagesWithinTheirTarget() throws IOException {
        assertTrue(costOf(1, 150, 16 * 1024)[0] <= 20_600);
        assertTrue(costOf(11, 20, 16 * 1024)[0] <= 16_900);
    }

    /** Bytes a message and forces per thousand messages in the steady state: all files were used before. */
    private long[] costOf(int group, int groups, int bytes) throws IOException {
        volume = new CrashVolume();
        settings = Messages.settings(4 * 1024 * 1024, 5, 100, 256 * 1024, 512 * 1024, 30_000, 30);
        open();
        long writtenBefore = 0;
        long forcesBefore = 0;
        for (int i = 0; i < 2 * groups; i++) {
            if (i == groups) {
                for (int fill = 0; service.generations() < 6; fill++) {
                    storeAndAck(1, 1000 + fill, 200 * 1024);
                }
                writtenBefore = counters.value(Counter.STORAGE_BYTES_WRITTEN);
                forcesBefore = counters.value(Counter.STORAGE_FORCES);
            }
            storeAndAck(group, 2000 + i, bytes);
        }
        long messages = (long) group * groups;
        return new long[] {(counters.value(Counter.STORAGE_BYTES_WRITTEN) - writtenBefore) / messages,
            (counters.value(Counter.STORAGE_FORCES) - forcesBefore) * 1000 / messages};
    }

    private void storeAndAck(int group, int seed, int bytes) {
        List<CompletableFuture<Mailbox.Receipt>> stages = new ArrayList<>();
        for (int m = 0; m < group; m++) {
            stages.add(Messages.store(service, BOB, body(seed * 100L + m, bytes)));
        }
        pass(100);
        for (int m = 0; m < group; m++) {
            assertNull(Messages.refusal(stages.get(m)));
            assertTrue(ack(BOB, body(seed * 100L + m, bytes)));
        }
    }

    @Test
    void letsAcknowledgementsRideAndForcesThemAfterTheirDelay() throws IOException {
        open();
        store(BOB, 1, 500);
        store(BOB, 2, 500);
        long forces = counters.value(Counter.STORAGE_FORCES);
        assertTrue(ack(BOB, body(1, 500)));
        assertFalse(ack(BOB, body(1, 500)), "idempotent");
        assertFalse(ack(EVE, body(2, 500)), "another mailbox");
        pass(29_999);
        assertEquals(forces, counters.value(Counter.STORAGE_FORCES));
        pass(1);
        assertEquals(forces + 1, counters.value(Counter.STORAGE_FORCES));
        open();
        assertEquals(1, service.count(BOB));
        assertTrue(ack(BOB, body(2, 500)));
        store(EVE, 3, 500);
        assertEquals(0, service.acksWaiting());
        open();
        assertEquals(0, service.count(BOB));
    }

    @Test
    void keepsOneCopyWhileItWaitsIsStoredOrWasAcknowledgedLately() throws IOException {
        open();
        byte[] body = body(1, 500);
        CompletableFuture<Mailbox.Receipt> first = Messages.store(service, BOB, body);
        CompletableFuture<Mailbox.Receipt> second = Messages.store(service, BOB, body);
        assertFalse(second.isDone());
        pass(100);
        assertEquals(new Mailbox.Receipt(1, false), Messages.get(first));
        assertEquals(new Mailbox.Receipt(1, true), Messages.get(second));
        assertEquals(new Mailbox.Receipt(1, true), store(BOB, 1, 500));
        assertEquals(new Mailbox.Receipt(2, false), store(EVE, 1, 500), "another mailbox");
        assertEquals(1, service.count(BOB));
        assertTrue(ack(BOB, body));
        pass(30_000);
        assertEquals(new Mailbox.Receipt(1, true), store(BOB, 1, 500));
        open();
        assertEquals(new Mailbox.Receipt(1, true), store(BOB, 1, 500), "remembered over a restart");
        assertEquals(0, service.count(BOB));
        clock.advanceMillis(1000L * Mailbox.DUPLICATE_MEMORY_SECONDS);
        assertFalse(store(BOB, 1, 500).duplicate());
    }

    @Test
    void makesFilesAheadOnlyOnceThereIsMail() throws IOException {
        open();
        pass(3_600_000);
        assertEquals(List.of(), segments());
        store(BOB, 1, 500);
        pass(3_600_000);
        assertEquals(1 + StorageLimits.FREE_SEGMENTS_WANTED, segments().size());
    }

    private List<String> segments() throws IOException {
        return volume.list().stream().filter(name -> name.startsWith("seg-")).toList();
    }

    @Test
    void copyFailsWithItsFirst() throws IOException {
        open();
        store(BOB, 9, 10);
        pass(0);
        volume.failOperation(1, CrashVolume.Failure.IO_ERROR);
        CompletableFuture<Mailbox.Receipt> first = Messages.store(service, BOB, body(1, 500));
        CompletableFuture<Mailbox.Receipt> second = Messages.store(service, BOB, body(1, 500));
        pass(100);
        assertEquals(RefuseReason.STORAGE_FAILED, Messages.refusal(first));
        assertEquals(RefuseReason.STORAGE_FAILED, Messages.refusal(second));
        assertEquals("storage.failed", Messages.troubles(service).get(0).code());
    }

    @Test
    void boundsMessageAndWaitingBytes() throws IOException {
        open();
        int max = settings.armorBytesMax();
        assertEquals(RefuseReason.ARMOR_TOO_LARGE, Messages.refusal(Messages.store(service, BOB, body(1, max + 1))));
        store(BOB, 2, max);
        store(BOB, 3, 0);
        assertArrayEquals(body(2, max), Messages.all(service, BOB).get(0).armor());
        pass(30_000);
        int rest = settings.flash().pendingBytesMax()
                - 2 * (StorageLimits.PENDING_OVERHEAD_BYTES + Hash256.BYTES) - 1000;
        Messages.store(service, BOB, body(4, 1000));
        assertEquals(RefuseReason.MEMORY_FULL, Messages.refusal(Messages.store(service, BOB, body(5, rest + 1))));
        CompletableFuture<Mailbox.Receipt> fits = Messages.store(service, BOB, body(6, rest));
        assertFalse(fits.isDone());
        pass(100);
        assertNull(Messages.refusal(fits));
    }

    @Test
    void takesOneLargeMessageWhileSomethingWaitsForARide() throws IOException {
        settings = settings.withFlash(settings.flash().withGroups(1000, 1000));
        open();
        store(BOB, 1, 200);
        assertTrue(service.hasWaiting(), "what was written so far, as a value");
        CompletableFuture<Mailbox.Receipt> large = Messages.store(service, BOB, body(2, 5000));
        assertEquals(RefuseReason.MEMORY_FULL, Messages.refusal(Messages.store(service, BOB, body(3, 5000))));
        pass(100);
        assertNull(Messages.refusal(large));
    }

    @Test
    void refusesWhenFullKeepsWhatIsStoredAndTakesAgainAfterAcknowledgement() throws IOException {
        settings = Messages.settings(16 * 1024, 5, 100, 8 * 1024, 32 * 1024, 1000, 30);
        open();
        int stored = 0;
        while (Messages.refusal(storeNow(stored, 3000)) == null) {
            stored++;
        }
        assertEquals(RefuseReason.STORAGE_FULL, Messages.refusal(storeNow(stored, 3000)));
        assertEquals(12, stored, "three segments of four messages, packed by compaction");
        assertEquals("storage.full", Messages.troubles(service).get(0).code());
        assertEquals(stored, Messages.all(service, BOB).size());
        assertEquals(5, volume.list().size());
        for (int i = 0; i < 4; i++) {
            assertTrue(ack(BOB, body(i, 3000)));
        }
        assertNull(Messages.refusal(storeNow(100, 3000)));
        assertTrue(Messages.troubles(service).isEmpty());
        open();
        assertEquals(stored - 4 + 1, Messages.all(service, BOB).size());
    }

    @Test
    void expiresWholeSegmentsWhenTheLastMessageIsTooOld() throws IOException {
        open();
        store(BOB, 1, 500);
        pass(30 * DAY - 1000);
        assertEquals(1, service.count(BOB));
        pass(2000);
        pass(DAY);
        assertEquals(0, service.count(BOB));
    }

    @Test
    void expiresNothingWhenTheClockJumps() throws IOException {
        open();
        store(BOB, 1, 500);
        clock.jumpTo(Messages.NOON + 20_000 * DAY);
        pass(0);
        pass(3_500_000);
        assertEquals(1, service.count(BOB), "forward for less than an hour");
        clock.jumpTo(0);
        pass(40 * DAY);
        assertEquals(1, service.count(BOB), "a clock that was never set");
        clock.jumpTo(Messages.NOON - 2 * DAY);
        pass(0);
        pass(DAY);
        assertEquals(1, service.count(BOB), "earlier than the message");
        clock.jumpTo(Messages.NOON + DAY);
        pass(0);
        pass(DAY);
        assertEquals(1, service.count(BOB), "corrected");
    }

    @Test
    void keepsMessageOfAnUnsetClockForTheWholeRetentionAfterItIsSet() throws IOException {
        clock.jumpTo(5000);
        open();
        store(BOB, 1, 500);
        clock.jumpTo(Messages.NOON);
        pass(TimeUnit.MINUTES.toMillis(10));
        pass(DAY);
        assertEquals(1, service.count(BOB));
        pass(28 * DAY);
        assertEquals(1, service.count(BOB));
        pass(3 * DAY);
        assertEquals(0, service.count(BOB));
    }

    @Test
    void closeWritesWhatWaitsAndRefusesWhatComes() throws IOException {
        open();
        CompletableFuture<Mailbox.Receipt> stage = Messages.store(service, BOB, body(1, 500));
        service.close();
        assertEquals(1, Messages.get(stage).sequence());
        assertEquals(RefuseReason.STOPPING, Messages.refusal(Messages.store(service, BOB, body(2, 500))));
        assertEquals(RefuseReason.STOPPING, Messages.refusal(service.next(BOB, 0)));
        long generations = service.generations();
        open();
        store(BOB, 3, 500);
        assertEquals(2, Messages.all(service, BOB).size());
        assertEquals(generations, service.generations(), "goes on in the same segment after a clean stop");
        open();
        store(BOB, 4, 500);
        assertEquals(generations + 1, service.generations(), "in another one after an unclean stop");
    }

    @Test
    void settingsHaveBounds() {
        assertEquals(67, StorageSettings.ofMiB(256, 4).log().segmentsMax());
        assertEquals(1024 * 1024, StorageSettings.ofMiB(256, 4).armorBytesMax());
        assertThrows(IllegalArgumentException.class, () -> StorageSettings.ofMiB(7, 4));
        assertEquals(5, StorageSettings.ofMiB(8, 4).log().segmentsMax());
        assertThrows(IllegalArgumentException.class, () -> StorageSettings.ofMiB(256, 65));
        assertEquals(5, StorageSettings.ofMiB(128, 64).log().segmentsMax());
        assertThrows(IllegalArgumentException.class,
                () -> Messages.settings(16 * 1024 + 1, 5, 100, 100, 100, 100, 30));
        assertThrows(IllegalArgumentException.class,
                () -> Messages.settings(12 * 1024, 5, 100, 100, 100, 100, 30));
        assertThrows(IllegalArgumentException.class,
                () -> Messages.settings(16 * 1024, 4, 100, 100, 100, 100, 30));
        assertThrows(IllegalArgumentException.class,
                () -> Messages.settings(16 * 1024, 5, 100, 100, 99, 100, 30));
    }

    private CompletableFuture<Mailbox.Receipt> storeNow(int seed, int bytes) {
        CompletableFuture<Mailbox.Receipt> stage = Messages.store(service, BOB, body(seed, bytes));
        pass(100);
        return stage;
    }

    private Mailbox.Receipt store(KeyId recipient, int seed, int bytes) {
        CompletableFuture<Mailbox.Receipt> stage = Messages.store(service, recipient, body(seed, bytes));
        pass(100);
        return Messages.get(stage);
    }

    private boolean ack(KeyId recipient, byte[] body) {
        return Messages.get(service.acknowledge(recipient, Messages.hash(body)));
    }

    private static byte[] body(long seed, int bytes) {
        return Messages.body(seed, bytes);
    }

    private void pass(long millis) {
        clock.advanceMillis(millis);
        while (service.pump() == 0) {
            continue;
        }
    }

    private void open() throws IOException {
        service = Messages.open(volume, settings, clock, counters, random);
    }
}
