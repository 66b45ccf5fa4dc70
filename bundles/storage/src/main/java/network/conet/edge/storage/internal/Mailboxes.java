package network.conet.edge.storage.internal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import network.conet.edge.protocol.Hash256;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.storage.internal.index.MailboxIndex;
import network.conet.edge.storage.internal.log.Location;
import network.conet.edge.storage.internal.log.RecordFormat;
import network.conet.edge.storage.internal.log.Scanned;
import network.conet.edge.storage.internal.log.Segment;

/**
 * Which messages wait, how much room each mailbox takes, and when messages are too old. Mailboxes are named by their
 * blinded id. Guarded by the state's monitor.
 *
 * <p>A message is found by its mailbox and the first 64 bits of its hash. That is enough to forget one: two
 * messages of one mailbox with equal beginnings exist only if their sender made them so, at a cost of 2^32.
 * It is not enough to call a message a copy; that is checked against the stored hash.
 */
final class Mailboxes implements RecordOwner {
    private static final long DAY_SECONDS = 86_400L;

    private final MailboxIndex index;
    private final LiveRecords live;
    private final Quotas quotas;
    private final int messagesMax;
    private final AckMemory acks;
    private final Map<Long, Room> rooms = new HashMap<>();
    private final List<Segment> unknownExpiries = new ArrayList<>();
    private int booked;
    private long newestSeconds;
    /** While the log is opened: the highest number so far. */
    private long newestSequence;

    /** What a mailbox takes, messages that are not durable yet included. */
    private static final class Room {
        private int messages;
        private long bytes;
    }

    /** Is told of acknowledgements that are found when the log is opened. */
    interface AckMemory {
        void acknowledged(long mailbox, long sequence, long location, long timeMillis) throws IOException;
    }

    Mailboxes(MailboxIndex index, LiveRecords live, Quotas quotas, int messagesMax, AckMemory acks) {
        this.index = index;
        this.live = live;
        this.quotas = quotas;
        this.messagesMax = messagesMax;
        this.acks = acks;
    }

    /** The index, to be read. */
    MailboxIndex index() {
        return index;
    }

    int count(long mailbox) {
        return index.count(mailbox);
    }

    /** Length of the messages in a mailbox, those that are not durable yet included. */
    long bytes(long mailbox) {
        Room room = rooms.get(mailbox);
        return room == null ? 0 : room.bytes;
    }

    int mailboxes() {
        return index.mailboxes();
    }

    long retentionSeconds() {
        return quotas.retentionDays() * DAY_SECONDS;
    }

    /** The latest time at which a known message was received; 0 when none has a time. */
    long newestSeconds() {
        return newestSeconds;
    }

    /** Why a message of this size has no room, or null. */
    RefuseReason refusal(long mailbox, int armorBytes) {
        Room room = rooms.get(mailbox);
        int messages = room == null ? 0 : room.messages;
        long bytes = room == null ? 0 : room.bytes;
        if (messages >= quotas.mailboxMessagesMax() || bytes + armorBytes > quotas.mailboxBytesMax()) {
            return RefuseReason.MAILBOX_FULL;
        }
        boolean isFull = booked >= messagesMax || room == null && rooms.size() >= quotas.mailboxesMax()
                || index.isCramped();
        return isFull ? RefuseReason.STORAGE_FULL : null;
    }

    /** Keeps room for a message that is to be written. */
    void book(long mailbox, int armorBytes) {
        Room room = rooms.computeIfAbsent(mailbox, id -> new Room());
        room.messages++;
        room.bytes += armorBytes;
        booked++;
    }

    /** Gives the room of a message back: it was not written, or it is gone. */
    void unbook(long mailbox, int armorBytes) {
        Room room = rooms.get(mailbox);
        room.messages--;
        room.bytes -= armorBytes;
        booked--;
        if (room.messages == 0) {
            rooms.remove(mailbox);
        }
    }

    /**
     * A message became durable; its room is booked already.
     *
     * @param expirySeconds 0 when the clock was not set
     * @param receivedSeconds 0 likewise
     */
    void stored(long mailbox, long sequence, long hashPrefix, long location, long expirySeconds,
            long receivedSeconds) {
        index.put(mailbox, sequence, hashPrefix, location);
        live.add(location, true);
        noteExpiry(location, expirySeconds, receivedSeconds);
    }

    private void noteExpiry(long location, long expirySeconds, long receivedSeconds) {
        Segment segment = live.segment(location);
        if (expirySeconds == 0) {
            if (!segment.use().isExpiryUnknown) {
                segment.use().isExpiryUnknown = true;
                unknownExpiries.add(segment);
            }
        } else {
            segment.use().expirySeconds = Math.max(segment.use().expirySeconds, expirySeconds);
        }
        if (receivedSeconds > 0) {
            newestSeconds = Math.max(newestSeconds, receivedSeconds);
            timeKnown(receivedSeconds);
        }
    }

    /** What came while the clock was not set came at the latest now. */
    void timeKnown(long nowSeconds) {
        for (Segment segment : unknownExpiries) {
            if (segment.use().isExpiryUnknown) {
                segment.use().expirySeconds =
                        Math.max(segment.use().expirySeconds, nowSeconds + retentionSeconds());
                segment.use().isExpiryUnknown = false;
            }
        }
        unknownExpiries.clear();
    }

    /** Forgets a message; the location it had, or 0. */
    long remove(long mailbox, long sequence) {
        long location = index.remove(mailbox, sequence);
        if (location != 0) {
            live.remove(location & ~Location.DAMAGED, true);
            unbook(mailbox, armorBytes(location));
        }
        return location;
    }

    @Override
    public void forgetAll(Segment segment) {
        if (segment.use().messages == 0) {
            return;
        }
        record Doomed(long mailbox, long sequence) {}

        List<Doomed> doomed = new ArrayList<>();
        try {
            index.forEach((mailbox, sequence, prefix, location) -> {
                if (Location.number(location) == segment.number()) {
                    doomed.add(new Doomed(mailbox, sequence));
                }
            });
        } catch (IOException impossible) {
            throw new AssertionError("the index is in memory", impossible);
        }
        doomed.forEach(message -> remove(message.mailbox(), message.sequence()));
    }

    /** Marks a message whose record is damaged; whether it was there and not marked yet. */
    boolean markDamaged(long mailbox, long sequence) {
        long location = index.location(mailbox, sequence);
        if (location == 0 || Location.isDamaged(location)) {
            return false;
        }
        index.put(mailbox, sequence, 0, location | Location.DAMAGED); // one that is there keeps its hash
        return true;
    }

    @Override
    public boolean found(Scanned record, long location) throws IOException {
        switch (record.type()) {
            case RecordFormat.MESSAGE -> restored(record.key(), record.sequence(), record.hashPrefix(), location,
                    record.expirySeconds(), Math.floorDiv(record.time(), 1000L));
            case RecordFormat.ACK -> foundAck(record.key(), record.sequence(), record.time());
            default -> RecordFormat.decodeAcks(record,
                    (mailbox, sequence) -> foundAck(mailbox, sequence, record.time()));
        }
        return true;
    }

    /** A message that stands in the log; a copy that compaction made takes the place of what it copied. */
    private void restored(long mailbox, long sequence, long hashPrefix, long location, long expirySeconds,
            long receivedSeconds) {
        restored(mailbox, sequence, hashPrefix, location);
        // A copy stands behind messages that came after it: its time says nothing of when those came.
        boolean isCopy = sequence < newestSequence;
        newestSequence = Math.max(newestSequence, sequence);
        noteExpiry(location, expirySeconds, isCopy ? 0 : receivedSeconds);
    }

    /** A message that a snapshot names; the expiry of its segment is told apart. */
    void restored(long mailbox, long sequence, long hashPrefix, long location) {
        long before = index.put(mailbox, sequence, hashPrefix, location);
        if (before == 0) {
            book(mailbox, armorBytes(location));
        } else {
            live.remove(before, true);
        }
        live.add(location, true);
    }

    /** What a snapshot says of a segment. */
    void restoredExpiry(Segment segment, long expirySeconds, boolean isUnknown) {
        segment.use().expirySeconds = expirySeconds;
        segment.use().isExpiryUnknown = isUnknown;
        if (isUnknown) {
            unknownExpiries.add(segment);
        }
    }

    void restoredNewest(long seconds) {
        newestSeconds = seconds;
    }

    private void foundAck(long mailbox, long sequence, long timeMillis) throws IOException {
        long location = index.location(mailbox, sequence);
        if (location != 0) {
            acks.acknowledged(mailbox, sequence, location, timeMillis);
            remove(mailbox, sequence);
        }
    }

    @Override
    public boolean wants(Scanned record, long location) {
        return record.type() == RecordFormat.MESSAGE
                && (index.location(record.key(), record.sequence()) & ~Location.DAMAGED) == location;
    }

    @Override
    public void moved(Scanned record, long from, long to, long expirySeconds) {
        if (wants(record, from)) {
            index.put(record.key(), record.sequence(), record.hashPrefix(), to);
            live.remove(from, true);
            live.add(to, true);
            noteExpiry(to, expirySeconds, 0);
        }
    }

    /**
     * When a copy expires. One that came while the clock was not set gets the time that is known of its segment by now;
     * else each further copy would begin a new life.
     */
    long expiryOfCopy(Scanned record, Segment segment) {
        boolean isKnown = record.expirySeconds() != 0 || segment.use().isExpiryUnknown;
        return isKnown ? record.expirySeconds() : segment.use().expirySeconds;
    }

    @Override
    public String lost(Scanned record, long location) {
        remove(record.key(), record.sequence());
        return nameOf(record.key(), record.sequence());
    }

    /** How the operator is told of a message: by the blinded id of its mailbox. */
    static String nameOf(long mailbox, long sequence) {
        return "message " + sequence + " of mailbox " + HexFormat.of().toHexDigits(mailbox);
    }

    private static int armorBytes(long location) {
        return Location.length(location) - Hash256.BYTES;
    }
}
