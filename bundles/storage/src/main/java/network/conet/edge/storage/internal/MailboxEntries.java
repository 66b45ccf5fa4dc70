package network.conet.edge.storage.internal;

import java.util.Arrays;

/**
 * The messages of one mailbox in the order of their numbers: 24 bytes each, in three arrays. Removal at the
 * front, where acknowledgements come from, moves nothing. Not thread safe.
 */
final class MailboxEntries {
    private static final int CAPACITY_MIN = 4;

    private long[] sequences = new long[CAPACITY_MIN];
    private long[] locations = new long[CAPACITY_MIN];
    private long[] prefixes = new long[CAPACITY_MIN];
    private int head;
    private int size;

    int size() {
        return size;
    }

    long sequence(int index) {
        return sequences[head + index];
    }

    long location(int index) {
        return locations[head + index];
    }

    long prefix(int index) {
        return prefixes[head + index];
    }

    void markDamaged(int index) {
        locations[head + index] |= Location.DAMAGED;
    }

    /** Adds a message; its number is normally the highest, but salvaged ones may come in any order. */
    void add(long sequence, long location, long prefix) {
        if (head + size == sequences.length) {
            resize();
        }
        int at = head + size;
        while (at > head && sequences[at - 1] > sequence) {
            sequences[at] = sequences[at - 1];
            locations[at] = locations[at - 1];
            prefixes[at] = prefixes[at - 1];
            at--;
        }
        sequences[at] = sequence;
        locations[at] = location;
        prefixes[at] = prefix;
        size++;
    }

    /** The first message whose number is greater; {@link #size()} when none is. */
    int indexAfter(long sequence) {
        int low = head;
        int high = head + size;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (sequences[middle] > sequence) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low - head;
    }

    /** The message with this number, or -1. */
    int indexOf(long sequence) {
        int index = indexAfter(sequence) - 1;
        return index >= 0 && sequence(index) == sequence ? index : -1;
    }

    /** The oldest message at or behind {@code from} whose hash begins so, or -1. */
    int indexOfPrefix(long prefix, int from) {
        for (int i = head + from; i < head + size; i++) {
            if (prefixes[i] == prefix) {
                return i - head;
            }
        }
        return -1;
    }

    void remove(int index) {
        int at = head + index;
        if (index < size / 2) {
            System.arraycopy(sequences, head, sequences, head + 1, index);
            System.arraycopy(locations, head, locations, head + 1, index);
            System.arraycopy(prefixes, head, prefixes, head + 1, index);
            head++;
        } else {
            int behind = size - index - 1;
            System.arraycopy(sequences, at + 1, sequences, at, behind);
            System.arraycopy(locations, at + 1, locations, at, behind);
            System.arraycopy(prefixes, at + 1, prefixes, at, behind);
        }
        size--;
        if (sequences.length > 4 * CAPACITY_MIN && size < sequences.length / 4) {
            resize();
        }
    }

    /** Removes all messages in one segment. */
    int removeSegment(int number) {
        int kept = 0;
        for (int i = head; i < head + size; i++) {
            if (Location.number(locations[i]) != number) {
                sequences[kept] = sequences[i];
                locations[kept] = locations[i];
                prefixes[kept] = prefixes[i];
                kept++;
            }
        }
        int removed = size - kept;
        head = 0;
        size = kept;
        return removed;
    }

    private void resize() {
        int capacity = Math.max(CAPACITY_MIN, size + (size >> 1));
        sequences = moved(sequences, capacity);
        locations = moved(locations, capacity);
        prefixes = moved(prefixes, capacity);
        head = 0;
    }

    private long[] moved(long[] from, int capacity) {
        return Arrays.copyOf(Arrays.copyOfRange(from, head, head + size), capacity);
    }
}
