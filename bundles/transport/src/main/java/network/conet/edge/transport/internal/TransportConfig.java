package network.conet.edge.transport.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Settings of the listeners. */
@ObjectClassDefinition(id = TransportComponent.PID, name = "CONET Edge: sockets",
        description = "Where the node listens, and how many connections it holds.")
@interface TransportConfig {
    /** Addresses. */
    @AttributeDefinition(name = "Addresses", description = "Addresses to listen at. 0.0.0.0 means all.")
    String[] listen() default {"0.0.0.0"};

    /** HTTP port. */
    @AttributeDefinition(name = "Port", min = "1", max = "65535",
            description = "Port for messages. Other nodes and clients expect 80 unless the directory says otherwise.")
    int port() default 80;

    /** TLS port. */
    @AttributeDefinition(name = "TLS port", min = "0", max = "65535", description = "Port for TLS. 0 means off.")
    int tlsPort() default 0;

    /** PEM chain. */
    @AttributeDefinition(name = "TLS certificate", required = false,
            description = "File with the certificate chain, PEM. Relative to the data folder.")
    String tlsCertificate() default "";

    /** PEM key. */
    @AttributeDefinition(name = "TLS key", required = false,
            description = "File with the private key, PEM, PKCS#8, without a password. Relative to the data folder.")
    String tlsKey() default "";

    /** All connections. */
    @AttributeDefinition(name = "Connections", min = "1", max = "100000",
            description = "Accepted connections, all peers together. One that is idle takes about 3 KiB.")
    int connectionsMax() default TransportLimits.CONNECTIONS_DEFAULT;

    /** One address. */
    @AttributeDefinition(name = "Connections of one address", min = "1", max = "100000",
            description = "Accepted connections of one address, or of one /64 network of IPv6.")
    int connectionsPerAddressMax() default TransportLimits.CONNECTIONS_PER_ADDRESS_DEFAULT;

    /** Loopback. */
    @AttributeDefinition(name = "Connections of this machine", min = "1", max = "100000",
            description = "Accepted connections of a loopback address, for example of a reverse proxy.")
    int connectionsPerLoopbackMax() default TransportLimits.CONNECTIONS_DEFAULT;

    /** Threads. */
    @AttributeDefinition(name = "Event loops", min = "1", max = "16",
            description = "Threads that carry all connections. One is enough below four cores.")
    int eventLoops() default 1;

    /** Memory. */
    @AttributeDefinition(name = "Waiting bodies (bytes)", min = "65536", max = "1073741824",
            description = "Memory for the bodies of all requests under way together.")
    int bodyBytesTotalMax() default TransportLimits.BODY_BYTES_TOTAL_DEFAULT;

    /** Drain. */
    @AttributeDefinition(name = "Drain time (ms)", min = "100", max = "60000",
            description = "A listener that takes nothing for so long is closed.")
    int drainMillis() default TransportLimits.DRAIN_MILLIS_DEFAULT;

    /** Ranges. */
    @AttributeDefinition(name = "Private networks allowed", required = false,
            description = "Ranges of addresses, like 192.168.1.0/24, that services may connect for their callers"
                    + " although they are not public. Empty for none, which is right unless you serve yourself")
    String[] privateNetworksAllowed() default {};

    /** Targets. */
    @AttributeDefinition(name = "Connections to targets", min = "1", max = "20000",
            description = "Connections to the world outside that services hold for their callers, all together")
    int targetsMax() default TransportLimits.TARGETS_DEFAULT;
}
