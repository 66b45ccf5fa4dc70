package network.conet.edge.storage.internal.index;

/**
 * The messages of one mailbox in the order of their numbers: 20 bytes each in three arrays, and in a larger mailbox
 * some 5 bytes more for finding one by its hash. A removed message leaves a hole until holes outnumber messages, so
 * that nothing costs more in a fuller mailbox. Not thread safe.
 */
final class MailboxEntries {
    private static final int CAPACITY_MIN = 4;
    /** Below this a look at all is as quick as a table. */
    private static final int TABLE_FROM = 32;
    private static final long MIXER = 0x9E3779B97F4A7C15L;

    private long base;
    /** Numbers as differences to {@link #base}. */
    private int[] deltas = new int[CAPACITY_MIN];
    /** 0 for a hole. */
    private long[] locations = new long[CAPACITY_MIN];
    private long[] prefixes = new long[CAPACITY_MIN];
    private int head;
    private int end;
    private int size;
    /** Positions plus one, by hash; null while it is small or was not asked. */
    private int[] table;

    int size() {
        return size;
    }

    /** Whether a message with this number can be kept here: numbers must lie within 2^31 of each other. */
    boolean fits(long sequence) {
        return size == 0 || sequence >= base && sequence - base <= Integer.MAX_VALUE
                || sequence < base && base + deltas[end - 1] - sequence <= Integer.MAX_VALUE;
    }

    long sequence(int at) {
        return base + deltas[at];
    }

    long location(int at) {
        return locations[at];
    }

    long prefix(int at) {
        return prefixes[at];
    }

    void relocate(int at, long location) {
        locations[at] = location;
    }

    /** Adds a message that is not there; its number is normally the highest. */
    void add(long sequence, long prefix, long location) {
        if (size == 0) {
            clear(sequence);
        } else if (sequence < base) {
            rebase(sequence);
        }
        if (end == deltas.length) {
            rebuild();
        }
        int delta = (int) (sequence - base);
        int at = end;
        while (at > head && deltas[at - 1] > delta) {
            at--;
        }
        if (at < end) {
            System.arraycopy(deltas, at, deltas, at + 1, end - at);
            System.arraycopy(locations, at, locations, at + 1, end - at);
            System.arraycopy(prefixes, at, prefixes, at + 1, end - at);
            table = null;
        }
        deltas[at] = delta;
        locations[at] = location;
        prefixes[at] = prefix;
        end++;
        size++;
        if (table != null) {
            enter(at);
        }
    }

    /** The first message whose number is greater, or -1. */
    int after(long sequence) {
        int low = head;
        int high = end;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (sequence(middle) > sequence) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return nextMessage(low);
    }

    /** The message with this number, or -1. */
    int of(long sequence) {
        int at = after(sequence - 1);
        return at >= 0 && sequence(at) == sequence ? at : -1;
    }

    /** The oldest message with a number greater than {@code after} whose hash begins so, or -1. */
    int ofPrefix(long prefix, long after) {
        int found = -1;
        if (end - head < TABLE_FROM) {
            for (int at = head; at < end && found < 0; at++) {
                found = isMatch(at, prefix, after) ? at : -1;
            }
            return found;
        }
        if (table == null) {
            makeTable();
        }
        for (int slot = slotOf(prefix); table[slot] != 0; slot = next(slot)) {
            int at = table[slot] - 1;
            if (isMatch(at, prefix, after) && (found < 0 || at < found)) {
                found = at;
            }
        }
        return found;
    }

    private boolean isMatch(int at, long prefix, long after) {
        return prefixes[at] == prefix && locations[at] != 0 && sequence(at) > after;
    }

    void remove(int at) {
        locations[at] = 0;
        size--;
        while (head < end && locations[head] == 0) {
            head++;
        }
        boolean isSparse = end - head > 2 * size && end - head > CAPACITY_MIN;
        boolean isWasteful = deltas.length > 4 * CAPACITY_MIN && size < deltas.length / 4;
        if (isSparse || isWasteful) {
            rebuild();
        }
    }

    private int nextMessage(int from) {
        int at = from;
        while (at < end && locations[at] == 0) {
            at++;
        }
        return at < end ? at : -1;
    }

    private void clear(long sequence) {
        base = sequence;
        head = 0;
        end = 0;
        table = null;
    }

    private void rebase(long sequence) {
        int shift = (int) (base - sequence);
        for (int at = head; at < end; at++) {
            deltas[at] += shift;
        }
        base = sequence;
    }

    /** Leaves holes behind and makes room for a quarter more. */
    private void rebuild() {
        int capacity = Math.max(CAPACITY_MIN, size + (size >> 2) + 1);
        int[] newDeltas = new int[capacity];
        long[] newLocations = new long[capacity];
        long[] newPrefixes = new long[capacity];
        int count = 0;
        for (int at = head; at < end; at++) {
            if (locations[at] != 0) {
                newDeltas[count] = deltas[at];
                newLocations[count] = locations[at];
                newPrefixes[count++] = prefixes[at];
            }
        }
        if (count > 0 && newDeltas[0] > 0) {
            int shift = newDeltas[0];
            base += shift;
            for (int at = 0; at < count; at++) {
                newDeltas[at] -= shift;
            }
        }
        deltas = newDeltas;
        locations = newLocations;
        prefixes = newPrefixes;
        head = 0;
        end = count;
        table = null;
    }

    private void makeTable() {
        table = new int[deltas.length + deltas.length / 3 + 1];
        for (int at = head; at < end; at++) {
            if (locations[at] != 0) {
                enter(at);
            }
        }
    }

    private void enter(int at) {
        int slot = slotOf(prefixes[at]);
        while (table[slot] != 0) {
            slot = next(slot);
        }
        table[slot] = at + 1;
    }

    private int next(int slot) {
        return slot + 1 == table.length ? 0 : slot + 1;
    }

    private int slotOf(long prefix) {
        return (int) ((prefix * MIXER >>> Integer.SIZE) * table.length >>> Integer.SIZE);
    }
}
