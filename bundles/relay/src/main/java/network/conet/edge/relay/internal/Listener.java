package network.conet.edge.relay.internal;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import network.conet.edge.api.Counter;
import network.conet.edge.api.Counters;
import network.conet.edge.api.EventStream;
import network.conet.edge.api.Mailbox;
import network.conet.edge.protocol.KeyId;
import network.conet.edge.protocol.StreamFrames;
import network.conet.edge.protocol.WalletAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One wallet's open stream. Mail comes from the mailbox and from nowhere else: the listener keeps the number of the
 * last message it wrote and asks for the next one when there may be one and the stream has room. So messages come in
 * order and once a session, a slow reader holds one message in memory, and one that arrives while old ones are being
 * read cannot overtake them.
 *
 * <p>Any thread may {@link #wake()}. One thread at a time pumps: who raises {@code pending} from zero, until it
 * brings it back to zero.
 */
final class Listener implements EventStream.Events {
    private static final Logger LOG = LoggerFactory.getLogger(Listener.class);

    private final WalletAddress wallet;
    private final Optional<KeyId> mailbox;
    private final Mailbox store;
    private final Counters counters;
    private final Runnable onClosed;
    private final long openedNanos;
    private final AtomicInteger pending = new AtomicInteger();
    private final Object greeted = new Object();
    private volatile EventStream stream;
    private volatile boolean isClosed;
    /** Written by the thread that pumps. */
    private long lastSequence;

    /**
     * @param wallet who listens
     * @param mailbox whose mail is written, or empty for a stream of epochs only
     * @param openedNanos monotonic time
     * @param onClosed called once when the stream has ended
     */
    Listener(WalletAddress wallet, Optional<KeyId> mailbox, Mailbox store, Counters counters, long openedNanos,
            Runnable onClosed) {
        this.wallet = wallet;
        this.mailbox = mailbox;
        this.store = store;
        this.counters = counters;
        this.openedNanos = openedNanos;
        this.onClosed = onClosed;
    }

    WalletAddress wallet() {
        return wallet;
    }

    Optional<KeyId> mailbox() {
        return mailbox;
    }

    long openedNanos() {
        return openedNanos;
    }

    /** Gives the listener its stream and writes the greeting; then mail begins to flow. */
    void begin(EventStream opened, byte[] greeting) {
        synchronized (greeted) {
            opened.write(greeting);
            stream = opened;
        }
        if (isClosed) {
            opened.close();
        }
        wake();
    }

    /** Writes a frame that is not mail. A stream that is full gets none: it will get the next one. */
    void heartbeat(byte[] frame) {
        EventStream open;
        // Whoever has read the greeting misses no epoch: wait until the stream is there too.
        synchronized (greeted) {
            open = stream;
        }
        if (open != null && open.isWritable()) {
            open.write(frame);
        }
    }

    /** Ends the stream. */
    void close() {
        isClosed = true;
        EventStream open = stream;
        if (open != null) {
            open.close();
        }
    }

    /** There may be new mail, or room for it. */
    void wake() {
        if (mailbox.isPresent() && stream != null && pending.getAndIncrement() == 0) {
            pump();
        }
    }

    @Override
    public void writable() {
        wake();
    }

    @Override
    public void closed() {
        isClosed = true;
        onClosed.run();
    }

    private void pump() {
        int seen = pending.get();
        while (seen != 0 && !isClosed) {
            if (!stream.isWritable()) {
                seen = pending.addAndGet(-seen);
                continue;
            }
            CompletableFuture<Boolean> delivered = deliverNext();
            if (!delivered.isDone()) {
                int asked = seen;
                delivered.thenAccept(isMore -> {
                    if (isMore || pending.addAndGet(-asked) != 0) {
                        pump();
                    }
                });
                return;
            }
            if (!delivered.join()) {
                seen = pending.addAndGet(-seen);
            }
        }
    }

    /** Reads and writes one message; whether there was one. Never fails: a listener that cannot go on is closed. */
    private CompletableFuture<Boolean> deliverNext() {
        return CompletableFuture.completedFuture(mailbox.orElseThrow())
                .thenCompose(recipient -> store.next(recipient, lastSequence))
                .thenApply(this::deliver)
                .exceptionally(failure -> {
                    // The client comes again and starts from what is not acknowledged.
                    LOG.warn("A mailbox cannot be read; its listener is closed", failure);
                    close();
                    return false;
                });
    }

    /** Writes a message; false when there was none. */
    private boolean deliver(Optional<Mailbox.StoredMessage> message) {
        if (message.isEmpty()) {
            return false;
        }
        lastSequence = message.get().sequence();
        stream.write(StreamFrames.mail(message.get().armor()));
        counters.add(Counter.MESSAGES_DELIVERED, 1);
        return true;
    }
}
