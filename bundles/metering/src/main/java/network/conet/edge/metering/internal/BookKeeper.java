package network.conet.edge.metering.internal;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import network.conet.edge.api.Ledger;
import network.conet.edge.api.ValueStore;
import network.conet.edge.protocol.JsonException;
import network.conet.edge.protocol.JsonValue;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.RefusedException;
import network.conet.edge.protocol.pay.LedgerEntry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the book behind the ledger: reads what became durable, in order, and books it. Now and then the whole book is
 * saved and the ledger told that it may forget. Saving writes parts under a new generation first and then, in one
 * value, which generation counts; so a stop at any moment leaves a book and all entries behind it.
 *
 * <pre>
 *  values of the space "metering":   book             {"generation", "parts", "sha256"}
 *                                    book-GEN-PART    bytes
 * </pre>
 *
 * Safe for use by many threads; continues on the storage's.
 */
final class BookKeeper {
    private static final Logger LOG = LoggerFactory.getLogger(BookKeeper.class);
    private static final String SPACE = "metering";
    private static final String HEAD = "book";

    private final Ledger ledger;
    private final ValueStore values;
    private final Object lock = new Object();
    private Book book;
    private long generation;
    private int parts;
    private long savedIndex;
    private boolean isSaving;
    private String trouble = "";

    BookKeeper(Ledger ledger, ValueStore values) {
        this.ledger = ledger;
        this.values = values;
    }

    /** Reads the saved book and what came behind it. The stage completes when all that is durable is booked. */
    CompletionStage<Void> open() {
        return values.get(SPACE, HEAD).thenCompose(this::load).thenCompose(loaded -> {
            synchronized (lock) {
                book = loaded;
                savedIndex = loaded.index;
            }
            return follow();
        }).whenComplete((done, failure) -> {
            if (failure != null) {
                broken(failure);
            }
        });
    }

    private CompletionStage<Book> load(Optional<byte[]> head) {
        if (head.isEmpty()) {
            return CompletableFuture.completedFuture(new Book());
        }
        String digest;
        try {
            JsonValue json = JsonValue.parse(head.get());
            generation = json.integer("generation").orElseThrow();
            parts = Math.toIntExact(json.integer("parts").orElseThrow());
            digest = json.string("sha256").orElseThrow();
        } catch (JsonException | RuntimeException malformed) {
            return CompletableFuture.failedFuture(new IOException("the saved accounts have no head", malformed));
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CompletionStage<Void> all = CompletableFuture.completedStage(null);
        for (int i = 0; i < parts; i++) {
            String key = key(generation, i);
            all = all.thenCompose(ignored -> values.get(SPACE, key))
                    .thenAccept(part -> part.ifPresent(bytes::writeBytes));
        }
        return all.thenCompose(ignored -> {
            try {
                if (!sha256(bytes.toByteArray()).equals(digest)) {
                    throw new IOException("the saved accounts are damaged");
                }
                return CompletableFuture.completedFuture(BookCodec.decode(bytes.toByteArray()));
            } catch (IOException damaged) {
                return CompletableFuture.failedFuture(damaged);
            }
        });
    }

    /** Asks about the book; empty while it is not loaded. */
    <T> Optional<T> ask(Function<Book, T> question) {
        synchronized (lock) {
            return book == null || !trouble.isEmpty() ? Optional.empty() : Optional.ofNullable(question.apply(book));
        }
    }

    /** Why there is no book; empty when there is, or will be soon. */
    String trouble() {
        synchronized (lock) {
            return trouble;
        }
    }

    /** Writes an entry. The stage completes when it is durable and booked. */
    CompletionStage<Void> append(LedgerEntry entry) {
        synchronized (lock) {
            if (book == null || !trouble.isEmpty()) {
                return CompletableFuture.failedFuture(new RefusedException(RefuseReason.STORAGE_FAILED,
                        trouble.isEmpty() ? "the accounts are not read yet" : trouble));
            }
        }
        return ledger.append(entry.encode()).thenCompose(written -> follow());
    }

    /** Books what became durable. The stage completes when everything that was durable at the call is booked. */
    CompletionStage<Void> follow() {
        synchronized (lock) {
            if (book == null || !trouble.isEmpty()) {
                return CompletableFuture.completedStage(null);
            }
        }
        long wanted = ledger.head().lastIndex();
        return followTo(wanted);
    }

    private CompletionStage<Void> followTo(long wanted) {
        long from;
        synchronized (lock) {
            if (book.index >= wanted || !trouble.isEmpty()) {
                return CompletableFuture.completedStage(null);
            }
            from = book.index + 1;
        }
        return ledger.read(from, MeteringLimits.READ_ENTRIES).thenCompose(entries -> {
            book(entries);
            synchronized (lock) {
                // Others may read at the same time; it only matters that somebody got further.
                if (book.index < from && trouble.isEmpty()) {
                    broken(new IOException("entry " + from + " of the ledger cannot be read"));
                }
            }
            return followTo(wanted);
        });
    }

    private void book(List<Ledger.Entry> entries) {
        synchronized (lock) {
            for (Ledger.Entry entry : entries) {
                if (entry.index() != book.index + 1) {
                    continue;
                }
                try {
                    book.apply(entry.index(), entry.hash(), LedgerEntry.parse(entry.content()));
                } catch (RefusedException unknown) {
                    broken(new IOException("entry " + entry.index() + " of the ledger is of newer software"));
                    return;
                }
            }
        }
    }

    private void broken(Throwable failure) {
        synchronized (lock) {
            if (trouble.isEmpty()) {
                Throwable cause = failure.getCause() == null ? failure : failure.getCause();
                trouble = String.valueOf(cause.getMessage());
                LOG.error("Accounts cannot be kept, nothing is charged: {}", trouble);
            }
        }
    }

    /** Saves the book when enough was booked since the last time. */
    CompletionStage<Void> saveIfDue(long epochSeconds) {
        synchronized (lock) {
            if (book == null || book.index - savedIndex < MeteringLimits.SAVE_ENTRIES) {
                return CompletableFuture.completedStage(null);
            }
        }
        return save(epochSeconds);
    }

    /** Saves the book, then lets the ledger forget what is in it. */
    CompletionStage<Void> save(long epochSeconds) {
        byte[] bytes;
        long index;
        long next;
        int count;
        synchronized (lock) {
            if (book == null || isSaving || !trouble.isEmpty() || book.index == savedIndex) {
                return CompletableFuture.completedStage(null);
            }
            isSaving = true;
            book.prune(epochSeconds);
            book.check();
            bytes = BookCodec.encode(book);
            index = book.index;
            next = generation + 1;
            count = (bytes.length + MeteringLimits.PART_BYTES - 1) / MeteringLimits.PART_BYTES;
        }
        CompletionStage<Void> all = CompletableFuture.completedStage(null);
        for (int i = 0; i < count; i++) {
            byte[] part = Arrays.copyOfRange(bytes, i * MeteringLimits.PART_BYTES,
                    Math.min(bytes.length, (i + 1) * MeteringLimits.PART_BYTES));
            String key = key(next, i);
            all = all.thenCompose(ignored -> values.put(SPACE, key, part));
        }
        byte[] head = JsonValue.object().put("generation", next).put("parts", count).put("sha256", sha256(bytes))
                .build().toString().getBytes(StandardCharsets.UTF_8);
        return all.thenCompose(ignored -> values.put(SPACE, HEAD, head))
                .thenCompose(ignored -> ledger.settle(index))
                .thenCompose(ignored -> saved(next, count, index))
                .whenComplete((ignored, failure) -> {
                    synchronized (lock) {
                        isSaving = false;
                    }
                    if (failure != null) {
                        LOG.warn("The accounts could not be saved, the ledger keeps them: {}", failure.toString());
                    }
                });
    }

    private CompletionStage<Void> saved(long newGeneration, int count, long index) {
        long oldGeneration;
        int oldParts;
        synchronized (lock) {
            oldGeneration = generation;
            oldParts = parts;
            generation = newGeneration;
            parts = count;
            savedIndex = index;
        }
        CompletionStage<Void> all = CompletableFuture.completedStage(null);
        for (int i = 0; i < oldParts; i++) {
            String key = key(oldGeneration, i);
            all = all.thenCompose(ignored -> values.remove(SPACE, key));
        }
        return all;
    }

    private static String key(long generation, int part) {
        return HEAD + '-' + generation + '-' + part;
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError("every Java has SHA-256", impossible);
        }
    }
}
