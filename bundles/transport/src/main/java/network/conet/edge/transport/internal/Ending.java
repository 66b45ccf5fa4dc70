package network.conet.edge.transport.internal;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;

/**
 * The end of an accepted connection (3.5, 13): the last bytes are written, our side ends behind them, and what still
 * arrives is thrown away until the peer ends too, or says nothing for a while, or the time is up. Closing at once would
 * reset the connection while the peer sends, and could take the answer from it. Used on one loop only.
 */
final class Ending implements ChannelFutureListener {
    private final ChannelHandlerContext ctx;
    private final Deadline deadline;
    private final long untilNanos;
    private boolean outputEnded;
    private boolean peerEnded;

    Ending(ChannelHandlerContext ctx, Deadline deadline) {
        this.ctx = ctx;
        this.deadline = deadline;
        this.untilNanos = deadline.nanosIn(TransportLimits.LINGER_MILLIS);
    }

    /** @param last the last bytes, or null for none */
    void begin(ByteBuf last) {
        deadline.in(TransportLimits.LINGER_MILLIS);
        ctx.writeAndFlush(last == null ? Unpooled.EMPTY_BUFFER : last).addListener(this);
    }

    void peerEnded() {
        peerEnded = true;
        if (outputEnded) {
            ctx.close();
        }
    }

    /** The peer sent something that nobody wants. */
    void moreCame() {
        if (outputEnded) {
            deadline.earlierOf(TransportLimits.QUIET_MILLIS, untilNanos);
        }
    }

    /** All is written. */
    @Override
    public void operationComplete(ChannelFuture written) {
        if (!written.isSuccess() || peerEnded || !ctx.channel().isActive()) {
            ctx.close();
            return;
        }
        SslHandler tls = ctx.pipeline().get(SslHandler.class);
        if (tls != null) {
            tls.closeOutbound();
        } else if (ctx.channel() instanceof DuplexChannel socket) {
            socket.shutdownOutput();
        } else {
            ctx.close();
            return;
        }
        outputEnded = true;
        moreCame();
    }
}
