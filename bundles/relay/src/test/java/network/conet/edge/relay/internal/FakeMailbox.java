package network.conet.edge.relay.internal;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import network.conet.edge.api.MailSource;
import network.conet.edge.api.Mailbox;
import network.conet.edge.protocol.Hash256;
import network.conet.edge.protocol.KeyId;
import network.conet.edge.protocol.RefusedException;

/**
 * Mailboxes in memory. Work is done on the given executor, so that a test decides when a message is durable and when a
 * reading is answered.
 */
final class FakeMailbox implements Mailbox {
    private final Map<KeyId, List<Entry>> boxes = new HashMap<>();
    private final Executor disk;
    private long lastSequence;
    /** What every call fails with, if not null. */
    Throwable failure;
    /** What every call throws at once, if not null. */
    RuntimeException broken;
    int reads;
    /** Entries that became durable with messages. */
    final List<byte[]> ledger = new ArrayList<>();

    FakeMailbox(Executor disk) {
        this.disk = disk;
    }

    /** An executor that keeps what it is given until told. */
    static final class Held implements Executor {
        final Queue<Runnable> tasks = new ArrayDeque<>();

        @Override
        public void execute(Runnable task) {
            tasks.add(task);
        }

        void runAll() {
            while (!tasks.isEmpty()) {
                tasks.remove().run();
            }
        }
    }

    @Override
    public CompletionStage<Receipt> store(KeyId recipient, Hash256 armorHash, byte[] armor, MailSource source,
            Optional<byte[]> ledgerEntry) {
        return later(() -> {
            List<Entry> box = box(recipient);
            for (Entry entry : box) {
                if (entry.hash.equals(armorHash)) {
                    return new Receipt(entry.sequence, true);
                }
            }
            box.add(new Entry(++lastSequence, armorHash, armor));
            ledgerEntry.ifPresent(ledger::add);
            return new Receipt(lastSequence, false);
        });
    }

    @Override
    public CompletionStage<Optional<StoredMessage>> next(KeyId recipient, long afterSequence) {
        reads++;
        return later(() -> box(recipient).stream()
                .filter(entry -> entry.sequence > afterSequence)
                .findFirst()
                .map(entry -> new StoredMessage(entry.sequence, entry.armor)));
    }

    @Override
    public CompletionStage<Boolean> acknowledge(KeyId recipient, Hash256 armorHash) {
        return later(() -> box(recipient).removeIf(entry -> entry.hash.equals(armorHash)));
    }

    @Override
    public long bytes(KeyId recipient) {
        return box(recipient).stream().mapToLong(entry -> entry.armor.length).sum();
    }

    @Override
    public int count(KeyId recipient) {
        return box(recipient).size();
    }

    boolean contains(KeyId recipient, byte[] armor) {
        return box(recipient).stream().anyMatch(entry -> Arrays.equals(entry.armor, armor));
    }

    private List<Entry> box(KeyId recipient) {
        return boxes.computeIfAbsent(recipient, key -> new ArrayList<>());
    }

    private interface Work<T> {
        T run() throws RefusedException;
    }

    private <T> CompletionStage<T> later(Work<T> work) {
        if (broken != null) {
            throw broken;
        }
        CompletableFuture<T> stage = new CompletableFuture<>();
        disk.execute(() -> {
            try {
                if (failure != null) {
                    stage.completeExceptionally(failure);
                } else {
                    stage.complete(work.run());
                }
            } catch (RefusedException refused) {
                stage.completeExceptionally(refused);
            }
        });
        return stage;
    }

    private record Entry(long sequence, Hash256 hash, byte[] armor) {}
}
