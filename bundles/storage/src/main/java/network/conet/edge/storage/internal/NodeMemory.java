package network.conet.edge.storage.internal;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Optional;
import network.conet.edge.storage.internal.wear.WearRecord;

/**
 * The values in which the node itself remembers. Numbers are big-endian.
 *
 * <pre>
 *  key                        value
 *  wear                       total bytes (8), first day (4), day (4), bytes on it (8), average of a day (8)
 *  owner/ and the blinded     the day on which the owner of that mailbox came last (4)
 *  mailbox (16 hex digits)
 * </pre>
 */
final class NodeMemory {
    /** The space of values in which the node itself remembers. */
    static final String NODE_SPACE = "node";
    /** Key of the wear record. */
    static final String WEAR_KEY = "wear";
    /** Begin of the keys that remember when an owner came last; the blinded mailbox follows. */
    static final String OWNER_PREFIX = "owner/";

    private static final int WEAR_BYTES = 3 * Long.BYTES + 2 * Integer.BYTES;

    private NodeMemory() {}

    static byte[] toBytes(WearRecord wear) {
        return ByteBuffer.allocate(WEAR_BYTES).putLong(wear.totalBytes()).putInt(wear.firstDay()).putInt(wear.day())
                .putLong(wear.todayBytes()).putLong(wear.averageDayBytes()).array();
    }

    /** Reads what {@link #toBytes} gave; empty when it is something else. */
    static Optional<WearRecord> wear(byte[] value) {
        if (value.length != WEAR_BYTES) {
            return Optional.empty();
        }
        ByteBuffer in = ByteBuffer.wrap(value);
        return Optional.of(new WearRecord(in.getLong(), in.getInt(), in.getInt(), in.getLong(), in.getLong()));
    }

    static ValueTable.Name wearName() {
        return new ValueTable.Name(NODE_SPACE, WEAR_KEY);
    }

    static ValueTable.Name ownerName(long mailbox) {
        return new ValueTable.Name(NODE_SPACE, OWNER_PREFIX + HexFormat.of().toHexDigits(mailbox));
    }

    static byte[] toBytes(int day) {
        return ByteBuffer.allocate(Integer.BYTES).putInt(day).array();
    }

    static int day(byte[] value) {
        return value.length == Integer.BYTES ? ByteBuffer.wrap(value).getInt() : 0;
    }
}
