package network.conet.edge.api;

import java.net.InetAddress;
import java.util.concurrent.CompletionStage;

/**
 * Connects to the world outside for others, and only to public addresses: none of the special-purpose registries of
 * RFC 6890 (IPv4 and IPv6, also mapped and translated), none of this host's own, unless the operator allows a range.
 * What is checked is the address that is then connected, so a name that resolves twice differently gains nothing.
 * Safe for use by many threads; never waits.
 */
public interface Dialer {
    /**
     * Resolves a name or reads a literal, and checks every address of the answer.
     *
     * <p>Fails with {@code RefusedException}: {@code TARGET_MALFORMED}, {@code TARGET_UNRESOLVED},
     * {@code TARGET_FORBIDDEN} (no address of the answer may be connected), {@code STOPPING}.
     *
     * @return an address that may be connected
     */
    CompletionStage<InetAddress> resolve(String host);

    /**
     * Resolves, checks and connects.
     *
     * <p>Fails as {@link #resolve}, and with {@code TARGET_UNREACHABLE} and {@code TUNNELS_FULL}.
     *
     * @param port 1 to 65535
     */
    CompletionStage<Pipe> dial(String host, int port);
}
