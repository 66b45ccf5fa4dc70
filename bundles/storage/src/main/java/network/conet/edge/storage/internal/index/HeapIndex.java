package network.conet.edge.storage.internal.index;

import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** The index in arrays on the heap: some 26 to 32 bytes a message and 200 a mailbox. */
final class HeapIndex implements MessageIndex {
    private final Map<Long, MailboxEntries> mailboxes = new HashMap<>();
    private long size;

    /** Whether it can take a message with this number into this mailbox. */
    boolean fits(long mailbox, long sequence) {
        MailboxEntries entries = mailboxes.get(mailbox);
        return entries == null || entries.fits(sequence);
    }

    @Override
    public long put(long mailbox, long sequence, long hashPrefix, long location) {
        MailboxEntries entries = mailboxes.computeIfAbsent(mailbox, id -> new MailboxEntries());
        int at = entries.of(sequence);
        if (at >= 0) {
            long before = entries.location(at);
            entries.relocate(at, location);
            return before;
        }
        entries.add(sequence, hashPrefix, location);
        size++;
        return 0;
    }

    @Override
    public long location(long mailbox, long sequence) {
        MailboxEntries entries = mailboxes.get(mailbox);
        int at = entries == null ? -1 : entries.of(sequence);
        return at < 0 ? 0 : entries.location(at);
    }

    @Override
    public long remove(long mailbox, long sequence) {
        MailboxEntries entries = mailboxes.get(mailbox);
        int at = entries == null ? -1 : entries.of(sequence);
        if (at < 0) {
            return 0;
        }
        long location = entries.location(at);
        entries.remove(at);
        size--;
        if (entries.size() == 0) {
            mailboxes.remove(mailbox);
        }
        return location;
    }

    @Override
    public long nextAfter(long mailbox, long after) {
        MailboxEntries entries = mailboxes.get(mailbox);
        int at = entries == null || after == Long.MAX_VALUE ? -1 : entries.after(after);
        return at < 0 ? 0 : entries.sequence(at);
    }

    @Override
    public long nextOfHash(long mailbox, long hashPrefix, long after) {
        MailboxEntries entries = mailboxes.get(mailbox);
        int at = entries == null ? -1 : entries.ofPrefix(hashPrefix, after);
        return at < 0 ? 0 : entries.sequence(at);
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public void forEach(Visitor visitor) throws IOException {
        Cursor cursor = cursor();
        while (cursor.hasEntry()) {
            cursor.show(visitor);
        }
    }

    /** Goes through all messages, rising by mailbox (without sign) and number; nothing may change meanwhile. */
    Cursor cursor() {
        return new Cursor();
    }

    /** A place among all messages. */
    final class Cursor {
        private final Long[] ids = mailboxes.keySet().toArray(Long[]::new);
        private int place;
        private MailboxEntries entries;
        private int at;

        private Cursor() {
            Arrays.sort(ids, Long::compareUnsigned);
            open();
        }

        private void open() {
            entries = place < ids.length ? mailboxes.get(ids[place]) : null;
            at = entries == null ? -1 : entries.after(0);
        }

        boolean hasEntry() {
            return entries != null;
        }

        /** Whether its message stands before another one. */
        boolean isBefore(long mailbox, long sequence) {
            int order = Long.compareUnsigned(ids[place], mailbox);
            return order < 0 || order == 0 && entries.sequence(at) < sequence;
        }

        /** Shows its message and goes on to the next. */
        void show(Visitor visitor) throws IOException {
            visitor.entry(ids[place], entries.sequence(at), entries.prefix(at), entries.location(at));
            at = entries.after(entries.sequence(at));
            if (at < 0) {
                place++;
                open();
            }
        }
    }

    @Override
    public void close() {
        mailboxes.clear();
        size = 0;
    }
}
