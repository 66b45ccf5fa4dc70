package network.conet.edge.relay.internal;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import network.conet.edge.api.MailSource;
import network.conet.edge.api.Mailbox;
import network.conet.edge.api.NodeEntry;
import network.conet.edge.api.PlainCounters;
import network.conet.edge.protocol.Endpoint;
import network.conet.edge.protocol.Epoch;
import network.conet.edge.protocol.Hash256;
import network.conet.edge.protocol.KeyId;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.storage.internal.CommitDriver;
import network.conet.edge.storage.internal.Quotas;
import network.conet.edge.storage.internal.StorageParts;
import network.conet.edge.storage.internal.StorageService;
import network.conet.edge.storage.internal.StorageSettings;
import network.conet.edge.storage.internal.log.FlashPolicy;
import network.conet.edge.storage.internal.log.LogSettings;
import network.conet.edge.storage.internal.log.StorageKey;
import network.conet.edge.testkit.CrashVolume;
import network.conet.edge.testkit.SettableClock;
import network.conet.edge.testkit.SimNetwork;

/** A node of a simulated network: the real relay on the real mailbox, on a disk whose power can be cut. */
final class SimStorageNode {
    private static final int ACK_DELAY_MILLIS = 2000;
    private static final int COMMIT_WINDOW_MILLIS = 100;
    /** After this an acknowledgement is on the disk. */
    static final int ACK_ALLOWANCE_MILLIS = ACK_DELAY_MILLIS + 2 * COMMIT_WINDOW_MILLIS;
    private static final StorageSettings STORAGE = new StorageSettings(new LogSettings(
            FlashPolicy.Kind.SD.policy().withSegments(32 * 1024)
                    .withWindows(COMMIT_WINDOW_MILLIS, COMMIT_WINDOW_MILLIS).withGroups(16 * 1024, 64 * 1024)
                    .withAckDelay(ACK_DELAY_MILLIS), 12, 0),
            Quotas.DEFAULT, StorageSettings.Index.DEFAULT, StorageSettings.Wear.UNKNOWN);
    private static final int POOL_MILLIS_MAX = 30;

    final SimKeys.Holder keys;
    final NodeEntry entry;
    final PlainCounters counters = new PlainCounters();
    private final SimNetwork network;
    private final SettableClock clock;
    private final SimKeys everybody;
    private final FakeRoutes routes;
    private final UnaryOperator<Mailbox> disguise;
    private final Random diskRandom;
    private final SimPower power;
    private CrashVolume disk = new CrashVolume();
    private StorageService mailbox;
    private Relay relay;
    private Epoch epoch = Epoch.UNKNOWN;
    private final List<Long> crashedMillis = new ArrayList<>();
    private final Map<Hash256, Long> sequences = new HashMap<>();
    private boolean isClosed;

    /** @param disguise put between the relay and the mailbox; the identity for an honest node */
    SimStorageNode(SimNetwork network, SettableClock clock, SimKeys everybody, FakeRoutes routes, int number,
            UnaryOperator<Mailbox> disguise) {
        this.network = network;
        this.clock = clock;
        this.everybody = everybody;
        this.routes = routes;
        this.disguise = disguise;
        keys = everybody.make("node " + number);
        diskRandom = new Random(network.random(Integer.MAX_VALUE));
        Endpoint endpoint = new Endpoint("192.0.2." + number, 80);
        entry = new NodeEntry(keys.keyId(), keys.wallet(), endpoint, "", "");
        power = new SimPower(this::powerIsGone);
    }

    /** Starts, for the first time or on what the last power cut left. */
    void start() {
        SimPower.Line line = power.newLine();
        isClosed = false;
        try {
            mailbox = new StorageService(STORAGE, new StorageParts(line.volume(disk),
                    StorageKey.of(new byte[StorageKey.BYTES]), clock, counters, diskRandom, this::sometimesLater,
                    new Driver()));
        } catch (IOException unreadable) {
            throw new AssertionError("the disk of " + entry.endpoint() + " cannot be opened", unreadable);
        }
        RelayParts parts = new RelayParts(keys.ring(this::sometimesLater), everybody.signatures(),
                new Watched(disguise.apply(mailbox)), routes.with(this::sometimesLater), routes, () -> epoch,
                request -> {
                    throw new AssertionError("nobody registers here");
                }, (command, exchange) -> exchange.refuse(RefuseReason.COMMAND_UNKNOWN),
                (command, exchange) -> exchange.refuse(RefuseReason.COMMAND_UNKNOWN), Optional::empty, clock, counters,
                new SecureRandom());
        relay = new Relay(parts, new RelaySettings(100, false));
        network.start(entry.endpoint(), relay);
        pumpIn(0);
    }

    boolean isUp() {
        return network.isUp(entry.endpoint());
    }

    /** Cuts the power at one of the next operations of the disk, or now. */
    void cutPower(int afterOperations) {
        if (afterOperations == 0) {
            powerIsGone();
        } else {
            power.cutAfter(afterOperations);
        }
    }

    /** Stops as an operator does; soon after, the program is gone. */
    void stop() {
        try {
            relay.close();
            mailbox.close();
            isClosed = true;
        } catch (SimPower.PowerCut expected) {
            network.note("power cut while stopping", entry.endpoint());
        } catch (IOException failed) {
            throw new AssertionError("a good disk failed", failed);
        }
        network.scheduleOn(entry.endpoint(), 1 + network.random(50), this::powerIsGone);
    }

    void epochBegan(Epoch began) {
        epoch = began;
        network.scheduleOn(entry.endpoint(), network.random(POOL_MILLIS_MAX), () -> relay.epochBegan(began));
    }

    /** Whether it went down in that time without having been stopped. */
    boolean hasCrashedBetween(long fromMillis, long toMillis) {
        return crashedMillis.stream().anyMatch(millis -> millis >= fromMillis && millis <= toMillis);
    }

    /** The number under which the relay last read a message. */
    long sequenceOf(Hash256 hash) {
        return sequences.get(hash);
    }

    private void powerIsGone() {
        if (!isUp()) {
            return;
        }
        network.crash(entry.endpoint());
        if (!isClosed) {
            crashedMillis.add(clock.epochMillis());
        }
        CrashVolume.Survival[] kinds = CrashVolume.Survival.values();
        disk = disk.powerCut(network.random(Integer.MAX_VALUE), kinds[network.random(kinds.length)]);
        power.off();
    }

    /** A pool of threads: works at once when idle, later when busy. */
    private void sometimesLater(Runnable task) {
        if (network.random(2) == 0) {
            task.run();
        } else {
            network.scheduleOn(entry.endpoint(), 1 + network.random(POOL_MILLIS_MAX), task);
        }
    }

    private void pumpIn(long nanos) {
        long millis = TimeUnit.NANOSECONDS.toMillis(nanos + 999_999);
        network.scheduleOn(entry.endpoint(), millis, this::pump);
    }

    private void pump() {
        StorageService pumped = mailbox;
        try {
            long nanos = pumped.pump();
            while (nanos == 0) {
                nanos = pumped.pump();
            }
            if (isUp() && nanos < TimeUnit.MINUTES.toNanos(1)) {
                pumpIn(nanos);
            }
        } catch (SimPower.PowerCut expected) {
            network.note("power cut while writing", entry.endpoint());
        }
    }

    /** Keeps the numbers of what is read. */
    private final class Watched implements Mailbox {
        private final Mailbox watched;

        private Watched(Mailbox watched) {
            this.watched = watched;
        }

        @Override
        public CompletionStage<Receipt> store(KeyId recipient, Hash256 armorHash, byte[] armor, MailSource source,
                Optional<byte[]> ledgerEntry) {
            return watched.store(recipient, armorHash, armor, source, ledgerEntry).thenApply(receipt -> {
                network.note("stored by " + entry.endpoint() + ' ' + receipt, armorHash);
                return receipt;
            });
        }

        @Override
        public CompletionStage<Optional<StoredMessage>> next(KeyId recipient, long afterSequence) {
            return watched.next(recipient, afterSequence).thenApply(found -> {
                found.ifPresent(message ->
                        sequences.put(everybody.signatures().hash(message.armor()), message.sequence()));
                return found;
            });
        }

        @Override
        public CompletionStage<Boolean> acknowledge(KeyId recipient, Hash256 armorHash) {
            return watched.acknowledge(recipient, armorHash);
        }

        @Override
        public long bytes(KeyId recipient) {
            return watched.bytes(recipient);
        }

        @Override
        public int count(KeyId recipient) {
            return watched.count(recipient);
        }
    }

    /** Pumps when something came. */
    private final class Driver implements CommitDriver {
        @Override
        public void start(StorageService service) {}

        @Override
        public void wake() {
            pumpIn(0);
        }

        @Override
        public void stop() {}
    }
}
