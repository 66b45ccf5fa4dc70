package network.conet.edge.storage.internal.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import network.conet.edge.api.MailSource;
import network.conet.edge.api.PlainCounters;
import network.conet.edge.protocol.Hash256;
import network.conet.edge.protocol.KeyId;
import network.conet.edge.storage.internal.CommitDriver;
import network.conet.edge.storage.internal.StorageParts;
import network.conet.edge.storage.internal.StorageService;
import network.conet.edge.storage.internal.StorePlace;
import network.conet.edge.storage.internal.log.DirectoryVolume;
import network.conet.edge.testkit.SettableClock;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Checks while a writer goes round in few files, used again or deleted: what changes under the eyes is no damage. */
class BesideNodeTest {
    private static final int CHECKS = 60;
    private static final int WAITING_MAX = 60;
    private static final int BODY_BYTES_MAX = 60_000;

    @TempDir
    Path directory;

    private final SettableClock clock = new SettableClock(1_790_000_000_000L);
    private final AtomicBoolean isOver = new AtomicBoolean();
    private final Random random = new Random(1);
    private final ArrayDeque<Hash256> waiting = new ArrayDeque<>();

    @ParameterizedTest
    @ValueSource(strings = {"sd", "nand"})
    void busyStoreIsWhole(String flash) throws Exception {
        Path config = Files.write(directory.resolve("conet.conf"), List.of("storage.quotaMiB = 8",
                "storage.segmentMiB = 1", "storage.freeMiBMin = 0", "storage.flash = " + flash));
        Path keys = Files.createDirectory(directory.resolve("keys"));
        Files.setPosixFilePermissions(Files.write(keys.resolve("storage.key"), new byte[32]),
                PosixFilePermissions.fromString("rw-------"));
        StorePlace place = StorePlace.of(directory, config);
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try (DirectoryVolume volume = new DirectoryVolume(place.directory());
                StorageService service = new StorageService(place.settings(), new StorageParts(volume,
                        place.key().orElseThrow(), clock, new PlainCounters(), new Random(5), Runnable::run,
                        CommitDriver.MANUAL))) {
            write(service, WAITING_MAX);
            Future<?> writer = thread.submit(() -> {
                while (!isOver.get()) {
                    write(service, 1);
                }
            });
            for (int i = 0; i < CHECKS; i++) {
                ByteArrayOutputStream out = new ByteArrayOutputStream();
                int status = StorageTool.run(directory, config, List.of("check"), new PrintStream(out, true),
                        new PrintStream(out, true), clock::epochMillis, clock::monotonicNanos);
                assertEquals(0, status, out.toString(StandardCharsets.UTF_8));
                assertTrue(out.toString(StandardCharsets.UTF_8).startsWith("note: the node is at work here"));
            }
            isOver.set(true);
            writer.get();
        } finally {
            isOver.set(true);
            thread.shutdown();
        }
    }

    /** Stores so many messages, two or three to a group; acknowledges the oldest. */
    private void write(StorageService service, int count) {
        for (int i = 0; i < count; i++) {
            byte[] body = new byte[100 + random.nextInt(BODY_BYTES_MAX)];
            random.nextBytes(body);
            byte[] hash = new byte[Hash256.BYTES];
            random.nextBytes(hash);
            service.store(new KeyId(1), Hash256.of(hash), body, MailSource.LOCAL);
            waiting.add(Hash256.of(hash));
            if (waiting.size() > WAITING_MAX) {
                service.acknowledge(new KeyId(1), waiting.remove());
            }
            if (random.nextInt(3) == 0) {
                clock.advanceMillis(300);
                service.pump();
            }
        }
    }
}
