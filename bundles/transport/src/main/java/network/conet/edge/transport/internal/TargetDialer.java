package network.conet.edge.transport.internal;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import network.conet.edge.api.Clock;
import network.conet.edge.api.Counter;
import network.conet.edge.api.Counters;
import network.conet.edge.api.Dialer;
import network.conet.edge.api.Pipe;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.RefusedException;

/** Connects to targets that clients name. Safe for use by many threads; never waits. */
final class TargetDialer implements Dialer, AutoCloseable {
    private static final int PORT_MAX = 65535;

    private final EventLoopGroup loops;
    private final TargetNames names;
    private final AddressRule rule;
    private final int targetsMax;
    private final FaultLog faults;
    private final Counters counters;
    private final Clock clock;
    private final AtomicInteger open = new AtomicInteger();
    private final Set<Channel> channels = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;
    private Set<InetAddress> own;
    private long ownNanos;

    TargetDialer(EventLoopGroup loops, TargetNames.Resolver resolver, DialSettings settings, FaultLog faults,
            Counters counters, Clock clock) {
        this.loops = loops;
        this.names = new TargetNames(resolver, clock);
        this.rule = new AddressRule(settings.allowed());
        this.targetsMax = settings.targetsMax();
        this.faults = faults;
        this.counters = counters;
        this.clock = clock;
    }

    @Override
    public CompletionStage<InetAddress> resolve(String host) {
        return addresses(host).thenApply(allowed -> allowed.get(0));
    }

    @Override
    public CompletionStage<Pipe> dial(String host, int port) {
        if (port < 1 || port > PORT_MAX) {
            return failed(RefuseReason.TARGET_MALFORMED);
        }
        return addresses(host).thenCompose(allowed -> open(allowed, port));
    }

    /** Connections that are open or being made. */
    int open() {
        return open.get();
    }

    @Override
    public void close() {
        closed = true;
        names.close();
        channels.forEach(Channel::close);
    }

    // ---- which addresses

    private CompletionStage<List<InetAddress>> addresses(String host) {
        if (closed) {
            return failed(RefuseReason.STOPPING);
        }
        HostText text;
        try {
            text = HostText.parse(host);
        } catch (RefusedException malformed) {
            return CompletableFuture.failedFuture(malformed);
        }
        if (text.literal().isPresent()) {
            return allowed(List.of(text.literal().get()));
        }
        return names.ask(text.name()).thenCompose(this::allowed);
    }

    private CompletionStage<List<InetAddress>> allowed(List<InetAddress> found) {
        Set<InetAddress> ours = ownAddresses();
        List<InetAddress> allowed = new ArrayList<>();
        for (InetAddress address : found) {
            if (rule.allows(address.getAddress(), ours.contains(meant(address)))) {
                allowed.add(address);
            }
        }
        return allowed.isEmpty() ? failed(RefuseReason.TARGET_FORBIDDEN) : CompletableFuture.completedStage(allowed);
    }

    private static InetAddress meant(InetAddress address) {
        byte[] meant = AddressRule.meant(address.getAddress());
        try {
            // Without the zone that an interface's own address has.
            return InetAddress.getByAddress(meant);
        } catch (UnknownHostException impossible) {
            throw new AssertionError("an address of 4 or 16 bytes is one", impossible);
        }
    }

    /** The addresses of this host's interfaces. Asking the kernel takes well below a millisecond. */
    private synchronized Set<InetAddress> ownAddresses() {
        long now = clock.monotonicNanos();
        if (own != null
                && now - ownNanos < TimeUnit.MILLISECONDS.toNanos(TransportLimits.OWN_ADDRESSES_MILLIS)) {
            return own;
        }
        Set<InetAddress> found = new HashSet<>();
        try {
            NetworkInterface.networkInterfaces().flatMap(NetworkInterface::inetAddresses)
                    .forEach(address -> found.add(meant(address)));
        } catch (SocketException unknown) {
            faults.fault("the addresses of this host cannot be listed", unknown);
            if (own != null) {
                found.addAll(own);
            }
        }
        own = found;
        ownNanos = now;
        return found;
    }

    // ---- connecting

    private CompletionStage<Pipe> open(List<InetAddress> addresses, int port) {
        if (open.incrementAndGet() > targetsMax) {
            open.decrementAndGet();
            return failed(RefuseReason.TUNNELS_FULL);
        }
        CompletableFuture<Pipe> result = new CompletableFuture<>();
        connect(loops.next(), addresses, 0, port, result);
        result.whenComplete((pipe, failure) -> {
            if (failure != null) {
                open.decrementAndGet();
            }
        });
        return result;
    }

    private void connect(EventLoop loop, List<InetAddress> addresses, int index, int port,
            CompletableFuture<Pipe> result) {
        Bootstrap bootstrap = Sockets.client(loop, TransportLimits.TARGET_CONNECT_MILLIS);
        ChannelPipe[] made = new ChannelPipe[1];
        bootstrap.handler(new ChannelInitializer<Channel>() {
            @Override
            protected void initChannel(Channel channel) {
                channel.config().setAutoRead(false);
                made[0] = new ChannelPipe(channel, false, faults, counters);
                channel.pipeline().addLast(made[0]);
            }
        });
        try {
            bootstrap.connect(new InetSocketAddress(addresses.get(index), port)).addListener((ChannelFuture done) -> {
                if (done.isSuccess()) {
                    connected(done.channel(), made[0], result);
                } else if (index + 1 < Math.min(addresses.size(), TransportLimits.TARGET_ADDRESSES_MAX) && !closed) {
                    connect(loop, addresses, index + 1, port, result);
                } else {
                    result.completeExceptionally(new RefusedException(RefuseReason.TARGET_UNREACHABLE));
                }
            });
        } catch (RejectedExecutionException stopped) {
            result.completeExceptionally(new RefusedException(RefuseReason.STOPPING));
        }
    }

    private void connected(Channel channel, ChannelPipe pipe, CompletableFuture<Pipe> result) {
        channels.add(channel);
        channel.closeFuture().addListener(gone -> {
            channels.remove(channel);
            open.decrementAndGet();
        });
        pipe.begin();
        if (closed) {
            channel.close();
        }
        counters.add(Counter.TUNNELS_OPENED, 1);
        result.complete(pipe);
    }

    private static <T> CompletionStage<T> failed(RefuseReason reason) {
        return CompletableFuture.failedFuture(new RefusedException(reason));
    }
}
