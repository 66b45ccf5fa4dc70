package network.conet.edge.storage.internal.log;

/**
 * A record that waits to be written with its group. What its fields mean for each type stands in
 * {@link RecordFormat}. Owned by the writer.
 */
public final class GroupRecord {
    private static final byte[] NOTHING = {};

    final byte type;
    final byte flags;
    final long expirySeconds;
    final long sequence;
    final long key;
    final long timeMillis;
    /** First part of the payload. */
    final byte[] head;
    /** Second part of the payload; not copied. */
    final byte[] body;
    /** Where it stands, known when it is in a group. */
    private long location;

    private GroupRecord(byte type, int flags, long expirySeconds, long sequence, long key, long timeMillis, byte[] head,
            byte[] body) {
        this.type = type;
        this.flags = (byte) flags;
        this.expirySeconds = expirySeconds;
        this.sequence = sequence;
        this.key = key;
        this.timeMillis = timeMillis;
        this.head = head;
        this.body = body;
    }

    /** A message: {@code head} is the hash of the armor, {@code armor} is not copied. */
    public static GroupRecord message(long sequence, long mailbox, long timeMillis, long expirySeconds, byte[] hash,
            byte[] armor) {
        return new GroupRecord(RecordFormat.MESSAGE, 0, expirySeconds, sequence, mailbox, timeMillis, hash, armor);
    }

    /** One message was acknowledged. */
    public static GroupRecord ack(long sequence, long mailbox, long timeMillis) {
        return new GroupRecord(RecordFormat.ACK, 0, 0, sequence, mailbox, timeMillis, NOTHING, NOTHING);
    }

    /** Several messages were; see {@link RecordFormat#encodeAcks}. */
    public static GroupRecord acks(byte[] encoded, long timeMillis) {
        return new GroupRecord(RecordFormat.ACKS, 0, 0, 0, 0, timeMillis, encoded, NOTHING);
    }

    /** Any record that its type's owner describes by a number and a payload. */
    public static GroupRecord of(byte type, long sequence, long key, long timeMillis, byte[] head, byte[] body) {
        return new GroupRecord(type, 0, 0, sequence, key, timeMillis, head, body);
    }

    /** The same record for another place, with an expiry in unix seconds. */
    public static GroupRecord moved(Scanned record, byte[] payload, long expirySeconds) {
        return new GroupRecord(record.type(), RecordFormat.FLAG_MOVED, expirySeconds, record.sequence(),
                record.key(), record.time(), payload, NOTHING);
    }

    /** Everything of an earlier generation is dead. */
    public static GroupRecord lowWater(long minLiveGeneration) {
        return new GroupRecord(RecordFormat.LOW_WATER, 0, 0, 0, minLiveGeneration, 0, NOTHING, NOTHING);
    }

    static GroupRecord seal(long generation, long end, boolean hasFooter) {
        return new GroupRecord(RecordFormat.SEAL, 0, 0, hasFooter ? 1 : 0, generation, end, NOTHING, NOTHING);
    }

    static GroupRecord footer(byte[] index) {
        return new GroupRecord(RecordFormat.FOOTER, 0, 0, 0, 0, 0, index, NOTHING);
    }

    static GroupRecord closed(long nextSequence, long lowWater, byte[] snapshot) {
        return new GroupRecord(RecordFormat.CLOSED, 0, 0, nextSequence, lowWater, 0, snapshot, NOTHING);
    }

    /** Where it stands; known after its group was written. */
    public long location() {
        return location;
    }

    void locate(long place) {
        location = place;
    }

    int payloadBytes() {
        return head.length + body.length;
    }

    /** What it takes on the medium, before padding. */
    public int bytes() {
        return RecordFormat.HEADER_BYTES + payloadBytes();
    }
}
