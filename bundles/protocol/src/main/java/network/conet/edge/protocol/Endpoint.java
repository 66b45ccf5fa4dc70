package network.conet.edge.protocol;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where a node is reached: what the directory calls {@code ip_addr}. Written {@code host} or
 * {@code host:port}; without a port it is {@link ProtocolLimits#NODE_PORT_DEFAULT}.
 *
 * @param host a name or an IPv4 literal, 1 to 253 characters
 * @param port 1 to 65535
 */
public record Endpoint(String host, int port) {
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?");
    private static final int PORT_MAX = 65535;

    /** @throws IllegalArgumentException when host or port is out of range */
    public Endpoint {
        if (!HOST.matcher(host).matches() || port < 1 || port > PORT_MAX) {
            throw new IllegalArgumentException("not an endpoint: host or port out of range");
        }
    }

    /**
     * @param text {@code host} or {@code host:port}; white space around it is ignored
     * @return the endpoint, or empty when the text is anything else
     */
    public static Optional<Endpoint> parse(String text) {
        String trimmed = text.strip();
        int colon = trimmed.indexOf(':');
        String host = colon < 0 ? trimmed : trimmed.substring(0, colon);
        String port = colon < 0 ? Integer.toString(ProtocolLimits.NODE_PORT_DEFAULT) : trimmed.substring(colon + 1);
        if (!HOST.matcher(host).matches() || !port.matches("[1-9][0-9]{0,4}") || Integer.parseInt(port) > PORT_MAX) {
            return Optional.empty();
        }
        return Optional.of(new Endpoint(host, Integer.parseInt(port)));
    }

    /** The written form: the port only when it is not the default one. */
    @Override
    public String toString() {
        return port == ProtocolLimits.NODE_PORT_DEFAULT ? host : host + ":" + port;
    }
}
