package network.conet.edge.services.wasm;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import network.conet.edge.protocol.RefusedException;

/** Reads the binary format's small pieces, and no byte behind its end (core specification, section 5.2). */
final class ByteCursor {
    private static final int CONTINUED = 0x80;
    private static final int BITS = 7;

    private final byte[] bytes;
    private int at;
    private int end;

    ByteCursor(byte[] bytes, int begin, int end) {
        this.bytes = bytes;
        this.at = begin;
        this.end = end;
    }

    byte[] bytes() {
        return bytes;
    }

    int at() {
        return at;
    }

    int end() {
        return end;
    }

    boolean isAtEnd() {
        return at == end;
    }

    /** A cursor over the next bytes, which are skipped here. */
    ByteCursor part(int length, String what) throws RefusedException {
        if (length < 0 || length > end - at) {
            throw Refusals.malformed(what + " is longer than what it is in", at);
        }
        ByteCursor part = new ByteCursor(bytes, at, at + length);
        at += length;
        return part;
    }

    int u8() throws RefusedException {
        if (at == end) {
            throw Refusals.malformed("unexpected end", at);
        }
        return bytes[at++] & 0xFF;
    }

    /** An unsigned number of 32 bits, as an int whose sign bit is its highest. */
    int u32() throws RefusedException {
        return (int) leb(32, false);
    }

    int s32() throws RefusedException {
        return (int) leb(32, true);
    }

    long s33() throws RefusedException {
        return leb(33, true);
    }

    long s64() throws RefusedException {
        return leb(64, true);
    }

    /** LEB128 of at most ceil(bits / 7) bytes; what does not fit must be zero or repeat the sign. */
    private long leb(int bits, boolean signed) throws RefusedException {
        long value = 0;
        for (int shift = 0; ; shift += BITS) {
            int next = u8();
            int left = bits - shift;
            if (left < BITS) {
                int payload = next & CONTINUED - 1;
                int spare = payload >> (signed ? left - 1 : left);
                int allOnes = (1 << BITS - (signed ? left - 1 : left)) - 1;
                if ((next & CONTINUED) != 0 || spare != 0 && !(signed && spare == allOnes)) {
                    throw Refusals.malformed("number of more than " + bits + " bits", at - 1);
                }
            } else if (left == BITS && (next & CONTINUED) != 0) {
                throw Refusals.malformed("number of more than " + bits + " bits", at - 1);
            }
            value |= (long) (next & CONTINUED - 1) << shift;
            if ((next & CONTINUED) == 0) {
                int used = shift + BITS;
                return signed && used < Long.SIZE && (next & 0x40) != 0 ? value | -1L << used : value;
            }
        }
    }

    void skip(int length) throws RefusedException {
        if (length > end - at) {
            throw Refusals.malformed("unexpected end", at);
        }
        at += length;
    }

    /** A count of things that take at least one byte each, so that a few bytes cannot announce millions. */
    int count(String what, int max) throws RefusedException {
        int count = u32();
        Refusals.limit(what, count, max);
        if (count > end - at) {
            throw Refusals.malformed("more " + what + " announced than there are bytes", at);
        }
        return count;
    }

    String name() throws RefusedException {
        int length = u32();
        Refusals.limit("bytes of a name", length, ModuleLimits.NAME_BYTES_MAX);
        ByteCursor part = part(length, "a name");
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, part.at, length)).toString();
        } catch (CharacterCodingException notUtf8) {
            throw Refusals.malformed("a name that is not UTF-8", part.at);
        }
    }

    void requireEnd(String what) throws RefusedException {
        if (at != end) {
            throw Refusals.malformed(what + " is shorter than announced", at);
        }
    }
}
