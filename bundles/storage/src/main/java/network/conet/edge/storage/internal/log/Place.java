package network.conet.edge.storage.internal.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import network.conet.edge.protocol.Hash256;

/**
 * Where a record stood at one moment. May be read by any thread, while the segment is written and even while it begins
 * another life: what is read is checked against the life that was meant.
 */
public final class Place {
    private final Segment segment;
    private final Segment.Life life;
    private final long location;

    /**
     * @param hash of the armor, as it was stored with it
     * @param armor the message
     */
    public record Message(byte[] hash, byte[] armor) {}

    private Place(Segment segment, long location) {
        this.segment = segment;
        this.life = segment.life();
        this.location = location;
    }

    /** The place of a record that is wanted; to be called under the monitor that guards it. */
    public static Place of(Segment segment, long location) {
        return new Place(segment, location);
    }

    /**
     * Reads a message.
     *
     * @return null when the record there is not this one
     * @throws IOException when the medium cannot be read
     */
    public Message message(long sequence) throws IOException {
        byte[] masked = read(RecordFormat.MESSAGE, sequence);
        if (masked == null) {
            return null;
        }
        byte[] hash = new byte[Hash256.BYTES];
        byte[] armor = new byte[masked.length - hash.length];
        try (Mask.Stream stream = life.mask().stream(Location.offset(location))) {
            stream.next(masked, 0, hash.length, hash, 0);
            stream.next(masked, hash.length, armor.length, armor, 0);
        }
        return new Message(hash, armor);
    }

    /**
     * Reads the payload of any record.
     *
     * @return null when the record there is not this one
     * @throws IOException when the medium cannot be read
     */
    public byte[] payload(byte type, long sequence) throws IOException {
        byte[] masked = read(type, sequence);
        if (masked != null) {
            try (Mask.Stream stream = life.mask().stream(Location.offset(location))) {
                stream.next(masked, 0, masked.length, masked, 0);
            }
        }
        return masked;
    }

    /** The same for whom a record that the medium does not give is as good as a damaged one. */
    public byte[] payloadIfReadable(byte type, long sequence) {
        try {
            return payload(type, sequence);
        } catch (IOException unreadable) {
            return null;
        }
    }

    /** The payload as it stands there, or null. */
    private byte[] read(byte type, long sequence) throws IOException {
        if (life == null) {
            return null;
        }
        long offset = Location.offset(location);
        ByteBuffer header = ByteBuffer.allocate(RecordFormat.HEADER_BYTES);
        byte[] payload = new byte[Location.length(location)];
        if (segment.file.read(header, offset) < header.capacity()
                || segment.file.read(ByteBuffer.wrap(payload), offset + header.capacity()) < payload.length) {
            return null;
        }
        CRC32C crc = new CRC32C();
        RecordFormat.seed(crc, ByteBuffer.allocate(3 * Long.BYTES), life.salt(), life.generation(), offset);
        crc.update(header.array(), RecordFormat.LENGTH_OFFSET, header.capacity() - RecordFormat.LENGTH_OFFSET);
        crc.update(payload);
        boolean isRight = header.getInt(0) == (int) crc.getValue()
                && header.getInt(RecordFormat.LENGTH_OFFSET) == payload.length
                && header.get(RecordFormat.TYPE_OFFSET) == type
                && header.getLong(RecordFormat.SEQUENCE_OFFSET) == sequence;
        return isRight ? payload : null;
    }
}
