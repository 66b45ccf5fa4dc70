package network.conet.edge.storage.internal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import network.conet.edge.api.Mailbox;
import network.conet.edge.api.PlainCounters;
import network.conet.edge.api.Volume;
import network.conet.edge.protocol.Hash256;
import network.conet.edge.protocol.KeyId;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.storage.internal.log.FlashPolicy;
import network.conet.edge.storage.internal.log.LogSettings;
import network.conet.edge.testkit.CrashVolume;
import network.conet.edge.testkit.SettableClock;

/**
 * Seeded mixed work on the real engine, pumped by hand, and the knowledge of what must be found on the disk at
 * each moment. Moments are numbers of changes of the {@link CrashVolume}. The last mailbox is slow: its mail stays
 * long, so that live mail stands in the oldest segments while the others come and go.
 */
final class Simulation {
    /** Recycled files, pages of 4 KiB, all of the index on the heap, no snapshot. */
    static final StorageSettings RECYCLED =
            Messages.settings(32 * 1024, 6, 100, 16 * 1024, 64 * 1024, 30_000, 1);
    /** A snapshot at each clean stop, and all but three messages indexed off the heap. */
    static final StorageSettings SNAPSHOT = RECYCLED.withIndex(new StorageSettings.Index(3, 1000, 1));
    /** Files that grow and are deleted, pages of 2 KiB. */
    static final StorageSettings GROWING = new StorageSettings(new LogSettings(new FlashPolicy(
            FlashPolicy.Kind.NAND, 32 * 1024, 2048, false, 100, 100, 16 * 1024, 64 * 1024, 30_000), 6, 0),
            RECYCLED.quotas(), new StorageSettings.Index(3, 1000, 12), RECYCLED.wear());
    /** The same with few and small segments. */
    static StorageSettings tight(StorageSettings settings) {
        return new StorageSettings(new LogSettings(settings.flash().withSegments(16 * 1024), 6, 0), settings.quotas(),
                settings.index(), settings.wear());
    }

    static final int NEVER = Integer.MAX_VALUE;
    static final int MAILBOXES = 5;
    private static final int SLOW = MAILBOXES - 1;
    private static final int SLOW_MESSAGES = 5;

    final CrashVolume volume;
    final SettableClock clock;
    final PlainCounters counters = new PlainCounters();
    final Random random;
    final StorageSettings settings;
    final UnaryOperator<Volume> disk;
    StorageService service;
    int refusedFull;
    int statesFull;
    int statesGoneOn;
    int refusedFailed;
    int reopened;
    int kills;
    /** Disks and moments that differ. */
    final Set<Long> states = new HashSet<>();
    private final List<Sent> all = new ArrayList<>();
    private final Map<Hash256, Sent> byHash = new HashMap<>();
    private final LedgerModel ledger = new LedgerModel();
    private final ValueModel values = new ValueModel();
    private final Map<Long, Found> seen = new HashMap<>();

    /** One message and what happened to it when. */
    private static final class Sent {
        private final KeyId recipient;
        private final Hash256 hash;
        private final int submittedAt;
        private CompletableFuture<Mailbox.Receipt> stage;
        private int durableAt = NEVER;
        private int ackedAt = NEVER;
        private int ackDurableAt = NEVER;
        /** It may be missing from here... */
        private int mayBeGoneAt = NEVER;
        /** ...to here. */
        private int isThereAgainAt = NEVER;
        private int goneFrom = NEVER;
        private long sequence;

        Sent(KeyId recipient, Hash256 hash, int submittedAt) {
            this.recipient = recipient;
            this.hash = hash;
            this.submittedAt = submittedAt;
        }

        boolean mayBeMissing(int moment) {
            return durableAt > moment || ackedAt <= moment || mayBeGoneAt <= moment && moment < isThereAgainAt;
        }

        boolean mayBeThere(int moment) {
            return submittedAt < moment && ackDurableAt > moment && goneFrom > moment;
        }
    }

    /** Begins with an empty disk. */
    Simulation(StorageSettings settings, long seed, UnaryOperator<Volume> disk) {
        this(settings, seed, disk, new CrashVolume(), Messages.NOON);
    }

    private Simulation(StorageSettings settings, long seed, UnaryOperator<Volume> disk, CrashVolume volume,
            long nowMillis) {
        this.settings = settings;
        this.volume = volume;
        this.disk = disk;
        clock = new SettableClock(nowMillis);
        random = new Random(seed);
    }

    /** Goes on with a disk that a power cut left; what is found on it must stay. */
    static Simulation on(CrashVolume left, Simulation before, int moment, long seed) throws IOException {
        Simulation simulation = new Simulation(before.settings, seed, before.disk, left, before.clock.epochMillis());
        simulation.adopt(Found.in(simulation.open(left.copy())));
        for (Sent sent : before.all) {
            // A snapshot forgets what is too old, the log does not yet: it may come back for a while.
            boolean isTooOld = sent.mayBeGoneAt <= moment && sent.mayBeThere(moment);
            if (isTooOld && !simulation.byHash.containsKey(sent.hash)) {
                Sent old = new Sent(sent.recipient, sent.hash, -1);
                // And once more after the next cut.
                old.mayBeGoneAt = 0;
                simulation.all.add(old);
                simulation.byHash.put(old.hash, old);
            }
        }
        return simulation;
    }

    private void adopt(Found found) {
        for (int i = 0; i < MAILBOXES; i++) {
            for (Found.Message message : found.mail.get(i)) {
                Sent sent = new Sent(mailbox(i), message.hash(), -1);
                sent.durableAt = 0;
                sent.sequence = message.sequence();
                all.add(sent);
                byHash.put(sent.hash, sent);
            }
        }
        ledger.adopt(found);
        values.adopt(found);
    }

    static KeyId mailbox(int i) {
        return new KeyId(0x1000 + i);
    }

    private StorageService open(Volume on) throws IOException {
        return Messages.open(on, settings, clock, counters, random);
    }

    void start() throws IOException {
        service = open(disk.apply(volume));
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
            if (choice < 40) {
                int mailbox = random.nextInt(8);
                submit(mailbox > SLOW ? mailbox - SLOW : mailbox,
                        1 + random.nextInt(random.nextInt(8) == 0 ? 12_000 : 1500));
            } else if (choice < 64) {
                acknowledgeSome();
            } else if (choice < 70) {
                ledger.append(service.ledger(), random, volume.changes());
            } else if (choice < 73) {
                ledger.settle(service.ledger(), random, volume.changes());
            } else if (choice < 79) {
                values.put(service.values(), random, volume.changes());
            } else if (choice < 81) {
                values.remove(service.values(), random, volume.changes());
            } else if (choice < 93) {
                pass(150);
            } else if (choice < 95) {
                pass(31_000);
            } else if (choice < 96) {
                expire();
            } else if (choice < 97) {
                service.compact();
                settle();
            } else {
                reopen(random.nextBoolean());
            }
        }
        pass(150);
    }

    void submit(int mailbox, int bytes) {
        byte[] body = Messages.body(random.nextLong(), Math.max(Long.BYTES, bytes));
        Sent sent = new Sent(mailbox(mailbox), Messages.hash(body), volume.changes());
        all.add(sent);
        byHash.put(sent.hash, sent);
        sent.stage = Messages.store(service, sent.recipient, body);
        if (random.nextInt(10) == 0) {
            Messages.store(service, sent.recipient, body);
        }
    }

    /** Fills everything with slow mail; then the disk fails, and later the power, until no segment is free. */
    void fillAndKill(int failures, int kills) throws IOException {
        while (refusedFull == 0) {
            submit(SLOW, 1000 + random.nextInt(3000));
            pass(150);
        }
        for (int i = 0; i < failures; i++) {
            volume.failOperation(1 + random.nextInt(2), CrashVolume.Failure.IO_ERROR);
            acknowledgeOneSlow();
            pass(31_000);
            pass(11_000);
            volume.clearFailure();
        }
        for (int i = 0; i < kills; i++) {
            acknowledgeOneSlow();
            pass(31_000);
            reopen(false);
        }
    }

    private void acknowledgeOneSlow() {
        List<Mailbox.StoredMessage> waiting = Messages.all(service, mailbox(SLOW));
        acknowledge(mailbox(SLOW), Messages.hash(waiting.get(random.nextInt(waiting.size())).armor()));
    }

    private void acknowledgeSome() {
        int mailbox = random.nextInt(MAILBOXES);
        List<Mailbox.StoredMessage> waiting = Messages.all(service, mailbox(mailbox));
        int most = mailbox == SLOW ? waiting.size() - SLOW_MESSAGES : waiting.size();
        int count = most <= 0 ? 0 : 1 + random.nextInt(most);
        for (int i = 0; i < count; i++) {
            int at = mailbox != SLOW && random.nextInt(4) == 0 ? random.nextInt(waiting.size()) : i;
            acknowledge(mailbox(mailbox), Messages.hash(waiting.get(at).armor()));
        }
    }

    void acknowledge(KeyId recipient, Hash256 hash) {
        Sent sent = byHash.get(hash);
        if (Messages.get(service.acknowledge(recipient, hash)) && sent.ackedAt == NEVER) {
            sent.ackedAt = volume.changes();
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
        int now = volume.changes();
        boolean acksWritten = service.acksWaiting() == 0;
        for (Sent sent : all) {
            if (sent.stage != null && sent.stage.isDone()) {
                RefuseReason refusal = Messages.refusal(sent.stage);
                refusedFull += refusal == RefuseReason.STORAGE_FULL ? 1 : 0;
                refusedFailed += refusal == RefuseReason.STORAGE_FAILED ? 1 : 0;
                if (refusal == null) {
                    sent.durableAt = now;
                    sent.sequence = Messages.get(sent.stage).sequence();
                } else {
                    sent.goneFrom = sent.submittedAt;
                }
                sent.stage = null;
            }
            if (acksWritten && sent.ackedAt != NEVER && sent.ackDurableAt == NEVER) {
                sent.ackDurableAt = now;
            }
        }
        ledger.update(now);
        values.update(now);
    }

    private void expire() {
        pass(150);
        int now = volume.changes();
        clock.advanceMillis(25L * 3_600_000);
        all.stream().filter(sent -> sent.durableAt != NEVER).forEach(sent -> {
            sent.mayBeGoneAt = Math.min(sent.mayBeGoneAt, now);
            sent.isThereAgainAt = NEVER;
        });
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
        int before = volume.changes();
        List<Sent> open = new ArrayList<>();
        for (Sent sent : all) {
            if (sent.ackedAt != NEVER && sent.ackDurableAt == NEVER) {
                sent.mayBeGoneAt = Math.min(sent.mayBeGoneAt, sent.ackedAt);
                sent.isThereAgainAt = NEVER;
                sent.ackedAt = NEVER;
                open.add(sent);
            }
        }
        reopened++;
        start();
        decide(before, open);
    }

    /** What was open when the program ended is decided by what is found. */
    private void decide(int before, List<Sent> acknowledged) {
        Found found = Found.in(service);
        int now = volume.changes();
        Map<Hash256, Long> there = new HashMap<>();
        found.mail.forEach(list -> list.forEach(message -> there.put(message.hash(), message.sequence())));
        for (Sent sent : all) {
            boolean isThere = there.containsKey(sent.hash);
            if (sent.stage != null) {
                sent.durableAt = isThere ? now : NEVER;
                sent.goneFrom = isThere ? NEVER : before;
                sent.sequence = isThere ? there.get(sent.hash) : 0;
                sent.stage = null;
            }
        }
        for (Sent sent : acknowledged) {
            if (there.containsKey(sent.hash)) {
                sent.isThereAgainAt = now; // the disk did not know: it is delivered and acknowledged again
            } else {
                sent.ackedAt = sent.mayBeGoneAt;
                sent.ackDurableAt = now;
            }
        }
        ledger.reopened(found, before, now);
        values.reopened(found, before, now);
    }

    /** Ends before one of the next changes of the disk, so that written bytes may wait for a force. */
    private void killAmidWork() {
        volume.failOperation(1 + random.nextInt(3), CrashVolume.Failure.KILL);
        try {
            submit(0, 3000);
            ledger.append(service.ledger(), random, volume.changes());
            values.put(service.values(), random, volume.changes());
            pass(150);
            submit(1, 9000);
            pass(31_000);
        } catch (CrashVolume.Killed expected) {
            kills++;
        }
        volume.clearFailure();
    }

    /** Opens a disk as it was at a moment and names the first thing that is wrong; null when nothing is. */
    String wrongAt(int moment, CrashVolume left) throws IOException {
        long fingerprint = left.fingerprint();
        states.add(fingerprint * 31 + moment);
        Found found = seen.get(fingerprint);
        if (found == null) {
            found = Found.on(left, settings, clock.epochMillis(), random);
            seen.put(fingerprint, found);
        }
        statesFull += found.isFull ? 1 : 0;
        statesGoneOn += found.hasGoneOnInNewest ? 1 : 0;
        String wrong = found.wrong != null ? found.wrong : wrongMail(found.mail, moment);
        wrong = wrong == null && !found.mailLater.isEmpty() ? wrongMail(found.mailLater, moment) : wrong;
        wrong = wrong == null ? ledger.wrong(found, moment) : wrong;
        return wrong == null ? values.wrong(found, moment) : wrong;
    }

    /** Disks that differ. */
    int disks() {
        return seen.size();
    }

    private String wrongMail(List<List<Found.Message>> mail, int moment) {
        Set<Sent> there = new HashSet<>();
        for (int i = 0; i < MAILBOXES; i++) {
            long last = 0;
            for (Found.Message message : mail.get(i)) {
                Sent sent = byHash.get(message.hash());
                if (sent == null || !sent.recipient.equals(mailbox(i))) {
                    return "ghost " + message.sequence();
                }
                if (!there.add(sent)) {
                    return "twice " + message.sequence();
                }
                if (!sent.mayBeThere(moment)) {
                    return "resurrected " + message.sequence() + " of " + sent.submittedAt + ", acknowledged "
                            + sent.ackDurableAt + ", gone from " + sent.goneFrom;
                }
                if (message.sequence() <= last || sent.durableAt <= moment && message.sequence() != sent.sequence) {
                    return "order " + message.sequence();
                }
                last = message.sequence();
            }
        }
        for (Sent sent : all) {
            if (!sent.mayBeMissing(moment) && !there.contains(sent)) {
                return "lost " + sent.sequence;
            }
        }
        return null;
    }
}
