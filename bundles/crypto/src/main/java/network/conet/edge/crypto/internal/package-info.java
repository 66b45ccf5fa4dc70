/** The node's key ring and the component that offers it. */
package network.conet.edge.crypto.internal;
