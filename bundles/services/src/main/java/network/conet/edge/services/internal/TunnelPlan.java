package network.conet.edge.services.internal;

/**
 * A target that a guest allows its caller to be joined with. The host checks the address all the same.
 *
 * @param host name or literal
 * @param port 1 to 65535
 * @param idleSeconds longest silence
 * @param bytesMax both ways together
 */
public record TunnelPlan(String host, int port, int idleSeconds, long bytesMax) {}
