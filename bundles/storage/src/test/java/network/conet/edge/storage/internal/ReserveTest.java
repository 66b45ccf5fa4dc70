package network.conet.edge.storage.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import network.conet.edge.api.Mailbox;
import network.conet.edge.api.PlainCounters;
import network.conet.edge.protocol.KeyId;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.testkit.CrashVolume;
import network.conet.edge.testkit.SettableClock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The segments that are kept in reserve, and what happens when they are used up. */
class ReserveTest {
    private static final KeyId BOB = new KeyId(0xB0B);
    private static final int ACK_DELAY_MILLIS = 1000;
    private static final StorageSettings RECYCLED =
            Messages.settings(16 * 1024, 6, 100, 8 * 1024, 64 * 1024, ACK_DELAY_MILLIS, 30);

    private final SettableClock clock = new SettableClock(Messages.NOON);
    private final PlainCounters counters = new PlainCounters();
    private final Random random = new Random(11);
    private final CrashVolume volume = new CrashVolume();
    private StorageService service;

    @Test
    void acknowledgementsThatFreeNothingDoNotUseUpWhatMarksNeed() throws IOException {
        fill();
        // One message of every segment but the oldest, each in a group of its own.
        List<Mailbox.StoredMessage> all = Messages.all(service, BOB);
        for (int i = all.size() - 1; i > all.size() / 2; i--) {
            acknowledge(all.get(i));
        }
        // The rest, oldest first: that frees segments, and there must be room to say so.
        for (int i = 0; i <= all.size() / 2; i++) {
            acknowledge(all.get(i));
        }
        pass(20_000);
        assertEquals(0, Messages.all(service, BOB).size());
        assertNull(store(500), "there is room again");
        service = open(RECYCLED);
        assertEquals(1, Messages.all(service, BOB).size(), "after a restart");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 8, 12})
    void survivesRestartAfterRestartWithoutCleanStopWhenItIsFull(int restarts) throws IOException {
        fill();
        int stored = Messages.all(service, BOB).size();
        for (int i = 0; i < restarts; i++) {
            Mailbox.StoredMessage last = Messages.all(service, BOB).get(stored - 1 - i);
            acknowledge(last);
            service = open(RECYCLED);
            assertTrue(Messages.all(service, BOB).size() >= stored - 1 - i, "restart " + i);
        }
        for (Mailbox.StoredMessage message : Messages.all(service, BOB)) {
            acknowledge(message);
        }
        pass(20_000);
        assertNull(store(500), "there is room again");
        assertEquals(List.of(), Messages.troubles(service));
    }

    /** Stores until there is no room. */
    private void fill() throws IOException {
        service = open(RECYCLED);
        List<RefuseReason> reasons = new ArrayList<>();
        while (reasons.isEmpty()) {
            RefuseReason reason = store(3900);
            if (reason != null) {
                reasons.add(reason);
            }
        }
        assertEquals(List.of(RefuseReason.STORAGE_FULL), reasons);
    }

    private RefuseReason store(int bytes) {
        var stage = Messages.store(service, BOB, Messages.body(random.nextLong(), bytes));
        pass(100);
        return Messages.refusal(stage);
    }

    private void acknowledge(Mailbox.StoredMessage message) {
        assertTrue(Messages.get(service.acknowledge(BOB, Messages.hash(message.armor()))));
        pass(ACK_DELAY_MILLIS);
    }

    private void pass(long millis) {
        clock.advanceMillis(millis);
        while (service.pump() == 0) {
            continue;
        }
    }

    private StorageService open(StorageSettings settings) throws IOException {
        return Messages.open(volume, settings, clock, counters, random);
    }
}
