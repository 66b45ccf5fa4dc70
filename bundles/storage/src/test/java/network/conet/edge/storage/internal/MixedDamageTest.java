package network.conet.edge.storage.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import network.conet.edge.api.Counter;
import network.conet.edge.api.Ledger;
import network.conet.edge.api.Mailbox;
import network.conet.edge.api.PlainCounters;
import network.conet.edge.protocol.KeyId;
import network.conet.edge.testkit.CrashVolume;
import network.conet.edge.testkit.SettableClock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Flipped and missing bytes in files of all kinds: full segments with an index, the segment that is written, the
 * snapshot; with mail, ledger and values. Whatever is flipped, what is lost is told, and all else is served.
 */
class MixedDamageTest {
    private static final KeyId[] MAILBOXES = {new KeyId(0xB0B), new KeyId(0xE0E), new KeyId(0xA0A)};
    private static final int MESSAGES = 24;
    private static final int ENTRIES = 8;
    private static final int SETTLED = 2;
    private static final String SPACE = "tested";
    private static final int FLIPS = Integer.getInteger("damage.flips", 700);
    private static final int CUTS = 120;

    private final SettableClock clock = new SettableClock(Messages.NOON);
    private final Random random = new Random(5);
    private int losses;

    /** How the program ended before. */
    enum Stop {
        /** Cleanly, and the snapshot of the index is used at the next start. */
        SNAPSHOT,
        /** Cleanly, without a snapshot. */
        CLEAN,
        /** Not at all cleanly. */
        UNCLEAN
    }

    @ParameterizedTest
    @EnumSource
    void tellsEveryFlippedByteAndServesTheRest(Stop stop) throws IOException {
        CrashVolume volume = filled(stop);
        for (int i = 0; i < FLIPS; i++) {
            List<String> names = volume.list();
            String name = names.get(random.nextInt(names.size()));
            CrashVolume copy = volume.copy();
            byte[] bytes = copy.content(name);
            int at = random.nextInt(random.nextInt(4) == 0 ? Math.min(256, bytes.length) : bytes.length);
            bytes[at] ^= (byte) (1 + random.nextInt(255));
            copy.setContent(name, bytes);
            check(copy, stop, stop + " " + name + " byte " + at);
        }
        assertTrue(losses > FLIPS / 10, losses + " flips lost something");
    }

    @ParameterizedTest
    @EnumSource
    void tellsEveryCutAndServesTheRest(Stop stop) throws IOException {
        CrashVolume volume = filled(stop);
        for (int i = 0; i < CUTS; i++) {
            List<String> names = volume.list();
            String name = names.get(random.nextInt(names.size()));
            CrashVolume copy = volume.copy();
            copy.setContent(name, Arrays.copyOf(copy.content(name), random.nextInt(copy.content(name).length)));
            check(copy, stop, stop + " " + name + " cut");
        }
    }

    @Test
    void namesTheMailboxOfALostMessageByItsBlindedId() throws IOException {
        CrashVolume volume = filled(Stop.CLEAN);
        byte[] bytes = volume.content("seg-00000");
        bytes[64 + 40 + 40] ^= 1; // in the first message
        volume.setContent("seg-00000", bytes);
        StorageService service = open(volume, Stop.CLEAN, new PlainCounters());
        assertEquals(List.of(), Messages.troubles(service), "the index of the segment is right");
        assertEquals(MESSAGES / MAILBOXES.length - 1, Messages.all(service, MAILBOXES[0]).size());
        String title = Messages.troubles(service).get(0).title();
        assertTrue(title.contains("message 1 of mailbox ") && title.contains("seg-00000"), title);
        assertTrue(!title.toLowerCase(java.util.Locale.ROOT).contains("b0b"), "blinded: " + title);
    }

    private CrashVolume filled(Stop stop) throws IOException {
        CrashVolume volume = new CrashVolume();
        StorageService service = open(volume, stop, new PlainCounters());
        for (int i = 0; i < MESSAGES; i++) {
            Messages.store(service, MAILBOXES[i % MAILBOXES.length], body(i));
            if (i % 3 == 0) {
                service.ledger().append(Messages.body(-i, 120));
                service.values().put(SPACE, "key" + i % 2, Messages.body(1000 + i, 80));
            }
            if (i == 9) {
                pass(service);
                service.ledger().settle(SETTLED);
            }
            if (i % 2 == 1) {
                pass(service);
            }
        }
        pass(service);
        if (stop == Stop.UNCLEAN) {
            // After an unclean stop a wrong last group is a torn one: nobody can tell. So nothing counts on this one.
            service.values().put(SPACE, "last", new byte[1]);
            pass(service);
        } else {
            service.close();
        }
        return volume;
    }

    private void check(CrashVolume disk, Stop stop, String what) throws IOException {
        PlainCounters counters = new PlainCounters();
        StorageService service = open(disk, stop, counters);
        int lost = MESSAGES;
        for (KeyId mailbox : MAILBOXES) {
            for (Mailbox.StoredMessage message : Messages.all(service, mailbox)) {
                int i = (int) message.sequence() - 1;
                assertEquals(mailbox, MAILBOXES[i % MAILBOXES.length], what);
                assertArrayEquals(body(i), message.armor(), what);
                lost--;
            }
        }
        Ledger.Head head = service.ledger().head();
        List<Ledger.Entry> entries = Messages.get(service.ledger().read(1, 100));
        for (Ledger.Entry entry : entries) {
            assertArrayEquals(Messages.body(-3 * (entry.index() - 1), 120), entry.content(), what);
        }
        // A settlement that is lost, and entries before it that are found again, are no loss, but told.
        boolean isLedgerWhole = head.settledIndex() == SETTLED && entries.size() == ENTRIES - SETTLED;
        Map<String, byte[]> values = new HashMap<>();
        for (String key : service.values().keys(SPACE)) {
            Messages.get(service.values().get(SPACE, key)).ifPresent(value -> values.put(key, value));
        }
        boolean areValuesWhole = Arrays.equals(Messages.body(1018, 80), values.get("key0"))
                && Arrays.equals(Messages.body(1021, 80), values.get("key1"));
        if (lost > 0 || !isLedgerWhole || !areValuesWhole) {
            losses++;
            assertTrue(counters.value(Counter.STORAGE_RECORDS_DAMAGED) > 0, what + ": not counted; lost " + lost
                    + " messages, " + head + " with " + entries.size() + " entries, values " + values.keySet());
            assertTrue(Messages.troubles(service).stream().anyMatch(item -> item.code().equals("storage.damaged")),
                    what);
        }
        // It still works.
        var stage = Messages.store(service, MAILBOXES[0], Messages.body(7777, 300));
        pass(service);
        assertEquals(null, Messages.refusal(stage), what);
    }

    private void pass(StorageService service) {
        clock.advanceMillis(100);
        while (service.pump() == 0) {
            continue;
        }
    }

    private StorageService open(CrashVolume disk, Stop stop, PlainCounters counters) throws IOException {
        StorageSettings settings = Messages.settings(16 * 1024, 14, 100, 8 * 1024, 64 * 1024, 1000, 30)
                .withIndex(new StorageSettings.Index(5, 1000, stop == Stop.SNAPSHOT ? 1 : 1000));
        return Messages.open(disk, settings, clock, counters, random);
    }

    private static byte[] body(int i) {
        return Messages.body(i, 700 + 60 * i);
    }
}
