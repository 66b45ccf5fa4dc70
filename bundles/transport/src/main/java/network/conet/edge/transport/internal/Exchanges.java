package network.conet.edge.transport.internal;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Counts the exchanges that wait for their answer, so that a stop can wait for them. Safe for use by many threads. */
final class Exchanges {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition none = lock.newCondition();
    private int open;

    void begin() {
        lock.lock();
        try {
            open++;
        } finally {
            lock.unlock();
        }
    }

    void end() {
        lock.lock();
        try {
            if (--open < 0) {
                throw new AssertionError("an exchange ended twice");
            }
            if (open == 0) {
                none.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    int open() {
        lock.lock();
        try {
            return open;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until none is open, at most so long. Returns whether none is. */
    boolean awaitNone(long millis) {
        lock.lock();
        try {
            long leftNanos = TimeUnit.MILLISECONDS.toNanos(millis);
            while (open > 0 && leftNanos > 0) {
                leftNanos = none.awaitNanos(leftNanos);
            }
            return open == 0;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return open == 0;
        } finally {
            lock.unlock();
        }
    }
}
