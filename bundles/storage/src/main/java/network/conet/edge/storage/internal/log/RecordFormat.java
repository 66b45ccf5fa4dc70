package network.conet.edge.storage.internal.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import network.conet.edge.protocol.Hash256;

/**
 * One record of a segment: 40 bytes and a payload. Numbers are big-endian.
 * {@code docs/protocol/mailbox-format.md}, section 3.
 *
 * <pre>
 *  offset size
 *   0      4   CRC32C of (salt, generation, offset of this record in the segment: 8 bytes each;
 *              bytes 4..39; payload as it stands here, masked)
 *   4      4   payload length
 *   8      1   type
 *   9      1   flags: bit 0 last record of its group, bit 1 first record of its group, bit 2 a copy that
 *              compaction made
 *  10      2   0 (kept for the class of service)
 *  12      4   expiry, unix seconds, unsigned; 0 when the clock was not set
 *  16      8   sequence number, by type
 *  24      8   blinded mailbox, by type
 *  32      8   time of writing, unix milliseconds, 0 when the clock was not set; in type 6 an offset
 *
 *  type  what                   16..23                24..31       32..39   payload
 *   1    message                its own, from 1       mailbox      time     hash of the armor (32 bytes), armor
 *   2    acknowledgement        of the message        mailbox      time     -
 *   3    low-water mark         0                     generation   0        -
 *   4    acknowledgements of    0                     mailbox      time     rising numbers: the first, then
 *        one mailbox (read only)                                            differences, unsigned LEB128
 *   5    acknowledgements       0                     0            time     see encodeAcks
 *   6    end of a segment       1 if it has an index  generation   offset   -
 *   7    clean stop             next number           generation   0        empty, or see {@link IndexFile}
 *   8    index of the segment   0                     0            0        see {@link Footer}
 *   9    ledger entry           its own, from 1       0            time     hash of the entry before (32), entry
 *  10    ledger settled         last settled entry    0            time     hash of that entry (32)
 *  11    value                  rising                0            time     length of space (1), space, length of
 *                                                                           key (1), key, value
 *  12    value removed          rising                0            time     as 11, without a value
 * </pre>
 *
 * The salt is random and new for each life of a segment and no offset is written twice in one life, unless what
 * stood there was wiped, so a record proves alone that it belongs where it stands; a reader needs no other record to
 * check it.
 */
public final class RecordFormat {
    /** Bytes before the payload. */
    public static final int HEADER_BYTES = 40;

    static final int LENGTH_OFFSET = 4;
    static final int TYPE_OFFSET = 8;
    static final int FLAGS_OFFSET = 9;
    static final int CLASS_OFFSET = 10;
    static final int EXPIRY_OFFSET = 12;
    static final int SEQUENCE_OFFSET = 16;
    static final int KEY_OFFSET = 24;
    static final int TIME_OFFSET = 32;

    /** Type of a message. */
    public static final byte MESSAGE = 1;
    /** Type of the acknowledgement of one message. */
    public static final byte ACK = 2;
    static final byte LOW_WATER = 3;
    /** Type of the acknowledgement of several messages of one mailbox, as format version 1 has it. */
    public static final byte ACKS_OF_ONE = 4;
    /** Type of the acknowledgement of several messages. */
    public static final byte ACKS = 5;
    static final byte SEAL = 6;
    static final byte CLOSED = 7;
    static final byte FOOTER = 8;
    /** Type of an entry of the ledger. */
    public static final byte LEDGER_ENTRY = 9;
    /** Type of the mark up to which the ledger is settled. */
    public static final byte LEDGER_SETTLED = 10;
    /** Type of a value under a key. */
    public static final byte VALUE = 11;
    /** Type of the removal of such a value. */
    public static final byte VALUE_REMOVED = 12;

    static final byte FLAG_LAST = 1;
    static final byte FLAG_FIRST = 2;
    static final byte FLAG_MOVED = 4;

    /** Acknowledgements in one record. */
    public static final int ACKS_MAX = 256;

    private static final int VARINT_BYTES_MAX = 10;
    private static final int ACK_BYTES_MAX = Long.BYTES + 2 * VARINT_BYTES_MAX;
    /** The largest payload of such a record. */
    static final int ACK_PAYLOAD_BYTES_MAX = ACKS_MAX * ACK_BYTES_MAX;
    private static final int VARINT_PAYLOAD = 0x7F;

    private RecordFormat() {}

    /** Begins the checksum of the record at {@code offset}: what ties it to its place. */
    static void seed(CRC32C crc, ByteBuffer scratch, long salt, long generation, long offset) {
        crc.reset();
        scratch.clear();
        scratch.putLong(salt).putLong(generation).putLong(offset).flip();
        crc.update(scratch);
        scratch.clear();
    }

    /** Whether the header at {@code at} can be one of ours; cheap, so that a search need not check all sums. */
    static boolean plausible(int length, byte type, byte flags, short serviceClass) {
        return type >= MESSAGE && type <= VALUE_REMOVED && (flags & ~(FLAG_FIRST | FLAG_LAST | FLAG_MOVED)) == 0
                && serviceClass == 0 && length >= (type == MESSAGE ? Hash256.BYTES : 0)
                && length <= LogLimits.PAYLOAD_BYTES_MAX;
    }

    /** Appends a number as unsigned LEB128. */
    static void putNumber(ByteBuffer out, long value) {
        long rest = value;
        while ((rest & ~VARINT_PAYLOAD) != 0) {
            out.put((byte) (rest & VARINT_PAYLOAD | ~VARINT_PAYLOAD));
            rest >>>= 7;
        }
        out.put((byte) rest);
    }

    /** Reads a number that {@link #putNumber} wrote. */
    static long number(ByteBuffer in) {
        long value = 0;
        for (int shift = 0;; shift += 7) {
            byte b = in.get();
            value |= (long) (b & VARINT_PAYLOAD) << shift;
            if (b >= 0) {
                return value;
            }
        }
    }

    /** Takes acknowledgements one by one. */
    public interface AckVisitor {
        /** @throws IOException as the visitor likes */
        void acknowledged(long mailbox, long sequence) throws IOException;
    }

    /**
     * Encodes acknowledgements as the payload of {@link #ACKS}: for each mailbox its name (8 bytes), how many they
     * are, and their rising numbers, the first and then differences; numbers are unsigned LEB128.
     *
     * @param mailboxes of each, those of one mailbox together
     * @param sequences of each, rising within a mailbox
     * @param count how many, at most {@link #ACKS_MAX}
     */
    public static byte[] encodeAcks(long[] mailboxes, long[] sequences, int count) {
        ByteBuffer out = ByteBuffer.allocate(count * ACK_BYTES_MAX);
        for (int from = 0; from < count;) {
            int to = from;
            while (to < count && mailboxes[to] == mailboxes[from]) {
                to++;
            }
            out.putLong(mailboxes[from]);
            putNumber(out, to - from);
            long previous = 0;
            for (; from < to; from++) {
                putNumber(out, sequences[from] - previous);
                previous = sequences[from];
            }
        }
        byte[] bytes = new byte[out.position()];
        out.flip().get(bytes);
        return bytes;
    }

    /** Reads what {@link #encodeAcks} wrote, or the payload of an {@link #ACKS_OF_ONE}. */
    public static void decodeAcks(Scanned record, AckVisitor visitor) throws IOException {
        ByteBuffer in = ByteBuffer.wrap(record.head());
        while (in.hasRemaining()) {
            boolean isOfOne = record.type() == ACKS_OF_ONE;
            long mailbox = isOfOne ? record.key() : in.getLong();
            long left = isOfOne ? Long.MAX_VALUE : number(in);
            long sequence = 0;
            for (; left > 0 && in.hasRemaining(); left--) {
                sequence += number(in);
                visitor.acknowledged(mailbox, sequence);
            }
        }
    }
}
