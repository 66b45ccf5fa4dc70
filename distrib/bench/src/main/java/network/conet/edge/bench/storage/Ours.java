package network.conet.edge.bench.storage;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import network.conet.edge.api.Clock;
import network.conet.edge.api.MailSource;
import network.conet.edge.api.Mailbox;
import network.conet.edge.api.PlainCounters;
import network.conet.edge.protocol.Hash256;
import network.conet.edge.protocol.KeyId;
import network.conet.edge.storage.internal.CommitDriver;
import network.conet.edge.storage.internal.Quotas;
import network.conet.edge.storage.internal.StorageParts;
import network.conet.edge.storage.internal.StorageService;
import network.conet.edge.storage.internal.StorageSettings;
import network.conet.edge.storage.internal.log.DirectoryVolume;
import network.conet.edge.storage.internal.log.StorageKey;

/**
 * The engine of the node, with its settings for an SD card. The only class here that knows it.
 *
 * <p>Whoever measures forms the groups, for all stores alike; so the engine's clock is put forward by its window as
 * soon as a group is complete, and it is pumped by hand, idle work included.
 */
final class Ours implements Store {
    private static final int QUOTA_MEBIBYTES = 1024;
    private static final int SEGMENT_MEBIBYTES = 4;
    private static final int MESSAGES_MAX = 2_000_000;
    /** Room for a whole group of the largest messages measured; the default would refuse a part of it. */
    private static final int PENDING_BYTES_MAX = 16 * 1024 * 1024;

    private final AheadClock clock = new AheadClock();
    private final StorageSettings settings;
    private final DirectoryVolume volume;
    private final StorageService mailbox;

    Ours(Path directory) throws IOException {
        StorageSettings card = StorageSettings.ofMiB(QUOTA_MEBIBYTES, SEGMENT_MEBIBYTES);
        settings = card.withFlash(card.flash().withGroups(card.flash().commitBytes(), PENDING_BYTES_MAX))
                .withQuotas(Quotas.DEFAULT.withMailbox(Long.MAX_VALUE, MESSAGES_MAX, Long.MAX_VALUE))
                .withIndex(new StorageSettings.Index(StorageSettings.Index.DEFAULT.heapMessagesMax(), MESSAGES_MAX,
                        StorageSettings.Index.DEFAULT.snapshotMessagesMin()));
        volume = new DirectoryVolume(directory);
        mailbox = new StorageService(settings, new StorageParts(volume, StorageKey.of(new byte[StorageKey.BYTES]),
                clock, new PlainCounters(), new SecureRandom(), Runnable::run, CommitDriver.MANUAL));
    }

    @Override
    public void commit(List<Message> messages, List<Message> acknowledged) {
        for (Message message : acknowledged) {
            if (!mailbox.acknowledge(mailboxOf(message.recipient()), hash(message)).toCompletableFuture().join()) {
                throw new AssertionError("message " + message.number() + " is not there");
            }
        }
        List<CompletableFuture<Mailbox.Receipt>> stored = new ArrayList<>();
        for (Message message : messages) {
            stored.add(mailbox.store(mailboxOf(message.recipient()), hash(message), message.body(),
                    MailSource.LOCAL).toCompletableFuture());
        }
        // Acknowledgements alone wait much longer for something to ride on.
        clock.putForward(messages.isEmpty() ? settings.flash().ackDelayMillis()
                : settings.flash().commitWindowMillis());
        long nanosUntilDue = 0;
        while (nanosUntilDue == 0) {
            nanosUntilDue = mailbox.pump();
        }
        for (CompletableFuture<Mailbox.Receipt> receipt : stored) {
            if (!receipt.isDone()) {
                throw new AssertionError("a message was not written when its window was over");
            }
            receipt.join();
        }
    }

    @Override
    public int list(int recipient, int most) {
        long sequence = 0;
        for (int count = 0; count < most; count++) {
            Optional<Mailbox.StoredMessage> next = mailbox.next(mailboxOf(recipient), sequence)
                    .toCompletableFuture().join();
            if (next.isEmpty()) {
                return count;
            }
            sequence = next.get().sequence();
        }
        return most;
    }

    @Override
    public int count(int recipient) {
        return mailbox.count(mailboxOf(recipient));
    }

    @Override
    public void close() throws IOException {
        mailbox.close();
        volume.close();
    }

    private static KeyId mailboxOf(int recipient) {
        return new KeyId(recipient);
    }

    private static Hash256 hash(Message message) {
        return Hash256.of(message.name());
    }

    /** The machine's clock, and what it was put forward. */
    private static final class AheadClock implements Clock {
        private long millisAhead;

        void putForward(long millis) {
            millisAhead += millis;
        }

        @Override
        public long epochMillis() {
            return System.currentTimeMillis() + millisAhead;
        }

        @Override
        public long monotonicNanos() {
            return System.nanoTime() + millisAhead * 1_000_000;
        }
    }
}
