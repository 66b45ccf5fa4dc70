package network.conet.edge.transport.internal;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import network.conet.edge.protocol.Endpoint;
import network.conet.edge.protocol.HopHeader;

/**
 * A request to the next node, as existing nodes write it (3.5), their odd User-Agent line included. One header is
 * more: the marker that asks a node of our own kind to keep the connection; others ignore it. And four bytes are
 * less: the line ends that existing nodes append outside the announced length.
 *
 * @param next where to
 * @param body complete
 * @param hopHeader value, or null or empty for none
 */
record ForwardedRequest(Endpoint next, byte[] body, String hopHeader) {
    private static final byte[] TO_HOST = WireAnswers.ascii("POST /post HTTP/1.1\r\nHost: ");
    private static final byte[] AGENT = WireAnswers.ascii("\r\nUser-Agent:'Mozilla/5.0' }\r\n");
    private static final byte[] HOPS = WireAnswers.ascii(HopHeader.NAME + ": ");
    private static final byte[] LINE_END = WireAnswers.ascii("\r\n");
    private static final byte[] TO_LENGTH = WireAnswers.ascii("X-CoNET-Edge: 1\r\n"
            + "Content-Type: application/json;charset=UTF-8\r\nConnection: keep-alive\r\nContent-Length: ");
    private static final byte[] END = WireAnswers.ascii("\r\n\r\n");
    private static final int LENGTH_CHARS_MAX = 10;

    /** All bytes of the request. */
    ByteBuf write(ByteBufAllocator allocator) {
        String host = next.toString();
        boolean hops = hopHeader != null && !hopHeader.isEmpty();
        int size = TO_HOST.length + host.length() + AGENT.length + TO_LENGTH.length + LENGTH_CHARS_MAX + END.length
                + body.length + (hops ? HOPS.length + hopHeader.length() + LINE_END.length : 0);
        ByteBuf out = allocator.directBuffer(size).writeBytes(TO_HOST);
        ByteBufUtil.writeAscii(out, host);
        out.writeBytes(AGENT);
        if (hops) {
            out.writeBytes(HOPS);
            ByteBufUtil.writeAscii(out, hopHeader);
            out.writeBytes(LINE_END);
        }
        out.writeBytes(TO_LENGTH);
        ByteBufUtil.writeAscii(out, Integer.toString(body.length));
        return out.writeBytes(END).writeBytes(body);
    }
}
