/**
 * Asking and writing the contracts of the network on an Ethereum chain: JSON-RPC, the node registry and the routing
 * table (sections 1.3 to 1.6), and transactions. Used by this bundle's own engines and by the client.
 *
 * <p>Everything here works on the caller's thread and waits for the network; nothing here keeps a thread or caches.
 * Surroundings that fail are an {@link java.io.IOException}; a server that answered with an error object is a
 * {@link network.conet.edge.chain.RpcException}, which also tells a contract's revert from everything else.
 */
@Export
@Version("0.1.0")
package network.conet.edge.chain;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
