package network.conet.edge.client;

import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import network.conet.edge.api.Clock;
import network.conet.edge.client.ClientException.Kind;
import network.conet.edge.protocol.Hash256;

/**
 * Listens to our mail for as long as wished: connects again when a connection ends or says nothing for too long, gives
 * each message once, and acknowledges it after the receiver took it, while the next ones are taken. A message that
 * cannot be opened is given without content and acknowledged too, for it would come for ever.
 */
public final class MailListener {
    /** Without a heartbeat for this long, a connection is taken for dead. */
    static final Duration IDLE_MAX = Duration.ofSeconds(240);

    private static final Duration RETRY_FIRST = Duration.ofSeconds(2);
    private static final Duration RETRY_MAX = Duration.ofSeconds(30);
    private static final int REMEMBERED_MAX = 10_000;

    private final ConetClient client;
    private final Clock clock;
    private final Map<Hash256, Boolean> taken = new LinkedHashMap<>();

    /**
     * @param client who listens
     * @param clock measures how long
     */
    public MailListener(ConetClient client, Clock clock) {
        this.client = client;
        this.clock = clock;
    }

    /** Takes mail. Called on the listening thread. */
    public interface Receiver {
        /** The stream is open: messages sent from now on arrive without delay. */
        void connected();

        /**
         * Whether a message is for this receiver. One that is not stays in the mailbox, for another.
         *
         * @param content as in {@link #received}
         */
        default boolean isMine(Optional<ChatMessage> content) {
            return true;
        }

        /**
         * @param armorHash names the message
         * @param content what it says; empty when our key does not open it
         * @return whether to go on listening
         */
        boolean received(Hash256 armorHash, Optional<ChatMessage> content);
    }

    /**
     * Listens until the receiver has enough, or the time is over. What was taken is acknowledged when it returns.
     *
     * @param timeout how long at most
     * @throws ClientException TIMEOUT when the time is over; REFUSED and SETUP at once; connections that fail are tried
     *     again until the time is over
     */
    public void listen(Receiver receiver, Duration timeout) throws ClientException, InterruptedException {
        long deadlineNanos = clock.monotonicNanos() + timeout.toNanos();
        ScheduledExecutorService watchdog = Executors.newSingleThreadScheduledExecutor(work -> {
            Thread thread = new Thread(work, "conet-listen-watchdog");
            thread.setDaemon(true);
            return thread;
        });
        try {
            Duration wait = RETRY_FIRST;
            while (true) {
                try {
                    if (listenOnce(receiver, deadlineNanos, watchdog)) {
                        return;
                    }
                    wait = RETRY_FIRST;
                } catch (ClientException failed) {
                    if (failed.kind() != Kind.UNREACHABLE) {
                        throw failed;
                    }
                }
                long leftNanos = deadlineNanos - clock.monotonicNanos();
                if (leftNanos <= 0) {
                    throw new ClientException(Kind.TIMEOUT, "nothing more arrived in the time given");
                }
                TimeUnit.NANOSECONDS.sleep(Math.min(leftNanos, wait.toNanos()));
                wait = wait.multipliedBy(2).compareTo(RETRY_MAX) > 0 ? RETRY_MAX : wait.multipliedBy(2);
            }
        } finally {
            watchdog.shutdownNow();
        }
    }

    private boolean listenOnce(Receiver receiver, long deadlineNanos, ScheduledExecutorService watchdog)
            throws ClientException, InterruptedException {
        AtomicReference<ScheduledFuture<?>> alarm = new AtomicReference<>();
        try (Acknowledgements acknowledgements = new Acknowledgements(client); MailStream stream = client.openMail()) {
            boolean isFirst = true;
            while (true) {
                setAlarm(alarm, watchdog, stream, deadlineNanos);
                Optional<MailStream.Event> event = stream.next();
                if (event.isEmpty()) {
                    return false;
                }
                if (isFirst) {
                    receiver.connected();
                    isFirst = false;
                }
                if (event.get().mail().isPresent() && !take(event.get().mail().get(), receiver, acknowledgements)) {
                    return true;
                }
            }
        } catch (IOException ended) {
            return false;
        } finally {
            ScheduledFuture<?> last = alarm.get();
            if (last != null) {
                last.cancel(false);
            }
        }
    }

    /** Closing the stream is the only way to wake its reader. */
    private void setAlarm(AtomicReference<ScheduledFuture<?>> alarm, ScheduledExecutorService watchdog,
            MailStream stream, long deadlineNanos) {
        long leftNanos = Math.min(deadlineNanos - clock.monotonicNanos(), IDLE_MAX.toNanos());
        ScheduledFuture<?> next = watchdog.schedule(() -> {
            stream.close();
            return null;
        }, Math.max(0, leftNanos), TimeUnit.NANOSECONDS);
        ScheduledFuture<?> last = alarm.getAndSet(next);
        if (last != null) {
            last.cancel(false);
        }
    }

    private boolean take(MailStream.Mail mail, Receiver receiver, Acknowledgements acknowledgements)
            throws ClientException {
        boolean goesOn = true;
        if (!receiver.isMine(mail.content())) {
            return true;
        }
        if (taken.putIfAbsent(mail.armorHash(), true) == null) {
            if (taken.size() > REMEMBERED_MAX) {
                taken.remove(taken.keySet().iterator().next());
            }
            goesOn = receiver.received(mail.armorHash(), mail.content());
        }
        acknowledgements.add(mail.armorHash());
        return goesOn;
    }
}
