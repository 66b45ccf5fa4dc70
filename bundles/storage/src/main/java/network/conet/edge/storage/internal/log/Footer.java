package network.conet.edge.storage.internal.log;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The index of a segment: what its records say, without their payloads, so that a log is opened by reading some 15
 * bytes a message. Stands behind the last group of a full segment, as a group of one record of type 8; the next
 * segment tells whether it is there. {@code docs/protocol/mailbox-format.md}, section 5.
 *
 * <p>The payload is the alignment of groups (2 bytes) and a list of entries in the order of the records. Numbers are
 * unsigned LEB128; differences are to the entry before that had one, and zigzag-coded:
 *
 * <pre>
 *  every entry  1 byte: bits 0..3 type, bit 4 follows the record before, bit 5 follows it on the next alignment
 *               boundary, bit 6 its sequence number is the one before plus one
 *               offset (difference) unless bit 4 or 5; payload length; sequence (difference) unless bit 6
 *  type 1       + mailbox, begin of the hash (8 bytes), expiry (difference), time in seconds (difference)
 *  type 2       + mailbox, time in seconds (difference)
 *  type 5       + time in seconds (difference), the payload
 *  type 3       + generation (8 bytes)
 *  others       nothing more; types 6, 7 and 8 have no entry
 *
 *  mailbox      its place in the order in which mailboxes were first named, from 1; or 0 and 8 bytes, which names it
 * </pre>
 *
 * Owned by the writer.
 */
final class Footer {
    private static final int ENTRY_BYTES_MAX = 72;
    private static final int TYPE_BITS = 0x0F;
    private static final int CONTIGUOUS = 0x10;
    private static final int ALIGNED = 0x20;
    private static final int NEXT_SEQUENCE = 0x40;
    private static final long MILLIS = 1000;
    private static final int BYTES_FIRST = 4096;

    private ByteBuffer bytes = ByteBuffer.allocate(BYTES_FIRST);
    private boolean isTooLarge;
    private final Map<Long, Integer> mailboxes = new HashMap<>();
    private Differences last = new Differences(LogLimits.ALIGNMENT_BYTES_MAX);

    /** What the entry before said. */
    private static final class Differences {
        private final int alignment;
        private long end = SegmentHeader.BYTES;
        private long sequence;
        private long expiry;
        private long seconds;

        Differences(int alignment) {
            this.alignment = alignment;
        }

        /** How the offset of a record is told: one of the two flags, or 0. */
        int flagOf(long offset) {
            return offset == end ? CONTIGUOUS : offset == LogLimits.alignUp(end, alignment) ? ALIGNED : 0;
        }

        long offset(int flags, ByteBuffer in) {
            return (flags & CONTIGUOUS) != 0 ? end
                    : (flags & ALIGNED) != 0 ? LogLimits.alignUp(end, alignment) : end + difference(in);
        }
    }

    /** Begins the index of another segment. */
    void clear(int alignment) {
        bytes.clear();
        bytes.putShort((short) alignment);
        isTooLarge = false;
        mailboxes.clear();
        last = new Differences(alignment);
    }

    /** Room that the index and one more record of {@code payloadBytes} take, padding included; 0 when it has none. */
    int roomBytes(int alignment, int payloadBytes) {
        if (isTooLarge) {
            return 0;
        }
        int entry = ENTRY_BYTES_MAX + Math.min(payloadBytes, RecordFormat.ACK_PAYLOAD_BYTES_MAX);
        return (int) LogLimits.alignUp(RecordFormat.HEADER_BYTES + bytes.position() + entry, alignment);
    }

    /** The index so far, or null when it would be too large. */
    byte[] toBytes() {
        return isTooLarge ? null : Arrays.copyOf(bytes.array(), bytes.position());
    }

    void add(GroupRecord item) {
        add(item.type, Location.offset(item.location()), item.payloadBytes(), item.sequence, item.key,
                item.expirySeconds, item.timeMillis, item.head);
    }

    /** Adds a record that was found in the segment. */
    void add(Scanned scanned) {
        add(scanned.type(), scanned.offset(), scanned.length(), scanned.sequence(), scanned.key(),
                scanned.expirySeconds(), scanned.time(), scanned.head());
    }

    private void add(byte type, long offset, int length, long sequence, long key, long expiry, long timeMillis,
            byte[] head) {
        if (type == RecordFormat.SEAL || type == RecordFormat.CLOSED || type == RecordFormat.FOOTER || isTooLarge) {
            return;
        }
        int more = ENTRY_BYTES_MAX + (type == RecordFormat.ACKS ? length : 0);
        if (bytes.position() + more > LogLimits.FOOTER_BYTES_MAX) {
            isTooLarge = true;
            return;
        }
        if (bytes.remaining() < more) {
            bytes = ByteBuffer.allocate(2 * bytes.capacity() + more).put(bytes.flip());
        }
        int place = last.flagOf(offset);
        int number = sequence == last.sequence + 1 ? NEXT_SEQUENCE : 0;
        bytes.put((byte) (type | place | number));
        if (place == 0) {
            putDifference(offset, last.end);
        }
        RecordFormat.putNumber(bytes, length);
        if (number == 0) {
            putDifference(sequence, last.sequence);
        }
        last.end = offset + RecordFormat.HEADER_BYTES + length;
        last.sequence = sequence;
        switch (type) {
            case RecordFormat.MESSAGE -> {
                putMailbox(key);
                bytes.put(head, 0, Scanned.PREFIX_BYTES);
                putDifference(expiry, last.expiry);
                last.expiry = expiry;
                putSeconds(timeMillis);
            }
            case RecordFormat.ACK -> {
                putMailbox(key);
                putSeconds(timeMillis);
            }
            case RecordFormat.ACKS -> {
                putSeconds(timeMillis);
                bytes.put(head, 0, length);
            }
            case RecordFormat.LOW_WATER -> bytes.putLong(key);
            default -> { }
        }
    }

    private void putMailbox(long mailbox) {
        Integer place = mailboxes.putIfAbsent(mailbox, mailboxes.size() + 1);
        RecordFormat.putNumber(bytes, place == null ? 0 : place);
        if (place == null) {
            bytes.putLong(mailbox);
        }
    }

    private void putSeconds(long timeMillis) {
        long seconds = Math.floorDiv(timeMillis, MILLIS);
        putDifference(seconds, last.seconds);
        last.seconds = seconds;
    }

    private void putDifference(long value, long before) {
        long difference = value - before;
        RecordFormat.putNumber(bytes, difference << 1 ^ difference >> Long.SIZE - 1);
    }

    /** Whether an index can be read to its end. One whose checksum is right can, unless somebody made it so. */
    static boolean isReadable(byte[] index) throws IOException {
        try {
            read(index, entry -> { });
            return true;
        } catch (BufferUnderflowException | IndexOutOfBoundsException odd) {
            return false;
        }
    }

    /**
     * Reads an index that {@link #isReadable}.
     *
     * @throws IOException from the visitor
     */
    static void read(byte[] index, Scanned.Visitor visitor) throws IOException {
        ByteBuffer in = ByteBuffer.wrap(index);
        Differences last = new Differences(in.getShort() & 0xFFFF);
        List<Long> mailboxes = new ArrayList<>();
        while (in.hasRemaining()) {
            int flags = in.get();
            byte type = (byte) (flags & TYPE_BITS);
            long offset = last.offset(flags, in);
            int length = (int) RecordFormat.number(in);
            last.sequence += (flags & NEXT_SEQUENCE) != 0 ? 1 : difference(in);
            last.end = offset + RecordFormat.HEADER_BYTES + length;
            long key = 0;
            long expiry = 0;
            long seconds = 0;
            byte[] head = {};
            switch (type) {
                case RecordFormat.MESSAGE -> {
                    key = mailbox(in, mailboxes);
                    head = bytes(in, Scanned.PREFIX_BYTES);
                    last.expiry += difference(in);
                    expiry = last.expiry;
                    last.seconds += difference(in);
                    seconds = last.seconds;
                }
                case RecordFormat.ACK -> {
                    key = mailbox(in, mailboxes);
                    last.seconds += difference(in);
                    seconds = last.seconds;
                }
                case RecordFormat.ACKS -> {
                    last.seconds += difference(in);
                    seconds = last.seconds;
                    head = bytes(in, length);
                }
                case RecordFormat.LOW_WATER -> key = in.getLong();
                default -> { }
            }
            visitor.record(new Scanned(type, (byte) 0, length, expiry, last.sequence, key, seconds * MILLIS, offset,
                    head));
        }
    }

    private static long mailbox(ByteBuffer in, List<Long> mailboxes) {
        int place = (int) RecordFormat.number(in);
        if (place == 0) {
            mailboxes.add(in.getLong());
            return mailboxes.get(mailboxes.size() - 1);
        }
        return mailboxes.get(place - 1);
    }

    private static byte[] bytes(ByteBuffer in, int count) {
        if (count < 0 || count > in.remaining()) {
            throw new BufferUnderflowException();
        }
        byte[] bytes = new byte[count];
        in.get(bytes);
        return bytes;
    }

    private static long difference(ByteBuffer in) {
        long coded = RecordFormat.number(in);
        return coded >>> 1 ^ -(coded & 1);
    }
}
