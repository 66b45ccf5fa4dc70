package network.conet.edge.transport.internal;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import network.conet.edge.protocol.Endpoint;

/** A connection to a next node: joined to a tunnel, or idle in the pool. Lives on its event loop. */
final class UpstreamConnection extends ChannelInboundHandlerAdapter {
    private final NextNodes nodes;
    private final Endpoint endpoint;
    private Channel channel;
    private NextNodes.Joined joined;
    private boolean ended;
    /** When it became idle. Kept here for the pool. */
    long idleSinceNanos;

    UpstreamConnection(NextNodes nodes, Endpoint endpoint) {
        this.nodes = nodes;
        this.endpoint = endpoint;
    }

    Channel channel() {
        return channel;
    }

    Endpoint endpoint() {
        return endpoint;
    }

    void join(NextNodes.Joined to) {
        joined = to;
        channel.config().setAutoRead(true);
    }

    /** What comes from now on is nobody's. */
    void leave() {
        joined = null;
    }

    void close() {
        channel.close();
    }

    /** Whether a request can be sent and nothing unexpected has come. */
    boolean isUsable() {
        return !ended && channel.isActive();
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        channel = ctx.channel();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (joined != null) {
            joined.fromUpstream(this, (ByteBuf) message);
        } else {
            ((ByteBuf) message).release();
            end();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (joined != null) {
            joined.upstreamReadComplete();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (joined != null) {
            joined.upstreamWritabilityChanged();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            end();
        }
    }

    /** A reset, which is the way of some peers to say goodbye. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        nodes.failed(cause);
        end();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        end();
    }

    private void end() {
        ended = true;
        NextNodes.Joined to = joined;
        if (to != null) {
            to.upstreamEnded(this);
        } else {
            nodes.forget(this);
        }
        channel.close();
    }
}
