package network.conet.edge.transport.internal;

import java.util.concurrent.atomic.AtomicLong;

/** The bytes that may wait in memory for all requests together. Safe for use by many threads. */
final class ByteBudget {
    private final long bytesMax;
    private final AtomicLong bytesUsed = new AtomicLong();

    ByteBudget(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /** Takes the bytes, or nothing when they would exceed the bound. */
    boolean tryTake(long bytes) {
        if (bytesUsed.addAndGet(bytes) <= bytesMax) {
            return true;
        }
        bytesUsed.addAndGet(-bytes);
        return false;
    }

    void give(long bytes) {
        long left = bytesUsed.addAndGet(-bytes);
        if (left < 0) {
            throw new AssertionError("more bytes were given back than taken");
        }
    }

    long bytesUsed() {
        return bytesUsed.get();
    }
}
