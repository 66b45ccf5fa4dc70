package network.conet.edge.storage.internal;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The production driver: one thread that writes, and sleeps while there is nothing to write. */
public final class CommitThread implements CommitDriver {
    private static final Logger LOG = LoggerFactory.getLogger(CommitThread.class);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean woken;
    private boolean stopping;
    private Thread thread;

    @Override
    public void start(StorageService service) {
        thread = new Thread(() -> run(service), "conet-storage-writer");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void wake() {
        lock.lock();
        try {
            woken = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void stop() {
        lock.lock();
        try {
            stopping = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
        boolean interrupted = false;
        while (thread != null && thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run(StorageService service) {
        try {
            while (waitForWork(service.pump())) {
                continue;
            }
        } catch (RuntimeException | Error broken) {
            LOG.error("The storage writer stopped by a fault of its own; nothing more is stored", broken);
        }
    }

    /** Sleeps until woken or until the time is over; false when the thread is to end. */
    private boolean waitForWork(long nanos) {
        lock.lock();
        try {
            long rest = nanos;
            while (!woken && !stopping && rest > 0) {
                rest = changed.awaitNanos(rest);
            }
            woken = false;
            return !stopping;
        } catch (InterruptedException e) {
            LOG.warn("The storage writer was interrupted and goes on");
            return true;
        } finally {
            lock.unlock();
        }
    }
}
