package network.conet.edge.storage.internal;

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
import network.conet.edge.api.Mailbox;
import network.conet.edge.protocol.Hash256;
import network.conet.edge.protocol.KeyId;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.RefusedException;

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

    static CompletableFuture<Mailbox.Receipt> store(Mailbox mailbox, KeyId recipient, byte[] body) {
        return mailbox.store(recipient, hash(body), body).toCompletableFuture();
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
