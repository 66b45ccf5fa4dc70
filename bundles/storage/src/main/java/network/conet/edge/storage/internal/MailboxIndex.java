package network.conet.edge.storage.internal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import network.conet.edge.protocol.KeyId;

/**
 * Which messages wait, and where they stand. Guarded by the service's monitor.
 *
 * <p>A message is found by its mailbox and the first 64 bits of its hash. That is enough to forget one: two
 * messages of one mailbox with equal beginnings exist only if their sender made them so, at a cost of 2^32.
 * It is not enough to call a message a copy; that is checked against the stored hash.
 */
final class MailboxIndex {
    private final Map<KeyId, MailboxEntries> mailboxes = new HashMap<>();
    private final List<Segment> unknownExpiries = new ArrayList<>();
    private final long retentionSeconds;
    private long newestSeconds;

    MailboxIndex(int retentionDays) {
        retentionSeconds = retentionDays * 86_400L;
    }

    long retentionSeconds() {
        return retentionSeconds;
    }

    /** The latest time at which a known message was received; 0 when none has a time. */
    long newestSeconds() {
        return newestSeconds;
    }

    /** The messages of a mailbox, or null. */
    MailboxEntries mailbox(KeyId recipient) {
        return mailboxes.get(recipient);
    }

    int count(KeyId recipient) {
        MailboxEntries entries = mailboxes.get(recipient);
        return entries == null ? 0 : entries.size();
    }

    /**
     * @param expirySeconds 0 when the clock was not set
     * @param receivedSeconds 0 likewise
     */
    void add(KeyId recipient, long sequence, long location, long prefix, Segment segment, long expirySeconds,
            long receivedSeconds) {
        mailboxes.computeIfAbsent(recipient, id -> new MailboxEntries()).add(sequence, location, prefix);
        segment.liveMessages++;
        if (expirySeconds == 0) {
            if (!segment.expiryUnknown) {
                segment.expiryUnknown = true;
                unknownExpiries.add(segment);
            }
        } else {
            segment.expirySeconds = Math.max(segment.expirySeconds, expirySeconds);
        }
        if (receivedSeconds > 0) {
            newestSeconds = Math.max(newestSeconds, receivedSeconds);
            timeKnown(receivedSeconds);
        }
    }

    /** What came while the clock was not set came at the latest now. */
    void timeKnown(long nowSeconds) {
        for (Segment segment : unknownExpiries) {
            segment.expirySeconds = Math.max(segment.expirySeconds, nowSeconds + retentionSeconds);
            segment.expiryUnknown = false;
        }
        unknownExpiries.clear();
    }

    /** Forgets one message of a mailbox. */
    void remove(KeyId recipient, MailboxEntries entries, int index, Segment segment) {
        entries.remove(index);
        segment.liveMessages--;
        if (entries.size() == 0) {
            mailboxes.remove(recipient);
        }
    }

    /** Forgets all messages in a segment. */
    void removeSegment(Segment segment) {
        Iterator<MailboxEntries> all = mailboxes.values().iterator();
        int rest = segment.liveMessages;
        while (rest > 0 && all.hasNext()) {
            MailboxEntries entries = all.next();
            rest -= entries.removeSegment(segment.number);
            if (entries.size() == 0) {
                all.remove();
            }
        }
        unknownExpiries.remove(segment);
        segment.resetUse();
    }
}
