package network.conet.edge.transport.internal;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketOption;
import java.nio.channels.SocketChannel;
import java.util.Set;

/** The kind of sockets and their options: the only place that would change for another kind. */
final class Sockets {
    private static final WriteBufferWaterMark WATER_MARK =
            new WriteBufferWaterMark(TransportLimits.WRITE_LOW_BYTES, TransportLimits.WRITE_HIGH_BYTES);
    private static final String KEEP_ALIVE_IDLE = "TCP_KEEPIDLE";

    private Sockets() {}

    static EventLoopGroup loops(int count) {
        return new MultiThreadIoEventLoopGroup(count, new DefaultThreadFactory("conet-transport"),
                NioIoHandler.newFactory());
    }

    static ServerBootstrap server(EventLoopGroup loops) {
        ServerBootstrap bootstrap = new ServerBootstrap().group(loops).channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, TransportLimits.ACCEPT_BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK);
        SocketOption<Integer> keepAliveIdle = keepAliveIdle();
        if (keepAliveIdle != null) {
            bootstrap.childOption(NioChannelOption.of(keepAliveIdle), TransportLimits.KEEP_ALIVE_SECONDS);
        }
        return bootstrap;
    }

    static Bootstrap client(EventLoop loop, int connectMillis) {
        Bootstrap bootstrap = new Bootstrap().group(loop).channel(NioSocketChannel.class).disableResolver()
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, connectMillis)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.SO_KEEPALIVE, true)
                .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK);
        SocketOption<Integer> keepAliveIdle = keepAliveIdle();
        if (keepAliveIdle != null) {
            bootstrap.option(NioChannelOption.of(keepAliveIdle), TransportLimits.KEEP_ALIVE_SECONDS);
        }
        return bootstrap;
    }

    /**
     * The option by its name: its class is in a module of the JDK that small runtimes leave out, and whose package a
     * framework need not offer.
     */
    @SuppressWarnings("unchecked")
    private static SocketOption<Integer> keepAliveIdle() {
        Set<SocketOption<?>> offered;
        try (SocketChannel probe = SocketChannel.open()) {
            offered = probe.supportedOptions();
        } catch (IOException noSockets) {
            throw new UncheckedIOException("no socket can be made", noSockets);
        }
        for (SocketOption<?> option : offered) {
            if (option.name().equals(KEEP_ALIVE_IDLE) && option.type() == Integer.class) {
                return (SocketOption<Integer>) option;
            }
        }
        return null;
    }
}
