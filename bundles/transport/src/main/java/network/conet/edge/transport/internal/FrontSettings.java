package network.conet.edge.transport.internal;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * What a {@link HttpFront} is told. Immutable; begin with {@link #defaults()} and change what differs.
 *
 * @param addresses where to listen, names or literals; at least one
 * @param port 0 (any free one) to 65535
 * @param tls the second listener, or null for none
 * @param connectionsMax accepted connections, all peers together
 * @param connectionsPerAddressMax accepted connections of one address (of one /64 network for IPv6)
 * @param connectionsPerLoopbackMax the same for a loopback address: a reverse proxy, or a whole network on one machine
 * @param eventLoops threads that carry all connections
 * @param bodyBytesTotalMax bodies of all requests that wait in memory
 * @param times how long things may take
 */
public record FrontSettings(List<String> addresses, int port, Tls tls, int connectionsMax,
        int connectionsPerAddressMax, int connectionsPerLoopbackMax, int eventLoops, long bodyBytesTotalMax,
        Times times) {
    private static final int PORT_MAX = 65535;

    /** @throws IllegalArgumentException when a value is out of its range; the text names it */
    public FrontSettings {
        addresses = List.copyOf(addresses);
        Objects.requireNonNull(times);
        require(!addresses.isEmpty(), "listen names no address");
        require(port >= 0 && port <= PORT_MAX, "port is not between 0 and 65535");
        require(connectionsMax >= 1 && connectionsMax <= TransportLimits.CONNECTIONS_MAX,
                "connectionsMax is not between 1 and " + TransportLimits.CONNECTIONS_MAX);
        require(connectionsPerAddressMax >= 1, "connectionsPerAddressMax is less than 1");
        require(connectionsPerLoopbackMax >= 1, "connectionsPerLoopbackMax is less than 1");
        require(eventLoops >= 1 && eventLoops <= TransportLimits.EVENT_LOOPS_MAX,
                "eventLoops is not between 1 and " + TransportLimits.EVENT_LOOPS_MAX);
        require(bodyBytesTotalMax >= TransportLimits.BODY_STEP_BYTES,
                "bodyBytesTotalMax is less than " + TransportLimits.BODY_STEP_BYTES);
    }

    /**
     * The TLS listener.
     *
     * @param port 0 to 65535
     * @param certificate PEM, the chain, the node's own certificate first
     * @param key PEM, PKCS#8, without a password
     */
    public record Tls(int port, Path certificate, Path key) {
        /** @throws IllegalArgumentException when the port is out of range */
        public Tls {
            Objects.requireNonNull(certificate);
            Objects.requireNonNull(key);
            require(port >= 0 && port <= PORT_MAX, "tlsPort is not between 0 and 65535");
        }
    }

    /**
     * Times, all in milliseconds.
     *
     * @param headerMillis header block complete, from its first byte on
     * @param requestMillis request complete, from its first byte on
     * @param idleMillis nothing at all on a connection without work
     * @param answerMillis the handler's answer
     * @param connectMillis connect of a next node
     * @param drainMillis a stream's peer takes nothing
     * @param stopMillis exchanges under way when the front is closed
     */
    public record Times(int headerMillis, int requestMillis, int idleMillis, int answerMillis, int connectMillis,
            int drainMillis, int stopMillis) {
        /** @throws IllegalArgumentException when a time is not positive */
        public Times {
            require(headerMillis > 0 && requestMillis > 0 && idleMillis > 0 && answerMillis > 0
                    && connectMillis > 0 && drainMillis > 0 && stopMillis >= 0, "a time is not positive");
        }

        /** The times of {@link TransportLimits}. */
        public static Times defaults() {
            return new Times(TransportLimits.HEADER_MILLIS, TransportLimits.REQUEST_MILLIS,
                    TransportLimits.IDLE_MILLIS, TransportLimits.ANSWER_MILLIS, TransportLimits.CONNECT_MILLIS,
                    TransportLimits.DRAIN_MILLIS_DEFAULT, TransportLimits.STOP_MILLIS);
        }
    }

    /** All addresses, port 80, no TLS, the bounds of {@link TransportLimits}, one event loop. */
    public static FrontSettings defaults() {
        return new FrontSettings(List.of("0.0.0.0"), 80, null, TransportLimits.CONNECTIONS_DEFAULT,
                TransportLimits.CONNECTIONS_PER_ADDRESS_DEFAULT, TransportLimits.CONNECTIONS_DEFAULT, 1,
                TransportLimits.BODY_BYTES_TOTAL_DEFAULT, Times.defaults());
    }

    /** The same with another place to listen at. */
    public FrontSettings listen(int newPort, String... newAddresses) {
        return new FrontSettings(List.of(newAddresses), newPort, tls, connectionsMax, connectionsPerAddressMax,
                connectionsPerLoopbackMax, eventLoops, bodyBytesTotalMax, times);
    }

    /** The same with a TLS listener. */
    public FrontSettings tls(Tls newTls) {
        return new FrontSettings(addresses, port, newTls, connectionsMax, connectionsPerAddressMax,
                connectionsPerLoopbackMax, eventLoops, bodyBytesTotalMax, times);
    }

    /** The same with other bounds of connections. */
    public FrontSettings connections(int max, int perAddressMax, int perLoopbackMax) {
        return new FrontSettings(addresses, port, tls, max, perAddressMax, perLoopbackMax, eventLoops,
                bodyBytesTotalMax, times);
    }

    /** The same with another number of event loops. */
    public FrontSettings eventLoops(int newEventLoops) {
        return new FrontSettings(addresses, port, tls, connectionsMax, connectionsPerAddressMax,
                connectionsPerLoopbackMax, newEventLoops, bodyBytesTotalMax, times);
    }

    /** The same with another bound for all bodies together. */
    public FrontSettings bodyBytesTotalMax(long newMax) {
        return new FrontSettings(addresses, port, tls, connectionsMax, connectionsPerAddressMax,
                connectionsPerLoopbackMax, eventLoops, newMax, times);
    }

    /** The same with other times. */
    public FrontSettings times(Times newTimes) {
        return new FrontSettings(addresses, port, tls, connectionsMax, connectionsPerAddressMax,
                connectionsPerLoopbackMax, eventLoops, bodyBytesTotalMax, newTimes);
    }

    private static void require(boolean holds, String text) {
        if (!holds) {
            throw new IllegalArgumentException(text);
        }
    }
}
