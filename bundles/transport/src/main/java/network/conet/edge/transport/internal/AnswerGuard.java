package network.conet.edge.transport.internal;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/**
 * Watches the first bytes of a target on their way to another node of ours. That node would take a head with our
 * marker for an answer of ours, keep the connection when it ends, and send the message of somebody else into the
 * tunnel: to a target that anybody may have chosen. So the marker is taken out of such a head, by the same reading that
 * would find it there.
 */
final class AnswerGuard {
    private final byte[] scratch = new byte[TransportLimits.ANSWER_HEADER_BYTES_MAX];
    private ByteBuf held;

    /** Passes on what was looked at; null while the head is incomplete. After an answer that is not null it is done. */
    ByteBuf pass(ByteBufAllocator allocator, ByteBuf in) {
        ByteBuf all = held == null ? in : Buffers.join(allocator, held, in);
        held = null;
        int there = Math.min(all.readableBytes(), scratch.length);
        all.getBytes(all.readerIndex(), scratch, 0, there);
        boolean http = AnswerHead.mayBegin(scratch, there);
        int length = http ? HeadScanner.end(scratch, 0, there) : HeadScanner.MALFORMED;
        if (length == HeadScanner.MORE && there < scratch.length) {
            held = all;
            return null;
        }
        AnswerHead head = length > 0 ? AnswerHead.read(scratch, length) : null;
        if (head != null) {
            int begin = head.unmark(scratch, length);
            all.setBytes(all.readerIndex() + begin, scratch, begin, length - begin);
            all.skipBytes(begin);
        }
        return all;
    }

    /** What is left of a head that was never completed, or null. */
    ByteBuf rest() {
        ByteBuf rest = held;
        held = null;
        return rest;
    }
}
