package network.conet.edge.services.guest;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import network.conet.edge.api.Clock;

/**
 * Interrupts threads whose call has passed its deadline. One thread looks at all running calls a hundred times a
 * second, and not at all when none has run for a while; beginning and ending a call costs no timer.
 */
public final class Watchdog implements AutoCloseable {
    private static final long TICK_NANOS = 10_000_000;
    private static final int IDLE_TICKS_MAX = 200;

    private final Clock clock;
    private final Set<Run> runs = ConcurrentHashMap.newKeySet();
    private final Thread thread;
    private volatile boolean isParked;
    private volatile boolean isClosed;

    /** Starts the thread. */
    public Watchdog(Clock clock) {
        this.clock = clock;
        this.thread = new Thread(this::watch, "conet-services-watchdog");
        thread.setDaemon(true);
        thread.start();
    }

    /** Ends the thread. Calls that still run are watched no longer. */
    @Override
    public void close() {
        isClosed = true;
        LockSupport.unpark(thread);
    }

    /** Begins to watch the present thread. */
    Run begin(long deadlineNanos) {
        Run run = new Run(Thread.currentThread(), clock.monotonicNanos() + deadlineNanos);
        runs.add(run);
        if (isParked) {
            LockSupport.unpark(thread);
        }
        return run;
    }

    /** Whether any call runs. */
    boolean isWatching() {
        return !runs.isEmpty();
    }

    private void watch() {
        int idle = 0;
        while (!isClosed) {
            idle = runs.isEmpty() ? idle + 1 : 0;
            if (idle > IDLE_TICKS_MAX) {
                isParked = true;
                // Whoever began between the look above and this line sees the mark, or is seen here.
                if (runs.isEmpty() && !isClosed) {
                    LockSupport.park(this);
                }
                isParked = false;
                idle = 0;
            } else {
                LockSupport.parkNanos(this, TICK_NANOS);
            }
            long now = clock.monotonicNanos();
            runs.forEach(run -> run.interruptIfLate(now));
        }
    }

    private enum State { RUNNING, INTERRUPTING, INTERRUPTED, DONE }

    /** One watched call. Ended on its own thread. */
    final class Run {
        private final Thread runner;
        private final long lateNanos;
        private final AtomicReference<State> state = new AtomicReference<>(State.RUNNING);

        private Run(Thread runner, long lateNanos) {
            this.runner = runner;
            this.lateNanos = lateNanos;
        }

        private void interruptIfLate(long now) {
            if (now - lateNanos >= 0 && state.compareAndSet(State.RUNNING, State.INTERRUPTING)) {
                runner.interrupt();
                state.set(State.INTERRUPTED);
            }
        }

        /**
         * Ends the watch. When this returns no interrupt comes any more, and one that came is gone.
         *
         * @return whether the deadline had passed
         */
        boolean end() {
            runs.remove(this);
            if (state.compareAndSet(State.RUNNING, State.DONE)) {
                return false;
            }
            while (state.get() != State.INTERRUPTED) {
                Thread.onSpinWait();
            }
            // Clears the watchdog's interrupt: the thread's next work has nothing to do with it.
            Thread.interrupted();
            return true;
        }
    }
}
