package network.conet.edge.storage.internal.log;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A record as it was found, whether in its place or in the index of its segment.
 *
 * @param type see {@link RecordFormat}
 * @param flags see {@link RecordFormat}
 * @param length of the payload in bytes
 * @param expirySeconds unix seconds, 0 when the clock was not set
 * @param sequence number, by type
 * @param key mailbox, generation or 0, by type
 * @param time unix milliseconds (whole seconds when it comes from an index), 0 when the clock was not set
 * @param offset in its segment
 * @param head the first eight bytes of a message's hash; the whole payload of an acknowledgement or clean stop;
 *     empty for other types, whose payload is read where it stands
 */
public record Scanned(byte type, byte flags, int length, long expirySeconds, long sequence, long key, long time,
        long offset, byte[] head) {

    /** Bytes of the hash that an index keeps. */
    static final int PREFIX_BYTES = Long.BYTES;

    /** Takes records in the order in which they were written. */
    @FunctionalInterface
    public interface Visitor {
        /** @throws IOException when the medium cannot be read further */
        void record(Scanned scanned) throws IOException;
    }

    /** Where it stands. */
    public long location(Segment segment) {
        return Location.of(segment.number(), offset, length);
    }

    /** The same with another begin of the payload. */
    Scanned withHead(byte[] bytes) {
        return new Scanned(type, flags, length, expirySeconds, sequence, key, time, offset, bytes);
    }

    /** The first 64 bits of a message's hash. */
    public long hashPrefix() {
        return ByteBuffer.wrap(head).getLong();
    }

    /** What it takes on the medium, before padding. */
    public int bytes() {
        return RecordFormat.HEADER_BYTES + length;
    }
}
