package network.conet.edge.storage.internal;

import java.util.Arrays;
import network.conet.edge.protocol.Hash256;
import network.conet.edge.protocol.KeyId;

/**
 * The hashes that were acknowledged lately, at most {@link StorageLimits#RECENT_ACKS_MAX}: 128 bits of each
 * (the mailbox is mixed into the second half), in arrays made once. Guarded by the service's monitor.
 */
final class RecentAcks {
    /** Not among them. */
    static final long NONE = 0;

    private static final long MIXER = 0x9E3779B97F4A7C15L;

    private final int capacity;
    private final long memoryNanos;
    private final long[] first;
    private final long[] second;
    private final long[] sequences;
    private final long[] forgetNanos;
    private final int[] nextInBucket;
    private final int[] buckets;
    private int oldest;
    private int size;

    RecentAcks(int capacity, long memoryNanos) {
        this.capacity = capacity;
        this.memoryNanos = memoryNanos;
        first = new long[capacity];
        second = new long[capacity];
        sequences = new long[capacity];
        forgetNanos = new long[capacity];
        nextInBucket = new int[capacity];
        buckets = new int[Integer.highestOneBit(Math.max(1, capacity - 1)) << 1];
        Arrays.fill(buckets, -1);
    }

    /**
     * @param agoNanos how long ago it was acknowledged
     */
    void add(KeyId recipient, byte[] hash, long sequence, long nowNanos, long agoNanos) {
        forget(nowNanos);
        if (size == capacity) {
            removeOldest();
        }
        int slot = (oldest + size) % capacity;
        first[slot] = longAt(hash, 0);
        second[slot] = longAt(hash, Long.BYTES) ^ recipient.value() * MIXER;
        sequences[slot] = sequence;
        forgetNanos[slot] = nowNanos + memoryNanos - agoNanos;
        int bucket = bucketOf(first[slot]);
        nextInBucket[slot] = buckets[bucket];
        buckets[bucket] = slot;
        size++;
    }

    /** The number of the acknowledged message, or {@link #NONE}. */
    long sequenceOf(KeyId recipient, Hash256 hash, long nowNanos) {
        forget(nowNanos);
        long half = longAt(hash.bytes(), Long.BYTES) ^ recipient.value() * MIXER;
        for (int slot = buckets[bucketOf(hash.prefix())]; slot >= 0; slot = nextInBucket[slot]) {
            if (first[slot] == hash.prefix() && second[slot] == half) {
                return sequences[slot];
            }
        }
        return NONE;
    }

    private void forget(long nowNanos) {
        while (size > 0 && forgetNanos[oldest] - nowNanos <= 0) {
            removeOldest();
        }
    }

    private void removeOldest() {
        int bucket = bucketOf(first[oldest]);
        if (buckets[bucket] == oldest) {
            buckets[bucket] = nextInBucket[oldest];
        } else {
            int slot = buckets[bucket];
            while (nextInBucket[slot] != oldest) {
                slot = nextInBucket[slot];
            }
            nextInBucket[slot] = nextInBucket[oldest];
        }
        oldest = (oldest + 1) % capacity;
        size--;
    }

    private int bucketOf(long prefix) {
        return (int) (prefix * MIXER >>> 32) & buckets.length - 1;
    }

    private static long longAt(byte[] bytes, int at) {
        long value = 0;
        for (int i = 0; i < Long.BYTES; i++) {
            value = value << 8 | bytes[at + i] & 0xFF;
        }
        return value;
    }
}
