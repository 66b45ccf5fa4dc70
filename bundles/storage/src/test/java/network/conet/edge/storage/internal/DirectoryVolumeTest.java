package network.conet.edge.storage.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import network.conet.edge.api.Clock;
import network.conet.edge.api.Counter;
import network.conet.edge.api.Mailbox;
import network.conet.edge.api.PlainCounters;
import network.conet.edge.api.Volume;
import network.conet.edge.protocol.KeyId;
import network.conet.edge.storage.internal.log.DirectoryVolume;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real directory, and the real writer thread on it. */
class DirectoryVolumeTest {
    private static final StorageSettings SETTINGS =
            Messages.settings(256 * 1024, 6, 5, 32 * 1024, 512 * 1024, 50, 30);

    @TempDir
    Path temporary;

    @Test
    void lockRefusesSecondOpener() throws IOException {
        Path directory = temporary.resolve("mailbox");
        try (DirectoryVolume first = new DirectoryVolume(directory)) {
            assertTrue(first.list().isEmpty());
            IOException refusal = assertThrows(IOException.class, () -> new DirectoryVolume(directory));
            assertEquals("directory " + directory + " is in use by another process of this node",
                    refusal.getMessage());
        }
        new DirectoryVolume(directory).close();
    }

    @Test
    void filesBelongToTheirOwnerOnly() throws IOException {
        Path directory = temporary.resolve("mailbox");
        try (DirectoryVolume volume = new DirectoryVolume(directory)) {
            volume.open("seg-00000").close();
            if (Files.getFileStore(directory).supportsFileAttributeView("posix")) {
                assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)));
                assertEquals("rw-------", PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(directory.resolve("seg-00000"))));
                assertEquals("rw-------", PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(directory.resolve("lock"))));
            }
            assertThrows(IllegalArgumentException.class, () -> volume.open("../x"));
        }
    }

    @Test
    void readsWritesCutsAndDeletes() throws IOException {
        try (DirectoryVolume volume = new DirectoryVolume(temporary)) {
            byte[] bytes = Messages.body(1, 200_000);
            try (Volume.File file = volume.open("a")) {
                file.write(ByteBuffer.wrap(bytes), 10);
                assertEquals(200_010, file.sizeBytes());
                ByteBuffer read = ByteBuffer.allocate(200_001);
                assertEquals(200_000, file.read(read, 10));
                read.flip();
                byte[] copy = new byte[200_000];
                read.get(copy);
                assertArrayEquals(bytes, copy);
                assertEquals(0, file.read(ByteBuffer.allocate(1), 200_010));
                file.truncate(20);
                assertEquals(20, file.sizeBytes());
                file.truncate(30);
                assertEquals(30, file.sizeBytes());
                file.force();
            }
            volume.forceDirectory();
            assertEquals(List.of("a"), volume.list());
            volume.delete("a");
            volume.delete("a");
            assertTrue(volume.list().isEmpty());
            assertTrue(volume.freeBytes() > 0);
        }
    }

    @Test
    void writerThreadServesManySendersAndReaders() throws Exception {
        int senders = 4;
        int each = 150;
        PlainCounters counters = new PlainCounters();
        ExecutorService threads = Executors.newFixedThreadPool(senders + 1);
        try (DirectoryVolume volume = new DirectoryVolume(temporary)) {
            try (StorageService service = open(volume, counters, threads)) {
                List<CompletableFuture<Void>> work = new ArrayList<>();
                for (int s = 0; s < senders; s++) {
                    KeyId mailbox = new KeyId(100 + s);
                    work.add(CompletableFuture.runAsync(() -> send(service, mailbox, each), threads));
                }
                work.forEach(Messages::get);
            }
            assertTrue(counters.value(Counter.STORAGE_FORCES) < (long) senders * each, "groups are shared");
            try (StorageService service = open(volume, counters, Runnable::run)) {
                for (int s = 0; s < senders; s++) {
                    assertEquals(each / 2, Messages.all(service, new KeyId(100 + s)).size());
                }
                assertTrue(Messages.troubles(service).isEmpty());
            }
        } finally {
            threads.shutdownNow();
        }
        assertEquals(0, counters.value(Counter.STORAGE_RECORDS_DAMAGED));
    }

    private static void send(StorageService service, KeyId mailbox, int count) {
        List<CompletableFuture<Mailbox.Receipt>> stages = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            byte[] body = Messages.body(mailbox.value() * 1000 + i, 600);
            stages.add(Messages.store(service, mailbox, body));
            if (i % 2 == 1) {
                assertFalse(Messages.get(stages.get(i)).duplicate());
                assertTrue(Messages.get(service.acknowledge(mailbox, Messages.hash(body))));
            }
        }
        stages.forEach(Messages::get);
    }

    private static StorageService open(Volume volume, PlainCounters counters,
            java.util.concurrent.Executor readers) throws IOException {
        return new StorageService(SETTINGS, new StorageParts(volume, Messages.key(), new RunningClock(), counters,
                new SecureRandom(), readers, new CommitThread()));
    }

    /** The clock that the writer thread needs. */
    private static final class RunningClock implements Clock {
        @Override
        public long epochMillis() {
            return Messages.NOON;
        }

        @Override
        public long monotonicNanos() {
            return System.nanoTime();
        }
    }
}
