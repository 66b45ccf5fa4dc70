package network.conet.edge.storage.internal;

import java.io.IOException;
import java.util.Arrays;
import network.conet.edge.protocol.Hash256;

/**
 * The hashes that were acknowledged lately, at most {@link StorageLimits#RECENT_ACKS_MAX}: 128 bits of each
 * (the mailbox is mixed into the second half), in arrays that grow with need. Guarded by the service's monitor.
 */
final class RecentAcks {
    /** Not among them. */
    static final long NONE = 0;

    private static final long MIXER = 0x9E3779B97F4A7C15L;

    private static final int CAPACITY_MIN = 64;

    private final int capacityMax;
    private final long memoryNanos;
    private int capacity;
    private long[] first;
    private long[] second;
    private long[] sequences;
    private long[] forgetNanos;
    private int[] nextInBucket;
    private int[] buckets;
    private int oldest;
    private int size;

    /** @param capacityMax hashes at most */
    RecentAcks(int capacityMax, long memoryNanos) {
        this.capacityMax = capacityMax;
        this.memoryNanos = memoryNanos;
        allocate(Math.min(CAPACITY_MIN, capacityMax));
    }

    /**
     * @param agoNanos how long ago it was acknowledged
     */
    void add(long mailbox, byte[] hash, long sequence, long nowNanos, long agoNanos) {
        forget(nowNanos);
        if (size == capacityMax) {
            removeOldest();
        } else if (size == capacity) {
            grow();
        }
        put(longAt(hash, 0), longAt(hash, Long.BYTES) ^ mailbox * MIXER, sequence,
                nowNanos + memoryNanos - agoNanos);
    }

    private void put(long firstHalf, long secondHalf, long sequence, long untilNanos) {
        int slot = (oldest + size) % capacity;
        first[slot] = firstHalf;
        second[slot] = secondHalf;
        sequences[slot] = sequence;
        forgetNanos[slot] = untilNanos;
        int bucket = bucketOf(first[slot]);
        nextInBucket[slot] = buckets[bucket];
        buckets[bucket] = slot;
        size++;
    }

    /** Is shown what is remembered. */
    interface Visitor {
        void entry(long firstHalf, long secondHalf, long sequence, long leftNanos) throws IOException;
    }

    /** Shows everything, oldest first, and how long it is still to be remembered. */
    void forEach(long nowNanos, Visitor visitor) throws IOException {
        forget(nowNanos);
        for (int i = 0; i < size; i++) {
            int slot = (oldest + i) % capacity;
            visitor.entry(first[slot], second[slot], sequences[slot], forgetNanos[slot] - nowNanos);
        }
    }

    /** Takes back what {@link #forEach} showed, in that order. */
    void restore(long firstHalf, long secondHalf, long sequence, long leftNanos, long nowNanos) {
        if (size == capacity && capacity < capacityMax) {
            grow();
        }
        if (size < capacityMax && leftNanos > 0) {
            put(firstHalf, secondHalf, sequence, nowNanos + Math.min(leftNanos, memoryNanos));
        }
    }

    /** The number of the acknowledged message, or {@link #NONE}. */
    long sequenceOf(long mailbox, Hash256 hash, long nowNanos) {
        forget(nowNanos);
        long half = longAt(hash.bytes(), Long.BYTES) ^ mailbox * MIXER;
        for (int slot = buckets[bucketOf(hash.prefix())]; slot >= 0; slot = nextInBucket[slot]) {
            if (first[slot] == hash.prefix() && second[slot] == half) {
                return sequences[slot];
            }
        }
        return NONE;
    }

    private void allocate(int newCapacity) {
        capacity = newCapacity;
        first = new long[capacity];
        second = new long[capacity];
        sequences = new long[capacity];
        forgetNanos = new long[capacity];
        nextInBucket = new int[capacity];
        buckets = new int[Integer.highestOneBit(Math.max(1, capacity - 1)) << 1];
        Arrays.fill(buckets, -1);
        oldest = 0;
        size = 0;
    }

    private void grow() {
        int count = size;
        int from = oldest;
        int length = capacity;
        long[] oldFirst = first;
        long[] oldSecond = second;
        long[] oldSequences = sequences;
        long[] oldForget = forgetNanos;
        allocate(Math.min(capacityMax, 2 * capacity));
        for (int i = 0; i < count; i++) {
            int at = (from + i) % length;
            put(oldFirst[at], oldSecond[at], oldSequences[at], oldForget[at]);
        }
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
