package network.conet.edge.storage.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import network.conet.edge.api.Counter;
import network.conet.edge.api.HealthItem;
import network.conet.edge.api.Ledger;
import network.conet.edge.api.Mailbox;
import network.conet.edge.api.PlainCounters;
import network.conet.edge.protocol.Hash256;
import network.conet.edge.protocol.KeyId;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.testkit.CrashVolume;
import network.conet.edge.testkit.SettableClock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The disk fails at the n-th operation, once or from then on, for every n of a workload: mail, acknowledgements, the
 * ledger, values, full segments, compaction, a clean stop with a snapshot, a kill, and the starts behind them.
 */
class FailureTest {
    private static final KeyId BOB = new KeyId(0xB0B);
    private static final KeyId EVE = new KeyId(0xE0E);
    private static final StorageSettings SETTINGS = Messages.settings(16 * 1024, 8, 100, 8 * 1024, 64 * 1024, 1000, 1)
            .withIndex(new StorageSettings.Index(4, 1000, 1));
    private static final int STEPS = 26;
    private static final int RESTART = 16;
    private static final int KILL = 21;
    private static final int OPERATIONS_MAX = 600;
    /** Steps for which a failure that lasts does so. */
    private static final int LASTS = 4;
    private static final String SPACE = "tested";

    private final PlainCounters counters = new PlainCounters();
    private final SettableClock clock = new SettableClock(Messages.NOON);
    private final Random random = new Random(7);
    private final Set<Hash256> kept = new HashSet<>();
    private final Set<Hash256> refused = new HashSet<>();
    private final Map<Long, Hash256> entries = new HashMap<>();
    private final List<byte[]> values = new ArrayList<>();
    private long settled;
    private int valueKept;
    private int failedWrites;
    private int failedStarts;
    private int failedSteps;
    private StorageService service;

    @ParameterizedTest
    @EnumSource(value = CrashVolume.Failure.class, mode = EnumSource.Mode.EXCLUDE, names = "KILL")
    void keepsItsPromisesWhicheverOperationFails(CrashVolume.Failure failure) throws Exception {
        int n = 1;
        for (boolean reached = true; reached; n++) {
            assertTrue(n < OPERATIONS_MAX);
            begin();
            CrashVolume volume = new CrashVolume();
            volume.failOperation(n, failure);
            String what = "operation " + n + " " + failure;
            work(volume, what);
            reached = volume.operations() >= n;
            checkAfterRestart(volume, what);
        }
        assertTrue(n > 80, "only " + n);
        assertTrue(counters.value(Counter.STORAGE_RECORDS_MOVED) > n);
        assertTrue(failure == CrashVolume.Failure.NO_SPACE || failedWrites > 40, failedWrites + " writes failed");
        assertTrue(failure == CrashVolume.Failure.NO_SPACE || failedStarts > 0, failedStarts + " starts failed");
    }

    private void begin() {
        kept.clear();
        refused.clear();
        entries.clear();
        values.clear();
        values.add(null);
        valueKept = 0;
        settled = 0;
    }

    private void work(CrashVolume volume, String what) throws IOException {
        failedSteps = 0;
        start(volume);
        for (int i = 0; i < STEPS; i++) {
            if (i == RESTART || i == KILL) {
                restart(volume, i == RESTART);
            }
            step(i);
            assertEquals(kept, stored(service), what + ": readable after step " + i);
            if (isCritical()) {
                // A disk that failed for some time works again.
                failedSteps++;
                if (failedSteps == LASTS) {
                    volume.clearFailure();
                }
                assertEquals(RefuseReason.STORAGE_FAILED,
                        Messages.refusal(Messages.store(service, BOB, Messages.body(1000 + i, 100))), what);
                pass(failedSteps < LASTS ? 11_000 : 2 * 3_600_000);
            }
        }
        volume.clearFailure();
        pass(2 * 3_600_000);
        assertFalse(isCritical(), what + ": recovered");
        note(Messages.store(service, BOB, Messages.body(5000, 100)), Messages.body(5000, 100));
    }

    private void step(int i) throws IOException {
        byte[] body = Messages.body(i, 900 + 40 * i);
        KeyId mailbox = i % 4 == 0 ? EVE : BOB;
        CompletableFuture<Mailbox.Receipt> stage = Messages.store(service, mailbox, body);
        CompletableFuture<Ledger.Entry> entry = i % 2 == 0
                ? service.ledger().append(Messages.body(-i, 80)).toCompletableFuture() : null;
        values.add(Messages.body(2000 + i, 60));
        CompletableFuture<Void> value = service.values().put(SPACE, "key", values.get(values.size() - 1))
                .toCompletableFuture();
        pass(100);
        note(stage, body);
        if (entry != null && Messages.refusal(entry) == null) {
            entries.put(Messages.get(entry).index(), Messages.get(entry).hash());
        }
        valueKept = Messages.refusal(value) == null ? values.size() - 1 : valueKept;
        if (i % 3 == 2) {
            Mailbox.StoredMessage oldest = Messages.get(service.next(BOB, 0)).orElse(null);
            if (oldest != null) {
                Hash256 hash = Messages.hash(oldest.armor());
                assertTrue(Messages.get(service.acknowledge(BOB, hash)));
                kept.remove(hash);
                pass(1100);
            }
        }
        Ledger.Head head = service.ledger().head();
        if (i % 8 == 6 && head.lastIndex() > head.settledIndex() + 1) {
            var mark = service.ledger().settle(head.lastIndex() - 1).toCompletableFuture();
            pass(100);
            settled = Messages.refusal(mark) == null ? head.lastIndex() - 1 : settled;
        }
        if (i % 10 == 9 && !isCritical()) {
            try {
                service.compact();
            } catch (IOException failed) {
                failedWrites++;
            }
        }
    }

    /** A clean stop, or one that fails, or none; then a start, again when that fails. */
    private void restart(CrashVolume volume, boolean isClean) throws IOException {
        boolean wasCritical = isCritical();
        try {
            if (isClean) {
                service.close();
            }
        } catch (IOException failed) {
            failedWrites++;
            wasCritical = true;
        }
        if (wasCritical) {
            // What was refused because its force failed may stand on the disk all the same.
            refused.clear();
        }
        start(volume);
    }

    private void start(CrashVolume volume) throws IOException {
        try {
            service = Messages.open(volume, SETTINGS, clock, counters, random);
        } catch (IOException failed) {
            failedStarts++;
            volume.clearFailure();
            service = Messages.open(volume, SETTINGS, clock, counters, random);
        }
        // A refused message that came back has to be delivered; an acknowledged one may be, once more.
        kept.addAll(stored(service));
        values.add(Messages.get(service.values().get(SPACE, "key")).orElse(null));
        checkOthers(service, "after a start");
        valueKept = values.size() - 1;
        service.ledger().read(1, Ledger.READ_ENTRIES_MAX).thenAccept(all ->
                all.forEach(entry -> entries.put(entry.index(), entry.hash())));
    }

    private void checkAfterRestart(CrashVolume volume, String what) throws Exception {
        StorageService again = Messages.open(volume.copy(), SETTINGS, clock, counters, random);
        Set<Hash256> found = stored(again);
        assertTrue(found.containsAll(kept), what + ": lost after restart");
        assertTrue(found.stream().noneMatch(refused::contains), what + ": a refused message came back");
        assertEquals(List.of(), Messages.troubles(again), what);
        assertEquals(0, counters.value(Counter.STORAGE_RECORDS_DAMAGED), what);
        checkOthers(again, what);
        for (CrashVolume.Survival survival : List.of(CrashVolume.Survival.NOTHING, CrashVolume.Survival.SECTORS)) {
            StorageService left =
                    Messages.open(volume.powerCut(1, survival), SETTINGS, clock, counters, random);
            assertTrue(stored(left).containsAll(kept), what + ": lost after power cut");
            assertEquals(List.of(), Messages.troubles(left), what + ": " + survival);
            checkOthers(left, what + ", power cut");
        }
    }

    private void checkOthers(StorageService open, String what) {
        Ledger.Head head = open.ledger().head();
        assertTrue(head.settledIndex() >= settled, what + ": settlement lost");
        List<Ledger.Entry> found = Messages.get(open.ledger().read(1, Ledger.READ_ENTRIES_MAX));
        assertEquals(head.lastIndex() - head.settledIndex(), found.size(), what);
        entries.forEach((index, hash) -> assertTrue(index <= head.settledIndex() || index <= head.lastIndex()
                && found.get((int) (index - head.settledIndex() - 1)).hash().equals(hash), what + ": entry " + index));
        byte[] value = Messages.get(open.values().get(SPACE, "key")).orElse(null);
        boolean isKnown = false;
        for (int i = valueKept; i < values.size(); i++) {
            isKnown |= java.util.Arrays.equals(values.get(i), value);
        }
        assertTrue(isKnown, what + ": value lost");
    }

    private void note(CompletableFuture<Mailbox.Receipt> stage, byte[] body) {
        if (!stage.isDone()) {
            pass(100);
        }
        RefuseReason refusal = Messages.refusal(stage);
        if (refusal == null) {
            kept.add(Messages.hash(body));
        } else {
            refused.add(Messages.hash(body));
            failedWrites += refusal == RefuseReason.STORAGE_FAILED ? 1 : 0;
        }
    }

    private boolean isCritical() {
        return Messages.troubles(service).stream().anyMatch(item -> item.severity() == HealthItem.Severity.CRITICAL);
    }

    private static Set<Hash256> stored(StorageService open) {
        List<Hash256> hashes = new ArrayList<>();
        for (KeyId mailbox : List.of(BOB, EVE)) {
            Messages.all(open, mailbox).forEach(message -> hashes.add(Messages.hash(message.armor())));
        }
        assertEquals(hashes.size(), new HashSet<>(hashes).size());
        return new HashSet<>(hashes);
    }

    private void pass(long millis) {
        clock.advanceMillis(millis);
        while (service.pump() == 0) {
            continue;
        }
    }
}
