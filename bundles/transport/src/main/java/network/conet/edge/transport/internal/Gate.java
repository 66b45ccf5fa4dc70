package network.conet.edge.transport.internal;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import network.conet.edge.api.Counter;
import network.conet.edge.protocol.RefuseReason;

/** Stands in front of a listener's acceptor and closes at once what has no place. */
@Sharable
final class Gate extends ChannelInboundHandlerAdapter {
    private final FrontParts parts;

    Gate(FrontParts parts) {
        this.parts = parts;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        Channel accepted = (Channel) message;
        InetSocketAddress remote = (InetSocketAddress) accepted.remoteAddress();
        if (remote == null) {
            // Reset while it waited in the backlog.
            accepted.unsafe().closeForcibly();
            return;
        }
        InetAddress address = remote.getAddress();
        if (!parts.gate.tryEnter(address)) {
            parts.counters.refused(RefuseReason.CONNECTIONS_FULL);
            accepted.unsafe().closeForcibly();
            return;
        }
        parts.counters.add(Counter.CONNECTIONS_ACCEPTED, 1);
        parts.connections.add(accepted);
        accepted.closeFuture().addListener(closed -> {
            parts.connections.remove(accepted);
            parts.gate.leave(address);
        });
        ctx.fireChannelRead(accepted);
    }
}
