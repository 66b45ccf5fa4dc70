package network.conet.edge.crypto;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Splits OpenPGP bytes into packets (RFC 9580 section 4.2, RFC 4880 section 4.2) that all lie inside the input, so
 * that no length in a hostile message makes anybody allocate more than the message itself has.
 *
 * <pre>
 *  header octet   11tttttt  length 1, 2 or 5 octets, or 1 octet for a partial body (2^n, more follow)
 *                 10ttttll  length 1, 2 or 4 octets, or none: up to the end
 * </pre>
 */
final class PacketReader {
    static final int TAG_PUBLIC_KEY_SESSION = 1;
    static final int TAG_SIGNATURE = 2;
    static final int TAG_ONE_PASS_SIGNATURE = 4;
    static final int TAG_SECRET_KEY = 5;
    static final int TAG_PUBLIC_KEY = 6;
    static final int TAG_SECRET_SUBKEY = 7;
    static final int TAG_COMPRESSED = 8;
    static final int TAG_MARKER = 10;
    static final int TAG_LITERAL = 11;
    static final int TAG_TRUST = 12;
    static final int TAG_USER_ID = 13;
    static final int TAG_PUBLIC_SUBKEY = 14;
    static final int TAG_USER_ATTRIBUTE = 17;
    static final int TAG_INTEGRITY_PROTECTED = 18;
    static final int TAG_PADDING = 21;
    /** Packets with a higher tag may be ignored by those who do not know them (RFC 9580 section 4.3.1). */
    static final int TAG_CRITICAL_MAX = 39;

    private static final int PARTIAL_BASE = 224;

    private final byte[] input;
    private int position;

    private PacketReader(byte[] input) {
        this.input = input;
    }

    /** A packet. */
    record Packet(int tag, byte[] body) {}

    /** All packets of the input, which must end where the last one ends. */
    static List<Packet> split(byte[] input) throws MalformedException {
        PacketReader reader = new PacketReader(input);
        List<Packet> packets = new ArrayList<>();
        while (reader.position < input.length) {
            if (packets.size() == CryptoLimits.PACKETS_MAX) {
                throw new MalformedException("too many packets");
            }
            packets.add(reader.next());
        }
        return packets;
    }

    private Packet next() throws MalformedException {
        int header = octet();
        if ((header & 0x80) == 0) {
            throw new MalformedException("not a packet");
        }
        if ((header & 0x40) == 0) {
            return oldFormat(header);
        }
        int tag = header & 0x3F;
        long length = newLength();
        return new Packet(tag, length < 0 ? partial(tag, length) : take(length));
    }

    private Packet oldFormat(int header) throws MalformedException {
        int tag = header >> 2 & 0xF;
        int kind = header & 3;
        if (kind < 3) {
            return new Packet(tag, take(number(1 << kind)));
        }
        requireData(tag);
        return new Packet(tag, take(input.length - position));
    }

    /** The length, or minus the length of the first part. */
    private long newLength() throws MalformedException {
        int first = octet();
        if (first < 192) {
            return first;
        }
        if (first < PARTIAL_BASE) {
            return (first - 192 << 8) + octet() + 192L;
        }
        return first == 255 ? number(4) : -(1L << (first & 0x1F));
    }

    /** @param firstLength minus the length of the first part */
    private byte[] partial(int tag, long firstLength) throws MalformedException {
        requireData(tag);
        byte[] body = new byte[input.length - position];
        int size = 0;
        for (long length = firstLength;; length = newLength()) {
            byte[] part = take(Math.abs(length));
            System.arraycopy(part, 0, body, size, part.length);
            size += part.length;
            if (length >= 0) {
                return Arrays.copyOf(body, size);
            }
        }
    }

    /** Only data packets may have parts or no length. */
    private static void requireData(int tag) throws MalformedException {
        if (tag != TAG_COMPRESSED && tag != TAG_LITERAL && tag != TAG_INTEGRITY_PROTECTED) {
            throw new MalformedException("packet without a length");
        }
    }

    private byte[] take(long length) throws MalformedException {
        if (length > input.length - position) {
            throw new MalformedException("packet is longer than what there is");
        }
        byte[] body = Arrays.copyOfRange(input, position, position + (int) length);
        position += (int) length;
        return body;
    }

    private long number(int octets) throws MalformedException {
        long value = 0;
        for (int i = 0; i < octets; i++) {
            value = value << 8 | octet();
        }
        return value;
    }

    private int octet() throws MalformedException {
        if (position == input.length) {
            throw new MalformedException("packet header is cut off");
        }
        return input[position++] & 0xFF;
    }
}
