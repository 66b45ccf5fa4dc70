package network.conet.edge.transport.internal;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ScheduledFuture;
import io.netty.util.concurrent.Ticker;
import java.util.concurrent.TimeUnit;

/**
 * The one time by which something must happen on a connection. Putting it off is a store to a field; the timer finds
 * out when it rings, and is set again. Measured by the loop's own ticker, which its timers follow: a connection's
 * patience is real time even where a test has set the node's clock. Used on one loop only.
 */
final class Deadline implements Runnable {
    private final EventExecutor executor;
    private final Ticker ticker;
    private final Runnable missed;
    private ScheduledFuture<?> timer;
    private long timerNanos;
    private long dueNanos;
    private boolean set;

    Deadline(EventExecutor executor, Runnable missed) {
        this.executor = executor;
        this.ticker = executor.ticker();
        this.missed = missed;
    }

    /** So long from now. */
    void in(long millis) {
        set(nanosIn(millis));
    }

    /** So long from a moment of {@link #nanosIn}. */
    void at(long fromNanos, long millis) {
        set(fromNanos + TimeUnit.MILLISECONDS.toNanos(millis));
    }

    /** So long from now, but not after the given moment. */
    void earlierOf(long millis, long untilNanos) {
        long due = nanosIn(millis);
        set(due - untilNanos < 0 ? due : untilNanos);
    }

    /** The moment so long from now. */
    long nanosIn(long millis) {
        return ticker.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    }

    void cancel() {
        set = false;
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }

    @Override
    public void run() {
        timer = null;
        if (!set) {
            return;
        }
        if (dueNanos - ticker.nanoTime() > 0) {
            schedule();
        } else {
            set = false;
            missed.run();
        }
    }

    private void set(long nanos) {
        dueNanos = nanos;
        set = true;
        if (timer != null && nanos - timerNanos < 0) {
            timer.cancel(false);
            timer = null;
        }
        if (timer == null) {
            schedule();
        }
    }

    private void schedule() {
        timerNanos = dueNanos;
        timer = executor.schedule(this, Math.max(0, dueNanos - ticker.nanoTime()), TimeUnit.NANOSECONDS);
    }
}
