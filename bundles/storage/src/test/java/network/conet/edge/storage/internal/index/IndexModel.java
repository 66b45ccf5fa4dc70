package network.conet.edge.storage.internal.index;

import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import network.conet.edge.storage.internal.index.MessageIndexTest.Entry;

/** An index that is slow and easily seen to be right. */
final class IndexModel {
    private static final Comparator<long[]> ORDER = (left, right) -> left[0] == right[0]
            ? Long.compare(left[1], right[1]) : Long.compareUnsigned(left[0], right[0]);

    private final TreeMap<long[], Entry> entries = new TreeMap<>(ORDER);

    long put(long mailbox, long sequence, long hashPrefix, long location) {
        Entry entry = new Entry(mailbox, sequence, hashPrefix, location);
        return location(entries.put(new long[] {mailbox, sequence}, entry));
    }

    long remove(long mailbox, long sequence) {
        return location(entries.remove(new long[] {mailbox, sequence}));
    }

    long location(long mailbox, long sequence) {
        return location(entries.get(new long[] {mailbox, sequence}));
    }

    private static long location(Entry entry) {
        return entry == null ? 0 : entry.location();
    }

    long hashOr(long mailbox, long sequence, long other) {
        Entry entry = entries.get(new long[] {mailbox, sequence});
        return entry == null ? other : entry.hashPrefix();
    }

    Entry atOrAfter(long mailbox, long sequence) {
        var entry = entries.ceilingEntry(new long[] {mailbox, sequence});
        return entry == null ? null : entry.getValue();
    }

    long nextAfter(long mailbox, long after) {
        var entry = entries.higherEntry(new long[] {mailbox, after});
        return entry == null || entry.getValue().mailbox() != mailbox ? 0 : entry.getValue().sequence();
    }

    long nextOfHash(long mailbox, long hashPrefix, long after) {
        return entries.subMap(new long[] {mailbox, after}, false, new long[] {mailbox, Long.MAX_VALUE}, true).values()
                .stream().filter(entry -> entry.hashPrefix() == hashPrefix).mapToLong(Entry::sequence)
                .findFirst().orElse(0);
    }

    long size() {
        return entries.size();
    }

    List<Entry> entries() {
        return List.copyOf(entries.values());
    }
}
