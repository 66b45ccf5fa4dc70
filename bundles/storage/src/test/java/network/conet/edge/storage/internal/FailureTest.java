package network.conet.edge.storage.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import network.conet.edge.api.Counter;
import network.conet.edge.api.HealthItem;
import network.conet.edge.api.Mailbox;
import network.conet.edge.protocol.Hash256;
import network.conet.edge.protocol.KeyId;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.testkit.CrashVolume;
import network.conet.edge.testkit.RecordingCounters;
import network.conet.edge.testkit.SettableClock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The disk fails at the n-th operation, for every n of a workload. */
class FailureTest {
    private static final KeyId BOB = new KeyId(0xB0B);
    private static final StorageSettings SETTINGS =
            Messages.settings(16 * 1024, 7, 100, 8 * 1024, 64 * 1024, 1000, 1);
    private static final int MESSAGES = 24;
    private static final int OPERATIONS_MAX = 400;

    private final RecordingCounters counters = new RecordingCounters();
    private final SettableClock clock = new SettableClock(Messages.NOON);
    private final Random random = new Random(7);
    private final Set<Hash256> kept = new HashSet<>();
    private final Set<Hash256> refused = new HashSet<>();
    private int failedStores;

    @ParameterizedTest
    @EnumSource(value = CrashVolume.Failure.class, mode = EnumSource.Mode.EXCLUDE, names = "KILL")
    void keepsItsPromisesWhicheverOperationFails(CrashVolume.Failure failure) throws Exception {
        int n = 1;
        int worked = 0;
        for (boolean reached = true; reached; n++) {
            assertTrue(n < OPERATIONS_MAX);
            kept.clear();
            refused.clear();
            CrashVolume volume = new CrashVolume();
            volume.failOperation(n, failure);
            boolean opened = work(volume);
            reached = volume.operations() >= n;
            worked += opened ? 1 : 0;
            check(volume, n + " " + failure);
        }
        assertTrue(n > 50, "only " + n);
        assertEquals(n - 1, worked);
        assertTrue(failure == CrashVolume.Failure.NO_SPACE || failedStores > 20, failedStores + " stores failed");
    }

    /** Stores, acknowledges, lets time for recovery pass, stores again. */
    private boolean work(CrashVolume volume) throws IOException {
        StorageService service = open(volume);
        for (int i = 0; i < MESSAGES; i++) {
            byte[] body = Messages.body(i, 900 + 40 * i);
            CompletableFuture<Mailbox.Receipt> stage = Messages.store(service, BOB, body);
            pass(service, 100);
            note(stage, body);
            if (i % 3 == 2) {
                Mailbox.StoredMessage oldest = Messages.get(service.next(BOB, 0)).orElse(null);
                if (oldest != null) {
                    Hash256 hash = Messages.hash(oldest.armor());
                    assertTrue(Messages.get(service.acknowledge(BOB, hash)));
                    kept.remove(hash);
                    pass(service, 1100);
                }
            }
            assertEquals(kept, stored(service), "readable after message " + i);
            if (critical(service)) {
                assertEquals(RefuseReason.STORAGE_FAILED,
                        Messages.refusal(Messages.store(service, BOB, Messages.body(1000 + i, 100))));
                pass(service, 11_000);
            }
        }
        assertTrue(!critical(service), "recovered");
        return true;
    }

    private void check(CrashVolume volume, String what) throws Exception {
        StorageService again = open(volume.copy());
        Set<Hash256> found = stored(again);
        assertTrue(found.containsAll(kept), what + ": lost after restart");
        assertTrue(found.stream().noneMatch(refused::contains), what + ": a refused message came back");
        assertNull(Messages.troubles(again).stream().findFirst().orElse(null), what);
        assertEquals(0, counters.value(Counter.STORAGE_RECORDS_DAMAGED), what);
        volume.crashStates(1, volume.changes(), (moment, survival, disk) ->
                assertTrue(stored(open(disk)).containsAll(kept), what + ": lost after power cut"));
    }

    private void note(CompletableFuture<Mailbox.Receipt> stage, byte[] body) {
        RefuseReason refusal = Messages.refusal(stage);
        if (refusal == null) {
            kept.add(Messages.hash(body));
        } else {
            refused.add(Messages.hash(body));
            failedStores += refusal == RefuseReason.STORAGE_FAILED ? 1 : 0;
        }
    }

    private static boolean critical(StorageService service) {
        return Messages.troubles(service).stream().anyMatch(item -> item.severity() == HealthItem.Severity.CRITICAL);
    }

    private static Set<Hash256> stored(StorageService service) {
        List<Hash256> hashes = new ArrayList<>();
        Messages.all(service, BOB).forEach(message -> hashes.add(Messages.hash(message.armor())));
        assertEquals(hashes.size(), new HashSet<>(hashes).size());
        return new HashSet<>(hashes);
    }

    private void pass(StorageService service, long millis) {
        clock.advanceMillis(millis);
        while (service.pump() == 0) {
            continue;
        }
    }

    private StorageService open(CrashVolume volume) throws IOException {
        return Messages.open(volume, SETTINGS, clock, counters, random);
    }
}
