package network.conet.edge.chain.internal;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import network.conet.edge.api.Clock;
import network.conet.edge.chain.ChainLimits;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that waits for the chain or the file. Its tasks take turns; each says when it wants the next one.
 * A test calls {@link #turn()} on its own thread instead of starting this one.
 */
final class ChainWorker {
    private static final Logger LOG = LoggerFactory.getLogger(ChainWorker.class);

    private final String name;
    private final Clock clock;
    private final List<Task> tasks = new CopyOnWriteArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean wanted;
    private boolean stopped;
    private Thread thread;

    ChainWorker(String name, Clock clock) {
        this.name = name;
        this.clock = clock;
    }

    /** Something to be done again and again on the worker's thread. */
    @FunctionalInterface
    interface Task {
        /**
         * Does what is due.
         *
         * @param nowNanos the monotonic time
         * @return nanoseconds until it wants to be called again; 0 for at once
         */
        long turn(long nowNanos);
    }

    void add(Task task) {
        tasks.add(task);
    }

    void remove(Task task) {
        tasks.remove(task);
    }

    void start() {
        lock.lock();
        try {
            if (thread != null || stopped) {
                throw new IllegalStateException("started twice");
            }
            thread = new Thread(this::run, name);
            thread.setDaemon(true);
            thread.start();
        } finally {
            lock.unlock();
        }
    }

    /** Asks for a turn soon. Never waits. */
    void wake() {
        lock.lock();
        try {
            wanted = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Lets every task do what is due; returns when the next one is due, in nanoseconds from now. */
    long turn() {
        long wait = Long.MAX_VALUE;
        for (Task task : tasks) {
            wait = Math.min(wait, task.turn(clock.monotonicNanos()));
        }
        return wait;
    }

    /** Ends the thread, waiting a moment for a request under way. */
    void stop() {
        Thread running;
        lock.lock();
        try {
            stopped = true;
            running = thread;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        if (running == null || running == Thread.currentThread()) {
            return;
        }
        try {
            running.join(ChainLimits.STOP_MILLIS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            while (pause(guardedTurn())) {
                continue;
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** The outer loop of this bundle: a broken invariant ends the turn that it was found in, not the thread. */
    private long guardedTurn() {
        try {
            return turn();
        } catch (RuntimeException | AssertionError broken) {
            LOG.error("a fault of our own on thread {}", name, broken);
            return TimeUnit.MILLISECONDS.toNanos(ChainLimits.BACK_OFF_MILLIS_MAX);
        }
    }

    private boolean pause(long nanos) throws InterruptedException {
        lock.lock();
        try {
            long left = nanos;
            while (!wanted && !stopped && left > 0) {
                left = changed.awaitNanos(Math.min(left, TimeUnit.HOURS.toNanos(1)));
            }
            wanted = false;
            return !stopped;
        } finally {
            lock.unlock();
        }
    }
}
