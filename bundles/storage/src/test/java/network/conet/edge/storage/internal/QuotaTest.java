package network.conet.edge.storage.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import network.conet.edge.api.MailSource;
import network.conet.edge.api.Mailbox;
import network.conet.edge.api.PlainCounters;
import network.conet.edge.protocol.KeyId;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.testkit.CrashVolume;
import network.conet.edge.testkit.SettableClock;
import org.junit.jupiter.api.Test;

/** How much is taken for whom, to the byte. */
class QuotaTest {
    private static final KeyId BOB = new KeyId(0xB0B);
    private static final KeyId EVE = new KeyId(0xE0E);
    private static final int BOX_BYTES = 1000;
    private static final int BOX_MESSAGES = 4;
    private static final int SHARE_BYTES = 2000;
    private static final long DAY = TimeUnit.DAYS.toMillis(1);
    private static final StorageSettings SETTINGS =
            Messages.settings(64 * 1024, 8, 100, 16 * 1024, 64 * 1024, 1000, 30);

    private final SettableClock clock = new SettableClock(Messages.NOON);
    private final PlainCounters counters = new PlainCounters();
    private final CrashVolume volume = new CrashVolume();
    private final Random random = new Random(5);
    private final MailSource source = MailSource.ofAddress("192.0.2.1");
    private final MailSource otherSource = MailSource.ofAddress("192.0.2.2");
    private StorageService service = open(limited());

    private static StorageSettings limited() {
        return SETTINGS.withQuotas(Quotas.DEFAULT.withMailbox(BOX_BYTES, BOX_MESSAGES, SHARE_BYTES));
    }

    @Test
    void takesExactlyTheBytesOfAMailboxAndNotOneMore() {
        assertNull(stored(BOB, BOX_BYTES - 100));
        assertEquals(RefuseReason.MAILBOX_FULL, stored(BOB, 101));
        assertNull(stored(BOB, 100));
        assertEquals(RefuseReason.MAILBOX_FULL, stored(BOB, 8));
        assertNull(stored(EVE, BOX_BYTES), "others have room");
    }

    @Test
    void countsWhatIsNotDurableYet() {
        CompletableFuture<Mailbox.Receipt> first = store(BOB, BOX_BYTES - 100, MailSource.LOCAL);
        assertFalse(first.isDone());
        assertEquals(RefuseReason.MAILBOX_FULL, Messages.refusal(store(BOB, 101, MailSource.LOCAL)));
        CompletableFuture<Mailbox.Receipt> second = store(BOB, 100, MailSource.LOCAL);
        pass(100);
        assertNull(Messages.refusal(first));
        assertNull(Messages.refusal(second));
    }

    @Test
    void takesExactlyTheMessagesOfAMailboxAndNotOneMore() {
        for (int i = 0; i < BOX_MESSAGES; i++) {
            assertNull(stored(BOB, 10));
        }
        assertEquals(RefuseReason.MAILBOX_FULL, stored(BOB, 10));
        byte[] armor = Messages.get(service.next(BOB, 0)).orElseThrow().armor();
        assertTrue(Messages.get(service.acknowledge(BOB, Messages.hash(armor))));
        assertNull(stored(BOB, 10));
        service = open(limited());
        assertEquals(RefuseReason.MAILBOX_FULL, stored(BOB, 10), "counted again after a start");
    }

    @Test
    void answersCopyOfStoredMessageThoughTheMailboxIsFull() {
        byte[] body = Messages.body(1, BOX_BYTES);
        Messages.store(service, BOB, body);
        pass(100);
        assertEquals(RefuseReason.MAILBOX_FULL, stored(BOB, 8));
        CompletableFuture<Mailbox.Receipt> copy = Messages.store(service, BOB, body);
        pass(100);
        assertTrue(Messages.get(copy).duplicate());
        assertEquals(1, service.count(BOB));
    }

    @Test
    void takesExactlyTheShareOfASourceAndFillsItAgainInADay() {
        assertNull(stored(BOB, 1000, source));
        assertNull(stored(EVE, 999, source));
        assertEquals(RefuseReason.SOURCE_LIMITED, stored(new KeyId(3), 8, source));
        assertNull(stored(new KeyId(3), 8, otherSource), "another source has its own");
        assertNull(stored(new KeyId(3), 8, MailSource.LOCAL), "and the node itself no bound");
        pass(DAY / 2);
        assertNull(stored(new KeyId(4), 990, source), "half of it is back after half a day");
        assertEquals(RefuseReason.SOURCE_LIMITED, stored(new KeyId(5), 100, source));
        pass(2 * DAY);
        assertNull(stored(new KeyId(6), 1000, source));
        assertNull(stored(new KeyId(7), 1000, source));
        assertEquals(RefuseReason.SOURCE_LIMITED, stored(new KeyId(8), 8, source), "never more than one share");
    }

    @Test
    void refusalTakesNothingFromTheShareOfASource() {
        assertNull(stored(BOB, BOX_BYTES, source));
        assertEquals(RefuseReason.MAILBOX_FULL, stored(BOB, 500, source));
        assertNull(stored(EVE, SHARE_BYTES - BOX_BYTES, source));
    }

    @Test
    void takesExactlyTheMessagesOfTheNodeAndNotOneMore() {
        service = open(SETTINGS.withIndex(new StorageSettings.Index(2, 3, 1000)));
        assertNull(stored(new KeyId(1), 10));
        assertNull(stored(new KeyId(2), 10));
        assertNull(stored(new KeyId(3), 10));
        assertEquals(RefuseReason.STORAGE_FULL, stored(new KeyId(4), 10));
    }

    @Test
    void spentBudgetRefusesNewMailAndStillTakesAcknowledgements() {
        // One year and a factor of 1, so that the budget of a day is 600 KiB.
        double terabytes = 365 * 600 * 1024.0 / 1e12;
        service = open(SETTINGS.withWear(new StorageSettings.Wear(terabytes, 1, 1)));
        byte[] first = Messages.body(1, 20_000);
        Messages.store(service, BOB, first);
        pass(100);
        boolean hasDoubled = false;
        int stored = 1;
        RefuseReason reason = null;
        while (reason == null && stored < 100) {
            CompletableFuture<Mailbox.Receipt> stage = store(new KeyId(stored), 12_000, MailSource.LOCAL);
            pass(100);
            hasDoubled |= !stage.isDone();
            pass(100);
            reason = Messages.refusal(stage);
            stored++;
        }
        assertTrue(hasDoubled, "from 70 % on the window is twice as long");
        assertEquals(RefuseReason.WRITE_BUDGET_SPENT, reason);
        assertTrue(Messages.get(service.acknowledge(BOB, Messages.hash(first))));
        pass(1000);
        assertEquals(0, service.acksWaiting());
        pass(DAY);
        assertNull(stored(EVE, 100), "tomorrow");
    }

    @Test
    void shortMemoryRefusesNewMailUntilItIsNot() throws IOException {
        long[] used = {0};
        MemoryProbe probe = new MemoryProbe(new MemoryProbe.Heap() {
            @Override
            public long usedBytes() {
                return used[0];
            }

            @Override
            public long maxBytes() {
                return 1000;
            }

            @Override
            public void collect() {
                used[0]--; // nearly all of it is needed
            }
        });
        service = new StorageService(SETTINGS, new StorageParts(volume, Messages.key(), clock, counters, random,
                Runnable::run, CommitDriver.MANUAL, Optional::empty, probe));
        assertNull(stored(BOB, 100));
        used[0] = 1000;
        pass(1);
        assertNull(stored(BOB, 100), "it may be garbage");
        pass(11_000);
        assertEquals(RefuseReason.MEMORY_FULL, stored(BOB, 100));
        assertEquals("storage.memory", Messages.troubles(service).get(0).code());
        assertEquals(2, Messages.all(service, BOB).size(), "what is stored is served");
        used[0] = 0;
        pass(1);
        assertNull(stored(BOB, 100));
    }

    private RefuseReason stored(KeyId mailbox, int bytes) {
        return stored(mailbox, bytes, MailSource.LOCAL);
    }

    private RefuseReason stored(KeyId mailbox, int bytes, MailSource from) {
        CompletableFuture<Mailbox.Receipt> stage = store(mailbox, bytes, from);
        pass(200);
        return Messages.refusal(stage);
    }

    private CompletableFuture<Mailbox.Receipt> store(KeyId mailbox, int bytes, MailSource from) {
        byte[] body = Messages.body(random.nextLong(), bytes);
        return service.store(mailbox, Messages.hash(body), body, from).toCompletableFuture();
    }

    private void pass(long millis) {
        clock.advanceMillis(millis);
        while (service.pump() == 0) {
            continue;
        }
    }

    private StorageService open(StorageSettings settings) {
        try {
            return Messages.open(volume, settings, clock, counters, random);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
