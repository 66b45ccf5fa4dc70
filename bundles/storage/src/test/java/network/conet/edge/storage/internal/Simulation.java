package network.conet.edge.storage.internal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import network.conet.edge.api.Counter;
import network.conet.edge.api.Mailbox;
import network.conet.edge.api.Volume;
import network.conet.edge.protocol.Hash256;
import network.conet.edge.protocol.KeyId;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.testkit.CrashVolume;
import network.conet.edge.testkit.RecordingCounters;
import network.conet.edge.testkit.SettableClock;

/**
 * Seeded mixed work on the real engine, pumped by hand, and the knowledge of what must be found on the disk at
 * each moment. Moments are numbers of changes of the {@link CrashVolume}.
 */
final class Simulation {
    static final StorageSettings SETTINGS = Messages.settings(32 * 1024, 6, 100, 16 * 1024, 64 * 1024, 30_000, 1);
    static final int NEVER = Integer.MAX_VALUE;
    private static final int MAILBOXES = 4;

    final CrashVolume volume;
    final SettableClock clock = new SettableClock(Messages.NOON);
    final RecordingCounters counters = new RecordingCounters();
    final Random random;
    final List<Sent> all = new ArrayList<>();
    final Map<Hash256, Sent> byHash = new HashMap<>();
    final UnaryOperator<Volume> disk;
    StorageService service;
    int refusedFull;
    int statesFull;
    int refusedFailed;
    int reopened;
    int kills;

    /** One message and what happened to it when. */
    static final class Sent {
        final KeyId recipient;
        final byte[] body;
        final int submittedAt;
        CompletableFuture<Mailbox.Receipt> stage;
        int durableAt = NEVER;
        int ackedAt = NEVER;
        int ackDurableAt = NEVER;
        int mayBeGoneAt = NEVER;
        boolean refused;
        long sequence;

        Sent(KeyId recipient, byte[] body, int submittedAt) {
            this.recipient = recipient;
            this.body = body;
            this.submittedAt = submittedAt;
        }
    }

    Simulation(long seed, UnaryOperator<Volume> disk) {
        volume = new CrashVolume();
        random = new Random(seed);
        this.disk = disk;
    }

    static KeyId mailbox(int i) {
        return new KeyId(0x1000 + i);
    }

    static StorageService open(Volume volume, SettableClock clock, RecordingCounters counters, Random random)
            throws IOException {
        return Messages.open(volume, SETTINGS, clock, counters, random);
    }

    void start() throws IOException {
        service = open(disk.apply(volume), clock, counters, random);
        pumpAll();
    }

    /** How many lives the segments have had. */
    long generations() {
        return service.generations();
    }

    /** Some steps of work. */
    void run(int steps) throws IOException {
        for (int i = 0; i < steps; i++) {
            int choice = random.nextInt(100);
            if (choice < 50) {
                submit(random.nextInt(MAILBOXES), 1 + random.nextInt(random.nextInt(8) == 0 ? 12_000 : 1500));
            } else if (choice < 78) {
                acknowledgeSome();
            } else if (choice < 94) {
                pass(150);
            } else if (choice < 96) {
                pass(31_000);
            } else if (choice < 97) {
                expire();
            } else {
                reopen(random.nextBoolean());
            }
        }
        pass(150);
    }

    Sent submit(int mailbox, int bytes) {
        byte[] body = Messages.body(all.size() + 1, Math.max(Long.BYTES, bytes));
        Sent sent = new Sent(mailbox(mailbox), body, volume.changes());
        all.add(sent);
        byHash.put(Messages.hash(body), sent);
        sent.stage = Messages.store(service, sent.recipient, body);
        if (random.nextInt(10) == 0) {
            Messages.store(service, sent.recipient, body);
        }
        return sent;
    }

    void acknowledgeSome() {
        KeyId recipient = mailbox(random.nextInt(MAILBOXES));
        List<Mailbox.StoredMessage> waiting = Messages.all(service, recipient);
        int count = waiting.isEmpty() ? 0 : 1 + random.nextInt(waiting.size());
        for (int i = 0; i < count; i++) {
            int at = random.nextInt(4) == 0 ? random.nextInt(waiting.size()) : i;
            Sent sent = byHash.get(Messages.hash(waiting.get(at).armor()));
            if (Messages.get(service.acknowledge(recipient, Messages.hash(sent.body))) && sent.ackedAt == NEVER) {
                sent.ackedAt = volume.changes();
            }
        }
    }

    /** Lets time pass and writes what is due. */
    void pass(long millis) {
        clock.advanceMillis(millis);
        pumpAll();
    }

    void pumpAll() {
        while (service.pump() == 0) {
            settle();
        }
        settle();
    }

    private void settle() {
        boolean acksWritten = service.acksWaiting() == 0;
        for (Sent sent : all) {
            if (sent.stage != null && sent.stage.isDone()) {
                RefuseReason refusal = Messages.refusal(sent.stage);
                sent.refused = refusal != null;
                refusedFull += refusal == RefuseReason.STORAGE_FULL ? 1 : 0;
                refusedFailed += refusal == RefuseReason.STORAGE_FAILED ? 1 : 0;
                if (refusal == null) {
                    sent.durableAt = volume.changes();
                    sent.sequence = Messages.get(sent.stage).sequence();
                }
                sent.stage = null;
            }
            if (acksWritten && sent.ackedAt != NEVER && sent.ackDurableAt == NEVER) {
                sent.ackDurableAt = volume.changes();
            }
        }
    }

    void expire() {
        pass(150);
        int now = volume.changes();
        clock.advanceMillis(25L * 3_600_000);
        all.stream().filter(sent -> sent.durableAt != NEVER)
                .forEach(sent -> sent.mayBeGoneAt = Math.min(sent.mayBeGoneAt, now));
        pumpAll();
    }

    /** Ends, cleanly or as by kill -9, and begins again. */
    void reopen(boolean cleanly) throws IOException {
        if (cleanly) {
            service.close();
            settle();
        } else {
            killAmidWork();
        }
        all.forEach(sent -> {
            sent.stage = null;
            if (sent.ackedAt != NEVER && sent.ackDurableAt == NEVER) {
                // Whether the disk knows is open now; if not, it is delivered and acknowledged again.
                sent.mayBeGoneAt = Math.min(sent.mayBeGoneAt, sent.ackedAt);
                sent.ackedAt = NEVER;
            }
        });
        reopened++;
        start();
    }

    /** Ends before one of the next changes of the disk, so that written bytes may wait for a force. */
    private void killAmidWork() {
        volume.failOperation(1 + random.nextInt(3), CrashVolume.Failure.KILL);
        try {
            submit(0, 3000);
            pass(150);
            submit(1, 9000);
            pass(31_000);
        } catch (CrashVolume.Killed expected) {
            kills++;
        }
        volume.failOperation(0, CrashVolume.Failure.KILL);
    }

    /** Opens a disk as it was at a moment and names the first thing that is wrong; null when nothing is. */
    String wrongAt(int moment, CrashVolume disk) throws IOException {
        RecordingCounters counted = new RecordingCounters();
        SettableClock now = new SettableClock(clock.epochMillis());
        StorageService found = open(disk, now, counted, random);
        String wrong = wrongContent(found, moment);
        if (wrong != null) {
            return wrong;
        }
        if (counted.value(Counter.STORAGE_RECORDS_DAMAGED) != 0) {
            return "a power cut was reported as damage: " + Messages.troubles(found);
        }
        byte[] more = Messages.body(-1, 700);
        CompletableFuture<Mailbox.Receipt> stage = Messages.store(found, mailbox(0), more);
        now.advanceMillis(100);
        while (found.pump() == 0) {
            continue;
        }
        if (Messages.refusal(stage) == RefuseReason.STORAGE_FULL) {
            statesFull++;
            return null;
        }
        Messages.get(stage);
        int before = Messages.all(found, mailbox(0)).size();
        StorageService again = open(disk, now, counted, random);
        List<Mailbox.StoredMessage> messages = Messages.all(again, mailbox(0));
        if (messages.size() != before
                || !java.util.Arrays.equals(messages.get(before - 1).armor(), more)) {
            return "one more append was not found again as the last";
        }
        return null;
    }

    private String wrongContent(StorageService found, int moment) {
        Map<Sent, Boolean> seen = new HashMap<>();
        for (int i = 0; i < MAILBOXES; i++) {
            long last = 0;
            for (Mailbox.StoredMessage message : Messages.all(found, mailbox(i))) {
                Sent sent = byHash.get(Messages.hash(message.armor()));
                if (sent == null || !sent.recipient.equals(mailbox(i)) || sent.submittedAt >= moment) {
                    return "ghost " + message.sequence();
                }
                if (seen.put(sent, true) != null) {
                    return "twice " + message.sequence();
                }
                if (sent.ackDurableAt <= moment) {
                    return "resurrected " + message.sequence();
                }
                if (message.sequence() <= last || sent.durableAt <= moment && message.sequence() != sent.sequence) {
                    return "order " + message.sequence();
                }
                last = message.sequence();
            }
        }
        for (Sent sent : all) {
            if (sent.durableAt <= moment && sent.ackedAt > moment && sent.mayBeGoneAt > moment
                    && !seen.containsKey(sent)) {
                return "lost " + sent.sequence;
            }
        }
        return null;
    }
}
