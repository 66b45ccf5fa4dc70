package network.conet.edge.transport.internal;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/** Small work on buffers. */
final class Buffers {
    private Buffers() {}

    /** Releases, null too. Returns null, for the variable that held it. */
    static ByteBuf release(ByteBuf buffer) {
        if (buffer != null) {
            buffer.release();
        }
        return null;
    }

    /** Appends, and releases both when a new buffer had to be made. */
    static ByteBuf join(ByteBufAllocator allocator, ByteBuf first, ByteBuf second) {
        if (first.refCnt() == 1 && !first.isReadOnly() && first.writableBytes() >= second.readableBytes()) {
            first.writeBytes(second);
            second.release();
            return first;
        }
        int length = first.readableBytes() + second.readableBytes();
        // Room for as much again: a peer that sends byte by byte shall not make us copy at each.
        ByteBuf joined = allocator.directBuffer(2 * length);
        joined.writeBytes(first).writeBytes(second);
        first.release();
        second.release();
        return joined;
    }

    /**
     * Skips pairs of CR LF. A lone CR at the end may be half of one and stays.
     *
     * @return whether something else follows
     */
    static boolean skipLineEnds(ByteBuf buffer) {
        while (buffer.isReadable() && buffer.getByte(buffer.readerIndex()) == '\r') {
            if (buffer.readableBytes() == 1) {
                return false;
            }
            if (buffer.getByte(buffer.readerIndex() + 1) != '\n') {
                return true;
            }
            buffer.skipBytes(2);
        }
        return buffer.isReadable();
    }
}
