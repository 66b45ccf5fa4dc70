package network.conet.edge.storage.internal.index;

import java.io.IOException;

/**
 * Which messages wait, and where they stand. Not thread safe: guarded by its user's monitor.
 *
 * <p>A mailbox and the beginning of a hash are any 64 bits; a sequence number is 1 or greater; a location is a
 * number of 63 bits and not 0. A message that is there keeps its hash, whatever is given with it again.
 */
public interface MessageIndex {
    /**
     * Adds a message, or gives one that is there another location.
     *
     * @return the location it had, or 0
     */
    long put(long mailbox, long sequence, long hashPrefix, long location);

    /** Where a message stands, or 0. */
    long location(long mailbox, long sequence);

    /**
     * Forgets a message.
     *
     * @return the location it had, or 0
     */
    long remove(long mailbox, long sequence);

    /**
     * The lowest sequence number of the mailbox that is greater, or 0.
     *
     * @param after 0 or greater
     */
    long nextAfter(long mailbox, long after);

    /**
     * The lowest sequence number of the mailbox that is greater and whose message's hash begins so, or 0.
     *
     * @param after 0 or greater
     */
    long nextOfHash(long mailbox, long hashPrefix, long after);

    /** How many messages wait, in all mailboxes. */
    long size();

    /**
     * Shows all messages, rising by mailbox (without sign) and sequence number. The visitor must not change the
     * index; what it throws ends the walk.
     */
    void forEach(Visitor visitor) throws IOException;

    /** Gives the memory back. Nothing may be asked after that. */
    void close();

    /** Is shown messages. */
    @FunctionalInterface
    interface Visitor {
        /** One message. */
        void entry(long mailbox, long sequence, long hashPrefix, long location) throws IOException;
    }
}
