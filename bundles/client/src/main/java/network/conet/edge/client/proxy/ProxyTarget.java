package network.conet.edge.client.proxy;

/**
 * Where a program wants to go.
 *
 * @param host name or literal, without brackets
 * @param port 1 to 65535
 * @param first bytes for the target that are there already
 * @param manner how the program speaks to this front
 */
record ProxyTarget(String host, int port, byte[] first, Manner manner) {
    /** How answers of the front are written. */
    enum Manner {
        /** SOCKS5. */
        SOCKS,
        /** HTTP with CONNECT. */
        CONNECT,
        /** HTTP with whole addresses; the front passes one request on. */
        PLAIN
    }
}
