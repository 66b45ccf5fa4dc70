/**
 * Sockets of the node: what listens, what dials, what answers, and what joins two connections to one tunnel.
 *
 * <p>Netty is used here and nowhere else, and travels inside this bundle. A connection and everything that
 * belongs to it, the connection to the next node included, lives on one event loop; what other threads ask for is
 * handed to that loop. Sections in parentheses are those of {@code docs/protocol/wire.md}.
 */
package network.conet.edge.transport.internal;
