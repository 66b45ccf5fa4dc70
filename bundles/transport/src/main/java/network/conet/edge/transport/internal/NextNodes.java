package network.conet.edge.transport.internal;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import network.conet.edge.protocol.Endpoint;

/**
 * Connects to next nodes and keeps connections that are free, each event loop its own. Used on that loop only; names
 * are looked up elsewhere.
 */
final class NextNodes {
    /** Whoever uses a connection. Called on the loop. */
    interface Joined {
        void connected(UpstreamConnection fresh);

        void notConnected();

        /** Bytes have come; the callee releases them. */
        void fromUpstream(UpstreamConnection from, ByteBuf in);

        void upstreamReadComplete();

        void upstreamWritabilityChanged();

        /** The next node sends no more, or the connection failed. May be told more than once. */
        void upstreamEnded(UpstreamConnection ended);
    }

    private final EventLoop loop;
    private final Executor lookups;
    private final FaultLog faults;
    private final Bootstrap bootstrap;
    private final Map<Endpoint, ArrayDeque<UpstreamConnection>> idle = new HashMap<>();
    private int idleTotal;
    private ScheduledFuture<?> sweep;
    private boolean closed;

    /** @param lookups where names are looked up; refuses when it has too many */
    NextNodes(EventLoop loop, Executor lookups, int connectMillis, FaultLog faults) {
        this.loop = loop;
        this.lookups = lookups;
        this.faults = faults;
        this.bootstrap = Sockets.client(loop, connectMillis);
    }

    /** A free connection to the node, the one used last, or null. */
    UpstreamConnection takeIdle(Endpoint endpoint) {
        ArrayDeque<UpstreamConnection> free = idle.get(endpoint);
        while (free != null && !free.isEmpty()) {
            UpstreamConnection last = free.pollLast();
            idleTotal--;
            if (last.isUsable()) {
                return last;
            }
            last.close();
        }
        return null;
    }

    /** Takes a connection that is free again. */
    void giveBack(UpstreamConnection free) {
        if (closed || !free.isUsable()) {
            free.close();
            return;
        }
        ArrayDeque<UpstreamConnection> others = idle.computeIfAbsent(free.endpoint(), key -> new ArrayDeque<>(2));
        if (others.size() == TransportLimits.POOL_PER_NODE_MAX) {
            others.pollFirst().close();
            idleTotal--;
        } else if (idleTotal == TransportLimits.POOL_TOTAL_MAX) {
            free.close();
            return;
        }
        free.idleSinceNanos = loop.ticker().nanoTime();
        free.channel().config().setAutoRead(true);
        others.addLast(free);
        idleTotal++;
        if (sweep == null) {
            sweep = loop.scheduleWithFixedDelay(this::closeOld, TransportLimits.POOL_IDLE_MILLIS / 4,
                    TransportLimits.POOL_IDLE_MILLIS / 4, TimeUnit.MILLISECONDS);
        }
    }

    /** A connection has ended; if it was idle it no longer is. */
    void forget(UpstreamConnection ended) {
        ArrayDeque<UpstreamConnection> others = idle.get(ended.endpoint());
        if (others != null && others.remove(ended)) {
            idleTotal--;
        }
    }

    int idleTotal() {
        return idleTotal;
    }

    /** Makes a new connection; tells whether it came about. */
    void connect(Endpoint endpoint, Joined joined) {
        byte[] literal = NetUtil.createByteArrayFromIpAddressString(endpoint.host());
        if (literal != null) {
            try {
                connect(endpoint, InetAddress.getByAddress(literal), joined);
            } catch (UnknownHostException impossible) {
                throw new AssertionError("an address of 4 or 16 bytes is one", impossible);
            }
            return;
        }
        try {
            lookups.execute(() -> lookUp(endpoint, joined));
        } catch (RejectedExecutionException tooMany) {
            // The bound of waiting names: for the message this is an unreachable node.
            joined.notConnected();
        }
    }

    void closeAll() {
        closed = true;
        if (sweep != null) {
            sweep.cancel(false);
        }
        for (ArrayDeque<UpstreamConnection> free : idle.values()) {
            while (!free.isEmpty()) {
                free.pollLast().close();
            }
        }
        idleTotal = 0;
    }

    /** A connection failed in a way that sockets do not. */
    void failed(Throwable cause) {
        if (!(cause instanceof IOException)) {
            faults.fault("a connection to a next node failed", cause);
        }
    }

    private void lookUp(Endpoint endpoint, Joined joined) {
        InetAddress found;
        try {
            found = InetAddress.getByName(endpoint.host());
        } catch (UnknownHostException unknown) {
            // The caller is told; it is an unreachable node.
            found = null;
        }
        InetAddress address = found;
        try {
            loop.execute(() -> {
                if (address == null) {
                    joined.notConnected();
                } else {
                    connect(endpoint, address, joined);
                }
            });
        } catch (RejectedExecutionException stopped) {
            // The loop has stopped, and with it the connection that waited.
            return;
        }
    }

    private void connect(Endpoint endpoint, InetAddress address, Joined joined) {
        UpstreamConnection fresh = new UpstreamConnection(this, endpoint);
        bootstrap.clone().handler(fresh).connect(new InetSocketAddress(address, endpoint.port()))
                .addListener((ChannelFuture done) -> {
                    if (done.isSuccess()) {
                        joined.connected(fresh);
                    } else {
                        joined.notConnected();
                    }
                });
    }

    private void closeOld() {
        long now = loop.ticker().nanoTime();
        long ageMax = TimeUnit.MILLISECONDS.toNanos(TransportLimits.POOL_IDLE_MILLIS);
        Iterator<ArrayDeque<UpstreamConnection>> nodes = idle.values().iterator();
        while (nodes.hasNext()) {
            ArrayDeque<UpstreamConnection> free = nodes.next();
            while (!free.isEmpty() && now - free.peekFirst().idleSinceNanos >= ageMax) {
                idleTotal--;
                free.pollFirst().close();
            }
            if (free.isEmpty()) {
                nodes.remove();
            }
        }
        if (idle.isEmpty()) {
            sweep.cancel(false);
            sweep = null;
        }
    }
}
