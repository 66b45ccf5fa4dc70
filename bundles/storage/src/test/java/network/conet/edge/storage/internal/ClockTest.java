package network.conet.edge.storage.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import network.conet.edge.api.Counter;
import network.conet.edge.api.Mailbox;
import network.conet.edge.api.PlainCounters;
import network.conet.edge.protocol.KeyId;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.testkit.CrashVolume;
import network.conet.edge.testkit.SettableClock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Boards without a clock start in 1970 and jump: nothing expires wrongly, nothing lives for ever. */
class ClockTest {
    private static final KeyId BOB = new KeyId(0xB0B);
    private static final KeyId EVE = new KeyId(0xE0E);
    private static final long MINUTE = TimeUnit.MINUTES.toMillis(1);
    private static final long HOUR = TimeUnit.HOURS.toMillis(1);
    private static final long DAY = TimeUnit.DAYS.toMillis(1);
    private static final int RETENTION_DAYS = 30;
    private static final int ABANDONED_DAYS = 90;
    private static final StorageSettings SETTINGS =
            Messages.settings(16 * 1024, 12, 100, 8 * 1024, 64 * 1024, 1000, RETENTION_DAYS);

    private final SettableClock clock = new SettableClock(Messages.NOON);
    private final PlainCounters counters = new PlainCounters();
    private final CrashVolume volume = new CrashVolume();
    private final Random random = new Random(5);
    private StorageSettings settings = SETTINGS;
    private StorageService service;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void mailOfABoardThatStartsIn1970LivesItsRetentionAfterTimeIsKnown(boolean isRestarted) throws IOException {
        clock.jumpTo(20_000);
        open();
        assertNull(store(BOB));
        pass(5 * MINUTE);
        clock.jumpTo(Messages.NOON);
        pass(2 * HOUR);
        assertNull(store(BOB));
        if (isRestarted) {
            open();
        }
        pass((RETENTION_DAYS - 1) * DAY);
        assertEquals(2, service.count(BOB), "nothing expires early");
        pass(3 * DAY);
        assertEquals(0, service.count(BOB), "and nothing lives for ever");
    }

    @Test
    void withoutAnyTimeNothingExpires() throws IOException {
        clock.jumpTo(0);
        open();
        assertNull(store(BOB));
        for (int i = 0; i < 10; i++) {
            pass(40 * DAY / 10);
            open();
            clock.jumpTo(0);
        }
        assertEquals(1, service.count(BOB));
    }

    @Test
    void aJumpOfYearsThatEndsWithinTheHourExpiresNothing() throws IOException {
        open();
        assertNull(store(BOB));
        pass(2 * HOUR);
        clock.jumpTo(Messages.NOON + 9 * 365 * DAY);
        pass(59 * MINUTE);
        assertEquals(1, service.count(BOB));
        clock.jumpTo(Messages.NOON + 3 * HOUR);
        pass(5 * DAY);
        assertEquals(1, service.count(BOB));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void mailThatCameDuringAJumpLivesNoLongerThanOther(boolean isRestarted) throws IOException {
        open();
        clock.jumpTo(Messages.NOON + 9 * 365 * DAY);
        assertNull(store(BOB));
        pass(30 * MINUTE);
        clock.jumpTo(Messages.NOON);
        pass(8 * DAY);
        if (isRestarted) {
            open();
            pass(8 * DAY);
        }
        pass((RETENTION_DAYS + 1) * DAY);
        assertEquals(0, service.count(BOB), "a wrong time must not keep mail for nine years");
    }

    @Test
    void copiesOfMailOfAnUnsetClockDoNotBeginANewLife() throws IOException {
        clock.jumpTo(20_000);
        open();
        assertNull(store(BOB));
        clock.jumpTo(Messages.NOON);
        pass(2 * HOUR);
        for (int week = 0; week < 6; week++) {
            pass(7 * DAY);
            for (int i = 0; i < 6; i++) {
                assertNull(store(EVE)); // so that the segment is not the active one
            }
            service.compact();
        }
        assertTrue(counters.value(Counter.STORAGE_RECORDS_MOVED) > 0);
        assertEquals(0, service.count(BOB), "copied again and again it is too old after six weeks");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void copiesKeepTheirExpiry(boolean isRestarted) throws IOException {
        open();
        assertNull(store(BOB));
        pass(2 * HOUR);
        for (int i = 0; i < 4; i++) {
            pass(7 * DAY);
            store(EVE, 9000);
            store(EVE, 9000);
            service.compact();
            if (isRestarted) {
                open();
            }
        }
        assertTrue(counters.value(Counter.STORAGE_RECORDS_MOVED) > 0);
        assertEquals(1, service.count(BOB), "28 days");
        // A segment expires as a whole, and mail that came 7 days before its end may stand in it.
        pass((RETENTION_DAYS + 3) * DAY);
        assertEquals(0, service.count(BOB));
    }

    @Test
    void anOldCopyDoesNotTellTheTimeOfMailOfAnUnsetClockBeforeIt() throws IOException {
        settings = Messages.settings(64 * 1024, 12, 100, 8 * 1024, 64 * 1024, 1000, RETENTION_DAYS);
        open();
        assertNull(store(BOB, 2000)); // known time, wanted for long
        for (int i = 0; i < 3; i++) {
            assertNull(store(EVE, 18_000)); // the third begins the next segment
        }
        service.close();
        // 29 days later the board starts without a time.
        clock.jumpTo(20_000);
        open();
        assertNull(store(EVE));
        service.compact(); // the old message now stands behind the new one
        assertTrue(counters.value(Counter.STORAGE_RECORDS_MOVED) > 0);
        open();
        clock.jumpTo(Messages.NOON + 29 * DAY);
        pass(3 * DAY);
        List<Mailbox.StoredMessage> all = Messages.all(service, EVE);
        assertEquals(5, all.get(all.size() - 1).sequence(), "it came three days ago, not with the old message");
    }

    @Test
    void mailboxWhoseOwnerStaysAwayTakesNoMoreUntilHeComes() throws IOException {
        open();
        pass(2 * HOUR);
        Messages.get(service.next(BOB, 0));
        assertNull(store(BOB));
        pass((ABANDONED_DAYS - 1) * DAY);
        assertNull(store(BOB), "one day before");
        pass(DAY);
        assertEquals(RefuseReason.MAILBOX_ABANDONED, store(BOB));
        assertNull(store(EVE), "a mailbox that nobody ever asked for is not abandoned");
        open();
        pass(2 * HOUR);
        assertEquals(RefuseReason.MAILBOX_ABANDONED, store(BOB), "it is remembered");
        Messages.get(service.next(BOB, 0));
        assertNull(store(BOB));
    }

    private RefuseReason store(KeyId mailbox) {
        return store(mailbox, 500);
    }

    private RefuseReason store(KeyId mailbox, int bytes) {
        var stage = Messages.store(service, mailbox, Messages.body(random.nextLong(), bytes));
        clock.advanceMillis(100);
        while (service.pump() == 0) {
            continue;
        }
        return Messages.refusal(stage);
    }

    /** Time passes, and the driver wakes every ten minutes, or at least twenty times. */
    private void pass(long millis) {
        long step = Math.max(10 * MINUTE, millis / 20);
        for (long rest = millis; rest > 0; rest -= step) {
            clock.advanceMillis(Math.min(rest, step));
            while (service.pump() == 0) {
                continue;
            }
        }
    }

    private void open() throws IOException {
        service = Messages.open(volume, settings, clock, counters, random);
        while (service.pump() == 0) {
            continue;
        }
    }
}
