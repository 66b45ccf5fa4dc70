package network.conet.edge.storage.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import network.conet.edge.api.Counter;
import network.conet.edge.api.Mailbox;
import network.conet.edge.api.PlainCounters;
import network.conet.edge.protocol.KeyId;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.testkit.CrashVolume;
import network.conet.edge.testkit.SettableClock;
import org.junit.jupiter.api.Test;

/** When wanted records are copied out of old segments, and when not. */
class CompactionTest {
    private static final KeyId BOB = new KeyId(0xB0B);
    private static final KeyId SLOW = new KeyId(0x510);
    private static final int SEGMENT_BYTES = 128 * 1024;
    private static final int SEGMENTS = 7;
    private static final int WINDOW_MILLIS = 100;
    private static final StorageSettings SETTINGS =
            Messages.settings(SEGMENT_BYTES, SEGMENTS, WINDOW_MILLIS, 8 * 1024, 640 * 1024, 1000, 30);

    private final SettableClock clock = new SettableClock(Messages.NOON);
    private final PlainCounters counters = new PlainCounters();
    private final CrashVolume volume = new CrashVolume();
    private final Random random = new Random(9);
    private StorageService service = open(SETTINGS);

    @Test
    void givesUpWhenCopyingWinsNothingAndDoesNotWearTheMediumOut() {
        // Two messages fill 70 % of a segment: worth copying by share, but the copies leave the same gap.
        int stored = 0;
        while (store(BOB, 46_000) == null) {
            stored++;
            assertTrue(stored < 3 * SEGMENTS);
        }
        long moved = counters.value(Counter.STORAGE_RECORDS_MOVED);
        assertTrue(moved > 0, "it was tried once");
        for (int i = 0; i < 20; i++) {
            assertEquals(RefuseReason.STORAGE_FULL, store(BOB, 46_000));
        }
        assertEquals(moved, counters.value(Counter.STORAGE_RECORDS_MOVED), "and not for every refused message again");
        assertEquals(stored, Messages.all(service, BOB).size());
    }

    @Test
    void takesMailAgainAfterItGaveUpAndRoomWasMade() {
        while (store(BOB, 46_000) == null) {
            continue;
        }
        List<Mailbox.StoredMessage> all = Messages.all(service, BOB);
        for (int i = 1; i < all.size(); i += 2) {
            assertTrue(Messages.get(service.acknowledge(BOB, Messages.hash(all.get(i).armor()))));
        }
        for (int i = 0; i < all.size() / 2 - 1; i++) {
            assertNull(store(BOB, 46_000), "message " + i + " after half were acknowledged");
        }
    }

    @Test
    void copiesUnderPressureWhatIsTooDearWhenIdle() {
        List<byte[]> fast = new ArrayList<>();
        // Half of every segment is wanted: too much for idle, cheap enough under pressure.
        for (int i = 0; i < 60 && counters.value(Counter.STORAGE_RECORDS_MOVED) == 0; i++) {
            assertNull(store(SLOW, 15_000));
            assertNull(store(BOB, 15_000));
            Messages.all(service, BOB).forEach(message -> fast.add(message.armor()));
            fast.forEach(body -> Messages.get(service.acknowledge(BOB, Messages.hash(body))));
            fast.clear();
        }
        assertTrue(counters.value(Counter.STORAGE_RECORDS_MOVED) > 0);
    }

    @Test
    void copiesFewWantedRecordsWhenIdleSoThatMailNeverWaitsForIt() {
        assertNull(store(SLOW, 2000));
        for (int i = 0; i < 60; i++) {
            assertNull(store(BOB, 30_000));
            byte[] armor = Messages.get(service.next(BOB, 0)).orElseThrow().armor();
            assertTrue(Messages.get(service.acknowledge(BOB, Messages.hash(armor))));
        }
        assertTrue(counters.value(Counter.STORAGE_RECORDS_MOVED) >= 1);
        assertTrue(counters.value(Counter.STORAGE_RECORDS_MOVED) <= 12, "the copy is copied only when it is oldest");
        assertEquals(1, Messages.all(service, SLOW).size());
    }

    @Test
    void copiesMoreThanOneMebibyteOutOfLargeSegments() throws IOException {
        int segment = 4 * 1024 * 1024;
        service = open(Messages.settings(segment, 6, WINDOW_MILLIS, 64 * 1024, 2 * 1024 * 1024, 1000, 30));
        // Of each segment of 4 MiB 2 MiB stay wanted; without copies four segments are all there is.
        int stored = 0;
        for (; stored < 9 && store(SLOW, 1_000_000) == null; stored++) {
            if (store(BOB, 1_000_000) != null) {
                break;
            }
            byte[] armor = Messages.get(service.next(BOB, 0)).orElseThrow().armor();
            Messages.get(service.acknowledge(BOB, Messages.hash(armor)));
        }
        assertEquals(9, stored);
        assertEquals(9, Messages.all(service, SLOW).size());
    }

    @Test
    void operatorMayAskForItAndNothingIsLost() throws IOException {
        for (int i = 0; i < 8; i++) {
            assertNull(store(i % 2 == 0 ? BOB : SLOW, 30_000));
        }
        List<Mailbox.StoredMessage> all = Messages.all(service, BOB);
        all.forEach(message -> Messages.get(service.acknowledge(BOB, Messages.hash(message.armor()))));
        int before = service.stats().segmentsInUse();
        service.compact();
        assertTrue(service.stats().segmentsInUse() < before);
        assertEquals(4, Messages.all(service, SLOW).size());
        assertEquals(4, Messages.all(open(SETTINGS), SLOW).size());
    }

    /** Why it was refused; null when it was stored. */
    private RefuseReason store(KeyId mailbox, int bytes) {
        var stage = Messages.store(service, mailbox, Messages.body(random.nextLong(), bytes));
        clock.advanceMillis(1100);
        while (service.pump() == 0) {
            continue;
        }
        return Messages.refusal(stage);
    }

    private StorageService open(StorageSettings settings) {
        try {
            return Messages.open(volume, settings, clock, counters, random);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
