package network.conet.edge.client;

import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import network.conet.edge.client.ClientException.Kind;
import network.conet.edge.protocol.Hash256;

/**
 * Acknowledges mail while more of it is taken. One that fails is told of at the next, or at the end: the connection is
 * then made anew, the message comes again and is acknowledged again. One thread adds and closes.
 */
final class Acknowledgements implements AutoCloseable {
    private static final int THREADS_MAX = 4;
    /** When so many wait, the adding thread acknowledges too, and so slows down. */
    private static final int WAITING_MAX = 64;
    /** Longer than a post may take. */
    private static final Duration END_PATIENCE = Duration.ofSeconds(90);

    private final ConetClient client;
    private final AtomicReference<ClientException> failure = new AtomicReference<>();
    private final ThreadPoolExecutor threads = new ThreadPoolExecutor(THREADS_MAX, THREADS_MAX, 30, TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(WAITING_MAX), task -> {
                Thread thread = new Thread(task, "conet-acknowledge");
                thread.setDaemon(true);
                return thread;
            }, new ThreadPoolExecutor.CallerRunsPolicy());

    Acknowledgements(ConetClient client) {
        this.client = client;
        threads.allowCoreThreadTimeOut(true);
    }

    /** Acknowledges a message soon. Throws what an earlier one failed with. */
    void add(Hash256 armorHash) throws ClientException {
        throwFailure();
        threads.execute(() -> acknowledge(armorHash));
    }

    private void acknowledge(Hash256 armorHash) {
        try {
            client.acknowledge(armorHash);
        } catch (ClientException failed) {
            failure.compareAndSet(null, failed);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits until all are acknowledged, unless the thread is interrupted. Throws what one of them failed with. */
    @Override
    public void close() throws ClientException {
        threads.shutdown();
        try {
            if (!threads.awaitTermination(END_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new ClientException(Kind.UNREACHABLE, "mail was taken, but its mailbox node does not answer");
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        } finally {
            threads.shutdownNow();
        }
        throwFailure();
    }

    private void throwFailure() throws ClientException {
        ClientException failed = failure.get();
        if (failed != null) {
            throw failed;
        }
    }
}
