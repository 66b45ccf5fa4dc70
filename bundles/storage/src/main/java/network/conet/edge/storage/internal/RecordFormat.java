package network.conet.edge.storage.internal;

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
 *              bytes 4..39; payload)
 *   4      4   payload length
 *   8      1   type
 *   9      1   flags: bit 0 last record of its group, bit 1 first record of its group
 *  10      2   0 (kept for the class of service)
 *  12      4   expiry, unix seconds, unsigned; 0 when the clock was not set
 *  16      8   sequence number of the message; of the acknowledged message in type 2; 0 otherwise
 *  24      8   recipient key id; in types 3 and 6 a generation
 *  32      8   time of writing, unix milliseconds, 0 when the clock was not set; in type 6 an offset
 *
 *  type  payload
 *   1    message: hash of the armor (32 bytes), armor
 *   2    acknowledgement of one message: empty
 *   3    low-water mark, bytes 24..31 = minLiveGeneration: empty
 *   4    acknowledgements in one mailbox: sequence numbers, rising, as differences to the one before,
 *        unsigned LEB128; the first to 0
 *   5    not used (kept for: forget a whole mailbox)
 *   6    end of an earlier segment: bytes 24..31 its generation, 32..39 the offset behind its last group: empty
 *   7    clean stop; nothing of this generation was written behind this group: empty
 * </pre>
 *
 * The salt is random and new for each life of a segment and no offset is written twice in one life, so a
 * record proves alone that it belongs where it stands; a reader needs no other record to check it.
 */
final class RecordFormat {
    static final int HEADER_BYTES = 40;

    static final int LENGTH_OFFSET = 4;
    static final int TYPE_OFFSET = 8;
    static final int FLAGS_OFFSET = 9;
    static final int CLASS_OFFSET = 10;
    static final int EXPIRY_OFFSET = 12;
    static final int SEQUENCE_OFFSET = 16;
    static final int KEY_OFFSET = 24;
    static final int TIME_OFFSET = 32;

    static final byte MESSAGE = 1;
    static final byte ACK = 2;
    static final byte LOW_WATER = 3;
    static final byte ACK_BATCH = 4;
    static final byte SEAL = 6;
    static final byte CLOSED = 7;

    static final byte FLAG_LAST = 1;
    static final byte FLAG_FIRST = 2;

    private static final int VARINT_BYTES_MAX = 10;
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
        return type >= MESSAGE && type <= CLOSED && (flags & ~(FLAG_FIRST | FLAG_LAST)) == 0 && serviceClass == 0
                && length >= (type == MESSAGE ? Hash256.BYTES : 0) && length <= StorageLimits.PAYLOAD_BYTES_MAX;
    }

    /** Encodes rising sequence numbers as the payload of an {@link #ACK_BATCH}. */
    static byte[] encodeSequences(long[] sequences, int from, int to) {
        ByteBuffer out = ByteBuffer.allocate((to - from) * VARINT_BYTES_MAX);
        long previous = 0;
        for (int i = from; i < to; i++) {
            long rest = sequences[i] - previous;
            previous = sequences[i];
            while ((rest & ~VARINT_PAYLOAD) != 0) {
                out.put((byte) (rest & VARINT_PAYLOAD | ~VARINT_PAYLOAD));
                rest >>>= 7;
            }
            out.put((byte) rest);
        }
        byte[] bytes = new byte[out.position()];
        out.flip().get(bytes);
        return bytes;
    }

    /** Reads what {@link #encodeSequences} wrote; a cut number at the end is ignored, it cannot pass the sum. */
    static long[] decodeSequences(byte[] payload) {
        long[] sequences = new long[payload.length];
        int count = 0;
        long previous = 0;
        long value = 0;
        int shift = 0;
        for (byte b : payload) {
            value |= (long) (b & VARINT_PAYLOAD) << shift;
            shift += 7;
            if (b >= 0) {
                previous += value;
                sequences[count++] = previous;
                value = 0;
                shift = 0;
            }
        }
        return java.util.Arrays.copyOf(sequences, count);
    }
}
