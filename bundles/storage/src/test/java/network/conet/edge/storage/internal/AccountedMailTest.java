package network.conet.edge.storage.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import network.conet.edge.api.Counter;
import network.conet.edge.api.Ledger;
import network.conet.edge.api.MailSource;
import network.conet.edge.api.Mailbox;
import network.conet.edge.api.PlainCounters;
import network.conet.edge.protocol.Hash256;
import network.conet.edge.protocol.KeyId;
import network.conet.edge.testkit.CrashVolume;
import network.conet.edge.testkit.SettableClock;
import org.junit.jupiter.api.Test;

/** A message and what it costs become durable together, or neither does. */
class AccountedMailTest {
    private static final KeyId BOB = new KeyId(0xB0B);
    private static final StorageSettings SETTINGS =
            Messages.settings(32 * 1024, 24, 100, 4 * 1024, 64 * 1024, 30_000, 30);

    private final PlainCounters counters = new PlainCounters();
    private final SettableClock clock = new SettableClock(Messages.NOON);
    private final CrashVolume volume = new CrashVolume();
    private StorageService service;

    private void open(CrashVolume disk) throws IOException {
        service = Messages.open(disk, SETTINGS, clock, counters, new Random(5));
    }

    /** The entry of a message is its hash, so that each finds the other. */
    private CompletableFuture<Mailbox.Receipt> store(byte[] body) {
        Hash256 hash = Messages.hash(body);
        return service.store(BOB, hash, body, MailSource.LOCAL, Optional.of(hash.bytes())).toCompletableFuture();
    }

    private void pass(int millis) {
        clock.advanceMillis(millis);
        while (service.pump() == 0) {
            continue;
        }
    }

    private List<Ledger.Entry> entries() {
        return Messages.get(service.ledger().read(1, Ledger.READ_ENTRIES_MAX));
    }

    @Test
    void bothTakeOneForce() throws IOException {
        open(volume);
        store(Messages.body(1, 500));
        pass(100);
        long forces = counters.value(Counter.STORAGE_FORCES);
        byte[] body = Messages.body(2, 500);
        CompletableFuture<Mailbox.Receipt> stage = store(body);
        assertEquals(1, entries().size(), "nothing of it is seen before it is durable");
        pass(100);
        assertNull(Messages.refusal(stage));
        assertEquals(forces + 1, counters.value(Counter.STORAGE_FORCES));
        assertEquals(2, entries().size());
        assertArrayEquals(Messages.hash(body).bytes(), entries().get(1).content());
    }

    @Test
    void loneMessageOfOneKibibyteStaysInOnePageWithItsEntry() throws IOException {
        open(volume);
        store(Messages.body(1, 1024));
        pass(100);
        long bytes = counters.value(Counter.STORAGE_BYTES_WRITTEN);
        Hash256 hash = Messages.hash(Messages.body(2, 1024));
        service.store(BOB, hash, Messages.body(2, 1024), MailSource.LOCAL, Optional.of(new byte[135]));
        pass(100);
        assertEquals(4096, counters.value(Counter.STORAGE_BYTES_WRITTEN) - bytes);
    }

    @Test
    void copyOfAMessageHasNoEntryOfItsOwn() throws IOException {
        open(volume);
        byte[] body = Messages.body(1, 500);
        store(body);
        store(body);
        pass(100);
        CompletableFuture<Mailbox.Receipt> copy = store(body);
        pass(100);
        assertTrue(Messages.get(copy).duplicate());
        assertEquals(1, entries().size());
    }

    @Test
    void refusedMessageHasNone() throws IOException {
        open(volume);
        assertTrue(Messages.refusal(store(Messages.body(1, 512 * 1024))) != null);
        pass(100);
        assertEquals(0, service.ledger().head().lastIndex());
        store(Messages.body(2, 500));
        pass(100);
        assertEquals(1, service.ledger().head().lastIndex(), "and the chain goes on");
    }

    @Test
    void fullLedgerDoesNotKeepMailOut() throws IOException {
        open(volume);
        int content = 60_000;
        Hash256 hash = Messages.hash(Messages.body(1, 500));
        assertThrows(IllegalArgumentException.class, () -> service.store(BOB, hash, Messages.body(1, 500),
                MailSource.LOCAL, Optional.of(new byte[Ledger.CONTENT_BYTES_MAX + 1])));
        long before = service.ledger().head().lastIndex();
        int stored = 0;
        StorageSettings tight = new StorageSettings(SETTINGS.log(), quotasWithLedger(content),
                SETTINGS.index(), SETTINGS.wear());
        service = Messages.open(new CrashVolume(), tight, clock, counters, new Random(5));
        for (int i = 0; i < 60; i++) {
            byte[] body = Messages.body(100 + i, 300);
            CompletableFuture<Mailbox.Receipt> stage = service.store(BOB, Messages.hash(body), body, MailSource.LOCAL,
                    Optional.of(new byte[2000])).toCompletableFuture();
            pass(100);
            stored += Messages.refusal(stage) == null ? 1 : 0;
        }
        assertEquals(60, stored);
        long kept = service.ledger().head().lastIndex() - before;
        assertTrue(kept > 10 && kept < 60, kept + " entries");
    }

    private static Quotas quotasWithLedger(long bytes) {
        Quotas full = SETTINGS.quotas();
        return new Quotas(full.mailboxBytesMax(), full.mailboxMessagesMax(), full.mailboxesMax(),
                full.sourceBytesADay(), full.retentionDays(), full.abandonedDays(), bytes, full.valueBytesMax());
    }

    @Test
    void noPowerCutPartsThem() throws Exception {
        open(volume);
        Random random = new Random(20261127);
        List<byte[]> bodies = new ArrayList<>();
        for (int i = 0; i < 120; i++) {
            byte[] body = Messages.body(i, 100 + random.nextInt(3000));
            bodies.add(body);
            store(body);
            if (random.nextInt(3) == 0) {
                service.ledger().append(new byte[] {(byte) i});
            }
            if (random.nextInt(4) == 0) {
                pass(100);
            }
        }
        pass(100);
        int[] looked = new int[2];
        volume.crashStates(3, (operation, survival, disk) -> {
            open(disk);
            Set<Hash256> mail = new HashSet<>();
            Messages.all(service, BOB).forEach(message -> mail.add(Messages.hash(message.armor())));
            Set<Hash256> charged = new HashSet<>();
            for (Ledger.Entry entry : entries()) {
                if (entry.content().length == Hash256.BYTES) {
                    assertTrue(charged.add(Hash256.of(entry.content())), "charged once");
                }
            }
            assertEquals(mail, charged);
            looked[0]++;
            looked[1] += mail.isEmpty() || mail.size() == bodies.size() ? 0 : 1;
        });
        assertTrue(looked[0] > 100 && looked[1] > 50, looked[0] + " states, " + looked[1] + " in between");
    }
}
