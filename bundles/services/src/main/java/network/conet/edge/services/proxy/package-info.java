/**
 * The host's part of the proxy: the commands that join a caller with a target (wire.md, 5.3 to 5.5). A service decides
 * whom and where to; here the legs are paired, the bytes counted and the connections joined.
 */
package network.conet.edge.services.proxy;
