package network.conet.edge.services.internal;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import network.conet.edge.services.guest.GuestModule;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one thread on which services are installed, changed and removed, one after the other. It may wait. */
final class InstallThread implements Executor, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(InstallThread.class);
    private static final int WAITING_MAX = 256;

    private final ScheduledThreadPoolExecutor thread = new ScheduledThreadPoolExecutor(1, task -> {
        // Self-tests run here.
        Thread made = new Thread(null, task, "conet-services-install", GuestModule.STACK_BYTES);
        made.setDaemon(true);
        return made;
    });

    /** @throws RejectedExecutionException when too much waits, or after the end */
    @Override
    public void execute(Runnable task) {
        if (thread.getQueue().size() >= WAITING_MAX) {
            throw new RejectedExecutionException("too much waits to be installed");
        }
        thread.execute(guarded(task));
    }

    void every(long period, TimeUnit unit, Runnable task) {
        thread.scheduleWithFixedDelay(guarded(task), period, period, unit);
    }

    private static Runnable guarded(Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (RuntimeException | AssertionError fault) {
                LOG.error("Work on services failed", fault);
            }
        };
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
