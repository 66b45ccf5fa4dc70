package network.conet.edge.storage.internal;

/** A record that waits to be written with its group. */
final class GroupRecord {
    final byte type;
    final long expirySeconds;
    final long sequence;
    final long key;
    final long timeMillis;
    /** First part of the payload. */
    final byte[] head;
    /** Second part of the payload; not copied. */
    final byte[] body;
    /** Where it stands, known when it is in a group. */
    long location;

    private static final byte[] NOTHING = {};

    private GroupRecord(byte type, long expirySeconds, long sequence, long key, long timeMillis, byte[] head,
            byte[] body) {
        this.type = type;
        this.expirySeconds = expirySeconds;
        this.sequence = sequence;
        this.key = key;
        this.timeMillis = timeMillis;
        this.head = head;
        this.body = body;
    }

    static GroupRecord message(long sequence, long key, long timeMillis, long expirySeconds, byte[] hash,
            byte[] armor) {
        return new GroupRecord(RecordFormat.MESSAGE, expirySeconds, sequence, key, timeMillis, hash, armor);
    }

    static GroupRecord ack(long sequence, long key, long timeMillis) {
        return new GroupRecord(RecordFormat.ACK, 0, sequence, key, timeMillis, NOTHING, NOTHING);
    }

    static GroupRecord ackBatch(byte[] sequences, long key, long timeMillis) {
        return new GroupRecord(RecordFormat.ACK_BATCH, 0, 0, key, timeMillis, sequences, NOTHING);
    }

    static GroupRecord lowWater(long minLiveGeneration) {
        return new GroupRecord(RecordFormat.LOW_WATER, 0, 0, minLiveGeneration, 0, NOTHING, NOTHING);
    }

    static GroupRecord seal(long generation, long end) {
        return new GroupRecord(RecordFormat.SEAL, 0, 0, generation, end, NOTHING, NOTHING);
    }

    static GroupRecord closed() {
        return new GroupRecord(RecordFormat.CLOSED, 0, 0, 0, 0, NOTHING, NOTHING);
    }

    int payloadBytes() {
        return head.length + body.length;
    }

    int bytes() {
        return RecordFormat.HEADER_BYTES + payloadBytes();
    }
}
