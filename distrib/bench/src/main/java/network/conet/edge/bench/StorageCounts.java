package network.conet.edge.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import network.conet.edge.api.Counter;
import network.conet.edge.api.MailSource;
import network.conet.edge.api.Mailbox;
import network.conet.edge.api.Volume;
import network.conet.edge.protocol.Hash256;
import network.conet.edge.protocol.JsonValue;
import network.conet.edge.protocol.KeyId;
import network.conet.edge.storage.internal.CommitDriver;
import network.conet.edge.storage.internal.CommitThread;
import network.conet.edge.storage.internal.StorageParts;
import network.conet.edge.storage.internal.StorageService;
import network.conet.edge.storage.internal.StorageSettings;
import network.conet.edge.storage.internal.log.DirectoryVolume;
import network.conet.edge.storage.internal.log.StorageKey;
import network.conet.edge.testkit.RecordingCounters;
import network.conet.edge.testkit.SettableClock;

/**
 * Counts bytes and forces of the real engine on a real directory, and beside it of the simplest thing that keeps the
 * same promise: one file a mailbox, appended and forced for each message. Counts, not times: they are the same on a
 * busy machine. With given times the clock is driven by hand; the senders at once run against the engine's own thread.
 *
 * <p>Arguments: an empty directory, messages a case.
 */
public final class StorageCounts {
    private static final int KIBIBYTE = 1024;
    private static final int QUOTA_MEBIBYTES = 256;
    private static final int SEGMENT_MEBIBYTES = 4;
    private static final int SENDERS = 32;
    private static final StorageKey KEY = StorageKey.of(new byte[StorageKey.BYTES]);
    /** Position in the kernel's block layer statistics. */
    private static final int SECTORS_WRITTEN = 6;
    private static final int SECTOR_BYTES = 512;

    private final Path directory;
    private final int messages;
    private final List<JsonValue> cases = new ArrayList<>();
    /** How long the disk took for each naive force; to explain latencies. */
    private final List<Long> forceNanos = new ArrayList<>();
    private long seed;

    private StorageCounts(Path directory, int messages) {
        this.directory = directory;
        this.messages = messages;
    }

    /** Counts all cases. */
    public static void main(String[] arguments) throws Exception {
        Path directory = Files.createDirectories(Path.of(arguments[0]));
        StorageCounts counts = new StorageCounts(directory, Integer.parseInt(arguments[1]));
        counts.groups("lone 1 KiB", KIBIBYTE, 1);
        counts.groups("groups of 2, 1 KiB", KIBIBYTE, 2);
        counts.groups("groups of 11, 1 KiB", KIBIBYTE, 11);
        counts.groups("lone 16 KiB", 16 * KIBIBYTE, 1);
        counts.senders("32 senders, 1 KiB", KIBIBYTE);
        counts.naive("naive, lone 1 KiB", KIBIBYTE, 1);
        counts.naive("naive, lone 16 KiB", 16 * KIBIBYTE, 1);
        counts.naive("naive, 32 senders, 1 KiB", KIBIBYTE, SENDERS);
        List<Long> nanos = counts.forceNanos.stream().sorted().toList();
        System.out.println(JsonValue.object()
                .put("cases", JsonValue.array(counts.cases))
                .put("forceMillisMedian", JsonValue.of(nanos.get(nanos.size() / 2) / 1e6))
                .put("forceMillis99", JsonValue.of(nanos.get(nanos.size() * 99 / 100) / 1e6))
                .build());
    }

    /** What was counted in one case. */
    private final class Tally {
        private final String name;
        private final int bytes;
        private final CountingVolume volume;
        private final CountingVolume.Count before;
        private final long deviceBefore;

        Tally(String name, int bytes, CountingVolume volume) throws IOException {
            this.name = name;
            this.bytes = bytes;
            this.volume = volume;
            this.before = volume.count();
            this.deviceBefore = deviceBytesWritten();
        }

        void done(int stored) throws IOException {
            CountingVolume.Count count = volume.count().since(before);
            long forces = count.forces() + count.forcesOfDirectory();
            cases.add(JsonValue.object()
                    .put("name", name)
                    .put("messages", stored)
                    .put("messageBytes", bytes)
                    .put("bytesInside", each(count.bytesInside(), stored))
                    .put("bytesGrown", each(count.bytesGrown(), stored))
                    .put("pageBytes", each(count.pages() * CountingVolume.PAGE_BYTES, stored))
                    .put("deviceBytes", each(deviceBytesWritten() - deviceBefore, stored))
                    .put("forces", each(forces, stored))
                    .build());
        }
    }

    private static JsonValue each(long total, int messages) {
        return JsonValue.of((double) total / messages);
    }

    private void groups(String name, int bytes, int size) throws Exception {
        SettableClock clock = new SettableClock(System.currentTimeMillis());
        RecordingCounters counters = new RecordingCounters();
        StorageSettings settings = StorageSettings.ofMiB(QUOTA_MEBIBYTES, SEGMENT_MEBIBYTES);
        try (DirectoryVolume disk = new DirectoryVolume(place(name))) {
            CountingVolume volume = new CountingVolume(disk);
            try (StorageService mailbox = new StorageService(settings, new StorageParts(volume, KEY, clock,
                    counters, new SecureRandom(), Runnable::run, CommitDriver.MANUAL))) {
                settle(mailbox);
                storeGroup(mailbox, clock, bytes, size);
                long counted = counters.value(Counter.STORAGE_BYTES_WRITTEN);
                Tally tally = new Tally(name, bytes, volume);
                CountingVolume.Count before = volume.count();
                int groups = Math.max(1, messages / size);
                for (int i = 0; i < groups; i++) {
                    storeGroup(mailbox, clock, bytes, size);
                }
                tally.done(groups * size);
                CountingVolume.Count count = volume.count().since(before);
                long own = counters.value(Counter.STORAGE_BYTES_WRITTEN) - counted;
                if (own != count.bytesInside() + count.bytesGrown()) {
                    throw new AssertionError("the engine counts " + own + " bytes, its volume got " + count);
                }
            }
        }
    }

    private void storeGroup(StorageService mailbox, SettableClock clock, int bytes, int size) {
        List<CompletableFuture<Mailbox.Receipt>> stored = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            stored.add(store(mailbox, new KeyId(1 + i), body(bytes, ++seed)));
        }
        CompletableFuture<Void> all = CompletableFuture.allOf(stored.toArray(CompletableFuture[]::new));
        while (!all.isDone()) {
            clock.advanceMillis(StorageSettings.ofMiB(QUOTA_MEBIBYTES, SEGMENT_MEBIBYTES).flash().commitWindowMillis());
            mailbox.pump();
        }
        all.join();
        settle(mailbox);
    }

    /** Lets the engine do what it does when nothing comes: prepare files. */
    private static void settle(StorageService mailbox) {
        long due = 0;
        while (due == 0) {
            due = mailbox.pump();
        }
    }

    private void senders(String name, int bytes) throws Exception {
        RecordingCounters counters = new RecordingCounters();
        StorageSettings settings = StorageSettings.ofMiB(QUOTA_MEBIBYTES, SEGMENT_MEBIBYTES);
        try (DirectoryVolume disk = new DirectoryVolume(place(name))) {
            CountingVolume volume = new CountingVolume(disk);
            try (StorageService mailbox = new StorageService(settings, new StorageParts(volume, KEY, new RealClock(),
                    counters, new SecureRandom(), Runnable::run, new CommitThread()))) {
                store(mailbox, new KeyId(1), body(bytes, ++seed)).join();
                Tally tally = new Tally(name, bytes, volume);
                int each = Math.max(1, messages / SENDERS);
                List<CompletableFuture<Void>> senders = new ArrayList<>();
                for (int i = 0; i < SENDERS; i++) {
                    seed += each;
                    senders.add(sender(mailbox, new KeyId(1 + i), bytes, seed, each));
                }
                CompletableFuture.allOf(senders.toArray(CompletableFuture[]::new)).join();
                tally.done(each * SENDERS);
            }
        }
    }

    /** Sends the next message when the one before is stored. */
    private static CompletableFuture<Void> sender(Mailbox mailbox, KeyId recipient, int bytes, long seed, int left) {
        if (left == 0) {
            return CompletableFuture.completedFuture(null);
        }
        return store(mailbox, recipient, body(bytes, seed))
                .thenCompose(receipt -> sender(mailbox, recipient, bytes, seed + (1L << 32), left - 1));
    }

    private void naive(String name, int bytes, int mailboxes) throws Exception {
        try (DirectoryVolume disk = new DirectoryVolume(place(name))) {
            CountingVolume volume = new CountingVolume(disk);
            List<Volume.File> files = new ArrayList<>();
            for (int i = 0; i < mailboxes; i++) {
                files.add(volume.open("mailbox-" + i));
            }
            volume.forceDirectory();
            Tally tally = new Tally(name, bytes, volume);
            for (int i = 0; i < messages; i++) {
                Volume.File file = files.get(i % mailboxes);
                file.write(ByteBuffer.wrap(body(bytes, ++seed)), file.sizeBytes());
                long began = System.nanoTime();
                file.force();
                forceNanos.add(System.nanoTime() - began);
            }
            tally.done(messages);
            for (Volume.File file : files) {
                file.close();
            }
        }
    }

    private Path place(String name) {
        return directory.resolve(name.replaceAll("[^0-9A-Za-z]+", "-"));
    }

    private static CompletableFuture<Mailbox.Receipt> store(Mailbox mailbox, KeyId recipient, byte[] body) {
        return mailbox.store(recipient, hash(body), body, MailSource.LOCAL).toCompletableFuture();
    }

    private static byte[] body(int bytes, long seed) {
        byte[] body = new byte[bytes];
        new Random(seed).nextBytes(body);
        return body;
    }

    /** To the engine a hash is a name; any function of the bytes serves. */
    private static Hash256 hash(byte[] body) {
        try {
            return Hash256.of(MessageDigest.getInstance("SHA-256").digest(body));
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError("every Java has it", impossible);
        }
    }

    /**
     * Bytes that the disk under the directory was given since the machine started, by anybody, the journal of the file
     * system included; 0 where the file system is not on one disk.
     */
    private long deviceBytesWritten() throws IOException {
        long device = ((Number) Files.getAttribute(directory, "unix:dev")).longValue();
        long major = device >> 8 & 0xFFF;
        long minor = device & 0xFF | device >> 12 & 0xFFF00;
        Path statistics = Path.of("/sys/dev/block/" + major + ":" + minor + "/stat");
        if (!Files.exists(statistics)) {
            return 0;
        }
        return Long.parseLong(Files.readString(statistics).strip().split(" +")[SECTORS_WRITTEN]) * SECTOR_BYTES;
    }
}
