/** A front on the user's machine through which browsers and other programs reach targets by an exit node. */
package network.conet.edge.client.proxy;
