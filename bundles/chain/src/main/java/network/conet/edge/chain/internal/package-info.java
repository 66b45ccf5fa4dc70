/** The engines behind the contracts of {@code api}, for a chain and for a file, and their component. */
package network.conet.edge.chain.internal;
