package network.conet.edge.storage.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import network.conet.edge.api.Counter;
import network.conet.edge.api.Volume;
import network.conet.edge.protocol.Hash256;
import network.conet.edge.storage.internal.index.IndexSnapshot;
import network.conet.edge.storage.internal.index.IndexSnapshot.PairVisitor;
import network.conet.edge.storage.internal.log.IndexFile;
import network.conet.edge.storage.internal.log.Location;
import network.conet.edge.storage.internal.log.Segment;
import network.conet.edge.storage.internal.log.SegmentLog;
import network.conet.edge.storage.internal.wear.WearRecord;

/**
 * All that is known of what is stored, in one file, so that a large store opens at once after a clean stop. The log
 * alone is the truth: the record of the clean stop names the file by length and checksum, and a file that does not
 * fit is not looked at. It is masked as a whole. {@code docs/protocol/mailbox-format.md}, section 7. Numbers are
 * big-endian; keys begin with their kind:
 *
 * <pre>
 *  kind  key behind it                value
 *   1    number of a segment (2)      generation (8), expiry in unix seconds (8), expiry unknown (1)
 *   2    mailbox (8), sequence (8)    of a message: begin of the hash (8), location (8)
 *   3    place in line (4)            of an acknowledged message: hash (16), sequence (8), milliseconds left (8)
 *   4    -                            ledger: settled index (8), location of its mark (8), its hash (32)
 *   5    index (8)                    location of a ledger entry (8)
 *   6    place in line (4)            sequence (8), location (8), name of a value
 *   7    mailbox (8)                  day on which its owner came last (4)
 *   8    -                            wear record
 *   9    -                            latest time of a message, unix seconds (8), next number of a value (8)
 * </pre>
 */
final class Snapshot {
    private static final byte SEGMENT = 1;
    private static final byte MESSAGE = 2;
    private static final byte ACKNOWLEDGED = 3;
    private static final byte SETTLED = 4;
    private static final byte ENTRY = 5;
    private static final byte VALUE = 6;
    private static final byte OWNER = 7;
    private static final byte WEAR = 8;
    private static final byte NEWEST = 9;

    private final StorageState state;
    private final StorageParts parts;

    /** Both methods are called under the state's monitor, while nothing else happens. */
    Snapshot(StorageState state, StorageParts parts) {
        this.state = state;
        this.parts = parts;
    }

    /** Writes the file and makes it durable. */
    IndexFile save(SegmentLog log) throws IOException {
        long salt = parts.random().nextLong();
        try (Volume.File file = parts.key().masked(parts.volume().open(IndexFile.NAME), salt)) {
            IndexSnapshot.Written written = IndexSnapshot.write(file, to -> produce(log, to));
            file.force();
            parts.volume().forceDirectory();
            parts.counters().add(Counter.STORAGE_BYTES_WRITTEN, written.bytes());
            parts.counters().add(Counter.STORAGE_FORCES, 2);
            return new IndexFile(written.bytes(), written.crc32c(), salt);
        }
    }

    private void produce(SegmentLog log, PairVisitor to) throws IOException {
        List<Segment> segments = log.live().stream().sorted(java.util.Comparator.comparingInt(Segment::number))
                .toList();
        for (Segment segment : segments) {
            to.pair(key(SEGMENT, Short.BYTES).putShort((short) segment.number()).array(),
                    ByteBuffer.allocate(2 * Long.BYTES + 1).putLong(segment.generation())
                            .putLong(segment.use().expirySeconds)
                            .put((byte) (segment.use().isExpiryUnknown ? 1 : 0)).array());
        }
        state.mailboxes.index().forEach((mailbox, sequence, prefix, location) -> to.pair(
                key(MESSAGE, 2 * Long.BYTES).putLong(mailbox).putLong(sequence).array(),
                ByteBuffer.allocate(2 * Long.BYTES).putLong(prefix).putLong(location & ~Location.DAMAGED).array()));
        int[] line = {0};
        state.recentAcks.forEach(parts.clock().monotonicNanos(), (first, second, sequence, leftNanos) ->
                to.pair(key(ACKNOWLEDGED, Integer.BYTES).putInt(line[0]++).array(),
                        ByteBuffer.allocate(4 * Long.BYTES).putLong(first).putLong(second).putLong(sequence)
                                .putLong(TimeUnit.NANOSECONDS.toMillis(leftNanos)).array()));
        to.pair(key(SETTLED, 0).array(), ByteBuffer.allocate(2 * Long.BYTES + Hash256.BYTES)
                .putLong(state.ledger.head().settledIndex()).putLong(state.ledger.settledLocation())
                .put(state.ledger.settledHash().bytes()).array());
        for (Map.Entry<Long, Long> entry : state.ledger.all().entrySet()) {
            to.pair(key(ENTRY, Long.BYTES).putLong(entry.getKey()).array(), one(entry.getValue()));
        }
        line[0] = 0;
        for (Map.Entry<ValueTable.Name, ValueTable.Entry> value : state.values.all().entrySet()) {
            byte[] name = value.getKey().toBytes();
            to.pair(key(VALUE, Integer.BYTES).putInt(line[0]++).array(),
                    ByteBuffer.allocate(2 * Long.BYTES + name.length).putLong(value.getValue().sequence())
                            .putLong(value.getValue().location()).put(name).array());
        }
        for (Long mailbox : state.owners.keySet().stream().sorted(Long::compareUnsigned).toList()) {
            to.pair(key(OWNER, Long.BYTES).putLong(mailbox).array(), NodeMemory.toBytes(state.owners.get(mailbox)));
        }
        to.pair(key(WEAR, 0).array(), NodeMemory.toBytes(state.wear.record()));
        to.pair(key(NEWEST, 0).array(), ByteBuffer.allocate(2 * Long.BYTES).putLong(state.mailboxes.newestSeconds())
                .putLong(state.values.nextSequence()).array());
    }

    /**
     * Takes over the file, if it is the one that the record of the clean stop names. What stands in segments that
     * are missing, or live another life, is left out: it is lost, and was reported by who missed the segment.
     */
    boolean restore(byte[] info, List<Segment> segments) throws IOException {
        IndexFile wanted = IndexFile.of(info);
        Map<Integer, Segment> byNumber =
                segments.stream().collect(Collectors.toMap(Segment::number, segment -> segment));
        Map<Integer, Segment> known = new java.util.HashMap<>();
        try (Volume.File file = parts.key().masked(parts.volume().open(IndexFile.NAME), wanted.salt())) {
            return IndexSnapshot.read(file, wanted.bytes(), wanted.crc32c(), (keyBytes, valueBytes) -> {
                ByteBuffer key = ByteBuffer.wrap(keyBytes);
                ByteBuffer value = ByteBuffer.wrap(valueBytes);
                byte kind = key.get();
                if (kind == SEGMENT) {
                    Segment segment = byNumber.get(key.getShort() & 0xFFFF);
                    if (segment != null && segment.generation() == value.getLong()) {
                        known.put(segment.number(), segment);
                        state.mailboxes.restoredExpiry(segment, value.getLong(), value.get() != 0);
                    }
                } else {
                    take(kind, key, value, known);
                }
            });
        }
    }

    private void take(byte kind, ByteBuffer key, ByteBuffer value, Map<Integer, Segment> known) {
        switch (kind) {
            case MESSAGE -> {
                long prefix = value.getLong();
                long location = value.getLong();
                if (known.containsKey(Location.number(location))) {
                    state.mailboxes.restored(key.getLong(), key.getLong(), prefix, location);
                }
            }
            case ACKNOWLEDGED -> state.recentAcks.restore(value.getLong(), value.getLong(), value.getLong(),
                    TimeUnit.MILLISECONDS.toNanos(value.getLong()), parts.clock().monotonicNanos());
            case SETTLED -> {
                long index = value.getLong();
                long location = value.getLong();
                byte[] hash = new byte[Hash256.BYTES];
                value.get(hash);
                boolean isThere = location != 0 && known.containsKey(Location.number(location));
                state.ledger.restoredSettlement(index, isThere ? location : 0, Hash256.of(hash));
            }
            case ENTRY -> {
                long location = value.getLong();
                if (known.containsKey(Location.number(location))) {
                    state.ledger.restoredEntry(key.getLong(), location);
                }
            }
            case VALUE -> {
                long sequence = value.getLong();
                long location = value.getLong();
                if (known.containsKey(Location.number(location))) {
                    state.values.put(ValueTable.Name.read(value), sequence, location);
                }
            }
            case OWNER -> state.owners.put(key.getLong(), value.getInt());
            case WEAR -> NodeMemory.wear(value.array()).ifPresent((WearRecord record) -> state.wear(record));
            case NEWEST -> {
                state.mailboxes.restoredNewest(value.getLong());
                state.values.restoredNext(value.getLong());
            }
            default -> throw new AssertionError("a snapshot with the right checksum has a kind " + kind);
        }
    }

    private static ByteBuffer key(byte kind, int bytes) {
        return ByteBuffer.allocate(1 + bytes).put(kind);
    }

    private static byte[] one(long value) {
        return ByteBuffer.allocate(Long.BYTES).putLong(value).array();
    }
}
