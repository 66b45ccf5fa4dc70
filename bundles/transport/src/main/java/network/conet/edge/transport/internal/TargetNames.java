package network.conet.edge.transport.internal;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import network.conet.edge.api.Clock;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.RefusedException;

/**
 * Asks the system's resolver for names of targets, on a few threads of its own, and remembers the answers for a short
 * time. Who asks for a name that is being asked for waits for the same answer. Safe for use by many threads.
 */
final class TargetNames implements AutoCloseable {
    /** The system's resolver; may wait for long. */
    interface Resolver {
        InetAddress[] resolve(String name) throws UnknownHostException;
    }

    private static final int THREAD_IDLE_SECONDS = 10;

    private final Resolver resolver;
    private final Clock clock;
    private final ThreadPoolExecutor threads;
    private final Map<String, Answer> answers = new LinkedHashMap<>();
    private final Map<String, CompletableFuture<List<InetAddress>>> asking = new LinkedHashMap<>();

    TargetNames(Resolver resolver, Clock clock) {
        this.resolver = resolver;
        this.clock = clock;
        threads = new ThreadPoolExecutor(TransportLimits.NAME_THREADS_MAX, TransportLimits.NAME_THREADS_MAX,
                THREAD_IDLE_SECONDS, TimeUnit.SECONDS, new ArrayBlockingQueue<>(TransportLimits.NAMES_WAITING_MAX),
                work -> {
                    Thread thread = new Thread(work, "conet-target-names");
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
    }

    /** The addresses of a name, at least one. Fails with {@code TARGET_UNRESOLVED} or {@code STOPPING}. */
    CompletionStage<List<InetAddress>> ask(String name) {
        CompletableFuture<List<InetAddress>> shared;
        synchronized (this) {
            Answer known = answers.get(name);
            if (known != null && clock.monotonicNanos() - known.untilNanos < 0) {
                return known.addresses.isEmpty()
                        ? failed(RefuseReason.TARGET_UNRESOLVED) : CompletableFuture.completedStage(known.addresses);
            }
            shared = asking.get(name);
            if (shared == null) {
                shared = new CompletableFuture<>();
                CompletableFuture<List<InetAddress>> fresh = shared;
                try {
                    threads.execute(() -> resolve(name, fresh));
                } catch (RejectedExecutionException full) {
                    return failed(threads.isShutdown() ? RefuseReason.STOPPING : RefuseReason.TARGET_UNRESOLVED);
                }
                asking.put(name, shared);
            }
        }
        // A copy for each, so that one who gives up takes nothing from the others.
        return shared.copy().orTimeout(TransportLimits.NAME_MILLIS, TimeUnit.MILLISECONDS)
                .exceptionallyCompose(failure -> failed(RefuseReason.TARGET_UNRESOLVED));
    }

    @Override
    public void close() {
        threads.shutdownNow();
        synchronized (this) {
            asking.values().forEach(waiting -> waiting.completeExceptionally(
                    new RefusedException(RefuseReason.STOPPING)));
        }
    }

    private void resolve(String name, CompletableFuture<List<InetAddress>> waiting) {
        List<InetAddress> found;
        try {
            found = List.of(resolver.resolve(name));
        } catch (UnknownHostException none) {
            // An answer like another: there is no such name.
            found = List.of();
        } catch (RuntimeException | Error broken) {
            forget(name);
            waiting.completeExceptionally(broken);
            throw broken;
        }
        remember(name, found);
        if (found.isEmpty()) {
            waiting.completeExceptionally(new RefusedException(RefuseReason.TARGET_UNRESOLVED));
        } else {
            waiting.complete(found);
        }
    }

    private synchronized void forget(String name) {
        asking.remove(name);
    }

    private synchronized void remember(String name, List<InetAddress> found) {
        asking.remove(name);
        long millis = found.isEmpty()
                ? TransportLimits.NO_NAME_REMEMBERED_MILLIS : TransportLimits.NAME_REMEMBERED_MILLIS;
        answers.remove(name);
        if (answers.size() == TransportLimits.NAMES_REMEMBERED_MAX) {
            answers.remove(answers.keySet().iterator().next());
        }
        answers.put(name, new Answer(found, clock.monotonicNanos() + TimeUnit.MILLISECONDS.toNanos(millis)));
    }

    private static <T> CompletionStage<T> failed(RefuseReason reason) {
        return CompletableFuture.failedFuture(new RefusedException(reason));
    }

    /** What was answered; empty for nothing. */
    private record Answer(List<InetAddress> addresses, long untilNanos) {}
}
