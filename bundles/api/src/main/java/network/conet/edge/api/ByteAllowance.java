package network.conet.edge.api;

import java.util.concurrent.atomic.AtomicLong;

/** So many bytes may still be moved. Safe for use by many threads; never waits. */
@FunctionalInterface
public interface ByteAllowance {
    /**
     * Takes of it.
     *
     * @param bytes how many there are to move; at least 1
     * @return how many may be moved; fewer than asked for when that is all there is
     */
    long take(long bytes);

    /** So many bytes, whoever takes them. */
    static ByteAllowance of(long bytesMax) {
        AtomicLong left = new AtomicLong(bytesMax);
        return bytes -> {
            long before = left.getAndUpdate(now -> now - Math.min(now, bytes));
            return Math.min(before, bytes);
        };
    }
}
