package network.conet.edge.storage.internal.index;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The whole index: arrays on the heap up to a bound, beyond it whatever the supplier makes, off the heap. A message
 * that is in one stays there; what is asked is asked of both. Guarded by its user's monitor.
 */
public final class MailboxIndex implements MessageIndex {
    private final int heapMessagesMax;
    private final Supplier<MessageIndex> overflow;
    private final HeapIndex heap = new HeapIndex();
    private final Map<Long, Integer> counts = new HashMap<>();
    private MessageIndex direct;
    private boolean isCramped;

    /**
     * @param heapMessagesMax messages that are kept on the heap
     * @param overflow makes the other index, when it is first needed
     */
    public MailboxIndex(int heapMessagesMax, Supplier<MessageIndex> overflow) {
        this.heapMessagesMax = heapMessagesMax;
        this.overflow = overflow;
    }

    /** Messages that wait in a mailbox. */
    public int count(long mailbox) {
        return counts.getOrDefault(mailbox, 0);
    }

    /** Mailboxes in which messages wait. */
    public int mailboxes() {
        return counts.size();
    }

    @Override
    public long put(long mailbox, long sequence, long hashPrefix, long location) {
        boolean isOnHeap = heap.location(mailbox, sequence) != 0;
        boolean hasRoom = heap.size() < heapMessagesMax && heap.fits(mailbox, sequence);
        long before;
        // The other index is asked only where the heap could take the message: asking it costs most.
        if (isOnHeap || hasRoom && (direct == null || direct.location(mailbox, sequence) == 0)) {
            before = heap.put(mailbox, sequence, hashPrefix, location);
        } else {
            before = putBeyond(mailbox, sequence, hashPrefix, location);
        }
        if (before == 0) {
            counts.merge(mailbox, 1, Integer::sum);
        }
        return before;
    }

    /** A message that is durable must be known: without memory beyond the heap, the heap takes it after all. */
    private long putBeyond(long mailbox, long sequence, long hashPrefix, long location) {
        try {
            if (direct == null) {
                direct = overflow.get();
            }
            return direct.put(mailbox, sequence, hashPrefix, location);
        } catch (OutOfMemoryError noDirectMemory) {
            if (!heap.fits(mailbox, sequence)) {
                throw noDirectMemory;
            }
            isCramped = true;
            return heap.put(mailbox, sequence, hashPrefix, location);
        }
    }

    /** Whether memory beyond the heap was wanted and could not be had; until messages are removed. */
    public boolean isCramped() {
        return isCramped;
    }

    @Override
    public long location(long mailbox, long sequence) {
        long location = heap.location(mailbox, sequence);
        return location != 0 || direct == null ? location : direct.location(mailbox, sequence);
    }

    @Override
    public long remove(long mailbox, long sequence) {
        long before = heap.remove(mailbox, sequence);
        if (before == 0 && direct != null) {
            before = direct.remove(mailbox, sequence);
            if (direct.size() == 0) {
                direct.close();
                direct = null;
            }
        }
        if (before != 0) {
            isCramped = false;
            counts.computeIfPresent(mailbox, (id, count) -> count == 1 ? null : count - 1);
        }
        return before;
    }

    @Override
    public long nextAfter(long mailbox, long after) {
        long next = heap.nextAfter(mailbox, after);
        return direct == null ? next : lower(next, direct.nextAfter(mailbox, after));
    }

    @Override
    public long nextOfHash(long mailbox, long hashPrefix, long after) {
        long next = heap.nextOfHash(mailbox, hashPrefix, after);
        return direct == null ? next : lower(next, direct.nextOfHash(mailbox, hashPrefix, after));
    }

    private static long lower(long first, long second) {
        return first == 0 || second != 0 && second < first ? second : first;
    }

    @Override
    public long size() {
        return heap.size() + (direct == null ? 0 : direct.size());
    }

    @Override
    public void forEach(Visitor visitor) throws IOException {
        HeapIndex.Cursor cursor = heap.cursor();
        if (direct != null) {
            direct.forEach((mailbox, sequence, prefix, location) -> {
                while (cursor.hasEntry() && cursor.isBefore(mailbox, sequence)) {
                    cursor.show(visitor);
                }
                visitor.entry(mailbox, sequence, prefix, location);
            });
        }
        while (cursor.hasEntry()) {
            cursor.show(visitor);
        }
    }

    @Override
    public void close() {
        heap.close();
        counts.clear();
        if (direct != null) {
            direct.close();
            direct = null;
        }
    }
}
