package network.conet.edge.transport.internal;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import network.conet.edge.api.Clock;
import network.conet.edge.api.Counters;
import network.conet.edge.api.Dialer;
import network.conet.edge.api.MessageHandler;
import network.conet.edge.api.MessagePost;

/**
 * The node's HTTP surface (section 2) and its connections to next nodes (3.5).
 *
 * <p>Every posted body goes to the handler, on the event loop of its connection; the answers may come from any thread.
 * What the surface refuses by itself is counted once with its reason. Started once and closed once; both from one
 * thread, which may wait.
 */
public final class HttpFront implements AutoCloseable {
    private static final int SHUTDOWN_SECONDS = 5;

    private final FrontParts parts;
    private final FrontSettings settings;
    private final List<Channel> listeners = new ArrayList<>();
    private final Map<EventExecutor, LoopParts> loopParts = new IdentityHashMap<>();
    private int port;
    private int tlsPort;
    private EventLoopGroup loops;
    private ThreadPoolExecutor lookups;
    private TargetDialer dialer;

    /**
     * @param settings where to listen, and the bounds
     * @param handler takes every posted body
     * @param walletText what {@code GET /nodeWallet} answers, ASCII; asked on an event loop, must not wait
     * @param counters counts what is accepted and refused
     * @param clock for the dates in answers
     */
    public HttpFront(FrontSettings settings, MessageHandler handler, Supplier<String> walletText, Counters counters,
            Clock clock) {
        this.settings = settings;
        this.parts = new FrontParts(settings, handler, walletText, counters, clock);
    }

    /**
     * Listens. After an exception nothing listens and the object is of no more use.
     *
     * @throws IOException when an address cannot be had or the certificate not be read; the text names it
     */
    public void start() throws IOException {
        Certificates certificates = settings.tls() == null ? null : new Certificates(settings.tls(), parts.clock);
        loops = Sockets.loops(settings.eventLoops());
        lookups = new ThreadPoolExecutor(1, 1, SHUTDOWN_SECONDS, TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(TransportLimits.LOOKUPS_MAX),
                work -> {
                    Thread thread = new Thread(work, "conet-transport-names");
                    thread.setDaemon(true);
                    return thread;
                });
        lookups.allowCoreThreadTimeOut(true);
        for (EventExecutor loop : loops) {
            loopParts.put(loop, new LoopParts(new NextNodes((EventLoop) loop, lookups,
                    settings.times().connectMillis(), parts.faults)));
        }
        try {
            port = listen(settings.port(), null);
            tlsPort = certificates == null ? 0 : listen(settings.tls().port(), certificates);
        } catch (IOException refused) {
            close();
            throw refused;
        }
    }

    /**
     * Connects to targets on the loops of this front, and ends with it. Called once, after {@link #start()}.
     *
     * @param settings which targets, and how many
     */
    public Dialer dialer(DialSettings settings) {
        return dialer(settings, InetAddress::getAllByName);
    }

    /** The same with another resolver. */
    Dialer dialer(DialSettings settings, TargetNames.Resolver resolver) {
        if (dialer != null) {
            throw new IllegalStateException("a front has one dialer");
        }
        dialer = new TargetDialer(loops, resolver, settings, parts.faults, parts.counters, parts.clock);
        return dialer;
    }

    /** Posts of the node's own, on the loops of this front. After {@link #start()}. */
    public MessagePost posts() {
        return new OutgoingPosts(loops::next, loop -> loopParts.get(loop).nextNodes, settings.times().answerMillis());
    }

    /** The port that is listened at: the configured one, or the one that was free. */
    public int port() {
        return port;
    }

    /** The port of the TLS listener, 0 when there is none. */
    public int tlsPort() {
        return tlsPort;
    }

    /** Accepted connections at this moment. */
    public int connections() {
        return parts.gate.connections();
    }

    /**
     * Stops: accepts nothing more, refuses new requests, gives the exchanges under way their time, then closes
     * everything. Waits for that.
     */
    @Override
    public void close() {
        if (loops == null) {
            return;
        }
        parts.stopping = true;
        for (Channel listener : listeners) {
            listener.close().awaitUninterruptibly();
        }
        parts.exchanges.awaitNone(settings.times().stopMillis());
        if (dialer != null) {
            dialer.close();
        }
        for (Map.Entry<EventExecutor, LoopParts> entry : loopParts.entrySet()) {
            entry.getKey().execute(entry.getValue().nextNodes::closeAll);
        }
        List<ChannelFuture> closing = new ArrayList<>();
        for (Channel connection : parts.connections) {
            closing.add(connection.close());
        }
        for (ChannelFuture closed : closing) {
            closed.awaitUninterruptibly(TimeUnit.SECONDS.toMillis(1));
        }
        loops.shutdownGracefully(0, SHUTDOWN_SECONDS, TimeUnit.SECONDS)
                .awaitUninterruptibly(TimeUnit.SECONDS.toMillis(SHUTDOWN_SECONDS));
        lookups.shutdownNow();
        loops = null;
    }

    /** Test seam: how many bytes of bodies are held. */
    long bodyBytesHeld() {
        return parts.budget.bytesUsed();
    }

    private int listen(int wantedPort, Certificates certificates) throws IOException {
        ServerBootstrap bootstrap = Sockets.server(loops).handler(new Gate(parts))
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel accepted) {
                        if (certificates != null) {
                            SslHandler tls = certificates.context().newHandler(accepted.alloc());
                            tls.setHandshakeTimeoutMillis(settings.times().headerMillis());
                            accepted.pipeline().addLast(tls);
                        }
                        accepted.pipeline().addLast(new FrontConnection(parts, loopParts.get(accepted.eventLoop())));
                    }
                });
        int bound = wantedPort;
        for (String address : settings.addresses()) {
            // Port 0: the first address finds a free one, the others take the same.
            ChannelFuture binding = bootstrap.bind(new InetSocketAddress(InetAddress.getByName(address), bound))
                    .awaitUninterruptibly();
            if (!binding.isSuccess()) {
                throw new IOException(address + " port " + bound + ": " + binding.cause().getMessage(),
                        binding.cause());
            }
            listeners.add(binding.channel());
            bound = ((InetSocketAddress) binding.channel().localAddress()).getPort();
        }
        return bound;
    }
}
