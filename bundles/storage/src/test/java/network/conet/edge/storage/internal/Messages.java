package network.conet.edge.storage.internal;

import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;
import network.conet.edge.api.Clock;
import network.conet.edge.api.Counters;
import network.conet.edge.api.HealthCheck;
import network.conet.edge.api.HealthItem;
import network.conet.edge.api.MailSource;
import network.conet.edge.api.Mailbox;
import network.conet.edge.api.Volume;
import network.conet.edge.protocol.Hash256;
import network.conet.edge.protocol.KeyId;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.RefusedException;
import network.conet.edge.storage.internal.log.FlashPolicy;
import network.conet.edge.storage.internal.log.LogSettings;
import network.conet.edge.storage.internal.log.StorageKey;

/** Messages and short ways to use a mailbox in tests. */
final class Messages {
    static final long NOON = 1_790_000_000_000L;

    private Messages() {}

    /** A body that no other seed gives. */
    static byte[] body(long seed, int bytes) {
        byte[] body = new byte[bytes];
        new Random(seed * 1_000_003L + 17).nextBytes(body);
        for (int i = 0; i < Math.min(Long.BYTES, bytes); i++) {
            body[i] = (byte) (seed >>> 8 * i);
        }
        return body;
    }

    /** Any function of the bytes serves as the hash here. */
    static Hash256 hash(byte[] body) {
        try {
            return Hash256.of(MessageDigest.getInstance("SHA-256").digest(body));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    /** A small log for tests: sizes in bytes, times in milliseconds, retention in days. */
    static StorageSettings settings(int segmentBytes, int segmentsMax, int windowMillis, int commitBytes,
            int pendingBytes, int ackDelayMillis, int retentionDays) {
        FlashPolicy flash = FlashPolicy.Kind.SD.policy().withSegments(segmentBytes)
                .withWindows(windowMillis, windowMillis).withGroups(commitBytes, pendingBytes)
                .withAckDelay(ackDelayMillis);
        return new StorageSettings(new LogSettings(flash, segmentsMax, 0),
                Quotas.DEFAULT.withDays(retentionDays, 90), StorageSettings.Index.DEFAULT,
                StorageSettings.Wear.UNKNOWN);
    }

    static StorageKey key() {
        return StorageKey.of(new byte[StorageKey.BYTES]);
    }

    /** The service, pumped by hand and read on the caller. */
    static StorageService open(Volume volume, StorageSettings settings, Clock clock, Counters counters,
            RandomGenerator random) throws IOException {
        return new StorageService(settings, new StorageParts(volume, key(), clock, counters, random, Runnable::run,
                CommitDriver.MANUAL));
    }

    /** What is wrong; what is only told is left out. */
    static List<HealthItem> troubles(HealthCheck service) {
        return service.check().stream().filter(item -> item.severity() != HealthItem.Severity.OK).toList();
    }

    static CompletableFuture<Mailbox.Receipt> store(Mailbox mailbox, KeyId recipient, byte[] body) {
        return mailbox.store(recipient, hash(body), body, MailSource.LOCAL).toCompletableFuture();
    }

    static List<Mailbox.StoredMessage> all(Mailbox mailbox, KeyId recipient) {
        List<Mailbox.StoredMessage> messages = new ArrayList<>();
        long after = 0;
        while (true) {
            Optional<Mailbox.StoredMessage> next = get(mailbox.next(recipient, after));
            if (next.isEmpty()) {
                return messages;
            }
            messages.add(next.get());
            after = next.get().sequence();
        }
    }

    static <T> T get(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    /** Why a stage was refused; null when it completed normally. */
    static RefuseReason refusal(CompletionStage<?> stage) {
        if (!stage.toCompletableFuture().isDone()) {
            throw new AssertionError("not done");
        }
        try {
            stage.toCompletableFuture().join();
            return null;
        } catch (CompletionException e) {
            if (e.getCause() instanceof RefusedException refused) {
                return refused.reason();
            }
            throw e;
        }
    }
}
