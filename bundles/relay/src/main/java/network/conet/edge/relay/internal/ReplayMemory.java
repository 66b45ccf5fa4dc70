package network.conet.edge.relay.internal;

/**
 * Remembers the last signed commands, so that nobody can send one a second time. A set of 64-bit fingerprints in
 * order of arrival: when it is full the oldest is forgotten. 24 bytes an entry, no object. Safe for
 * use by many threads.
 *
 * <p>The fingerprint is the head of a Keccak hash over a signature, so that nobody can choose it.
 */
final class ReplayMemory {
    private final long[] ring;
    private final long[] table;
    private final int mask;
    private long added;

    /** @param capacity how many are remembered; a power of two */
    ReplayMemory(int capacity) {
        if (Integer.bitCount(capacity) != 1) {
            throw new IllegalArgumentException("capacity is no power of two: " + capacity);
        }
        ring = new long[capacity];
        table = new long[2 * capacity];
        mask = table.length - 1;
    }

    /**
     * @param fingerprint of a signed command
     * @return whether it was not yet remembered; it is now
     */
    synchronized boolean isFirst(long fingerprint) {
        // Zero marks an empty place of the table.
        long entry = fingerprint == 0 ? 1 : fingerprint;
        int place = find(entry);
        if (table[place] == entry) {
            return false;
        }
        int slot = (int) (added % ring.length);
        if (added >= ring.length) {
            remove(ring[slot]);
            place = find(entry);
        }
        ring[slot] = entry;
        table[place] = entry;
        added++;
        return true;
    }

    /** Where the entry is, or the empty place where it belongs. */
    private int find(long entry) {
        int place = home(entry);
        while (table[place] != 0 && table[place] != entry) {
            place = place + 1 & mask;
        }
        return place;
    }

    private int home(long entry) {
        return (int) entry & mask;
    }

    /** Removes and closes the gap: every later entry of the run moves back if its home is not behind the gap. */
    private void remove(long entry) {
        int gap = find(entry);
        int place = gap;
        table[gap] = 0;
        while (true) {
            place = place + 1 & mask;
            if (table[place] == 0) {
                return;
            }
            int distanceFromHome = place - home(table[place]) & mask;
            int distanceFromGap = place - gap & mask;
            if (distanceFromHome >= distanceFromGap) {
                table[gap] = table[place];
                table[place] = 0;
                gap = place;
            }
        }
    }
}
