package network.conet.edge.transport.internal;

import java.util.concurrent.TimeUnit;

/** Counts the exchanges that wait for their answer, so that a stop can wait for them. Safe for use by many threads. */
final class Exchanges {
    private int open;

    synchronized void begin() {
        open++;
    }

    synchronized void end() {
        if (--open < 0) {
            throw new AssertionError("an exchange ended twice");
        }
        if (open == 0) {
            notifyAll();
        }
    }

    synchronized int open() {
        return open;
    }

    /** Waits until none is open, at most so long. Returns whether none is. */
    synchronized boolean awaitNone(long millis) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        try {
            for (long left = millis; open > 0 && left > 0; ) {
                wait(left);
                left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        return open == 0;
    }
}
