/**
 * The network for those who use it: an identity (a wallet and an OpenPGP key), sealed messages to other wallets,
 * the stream of one's own mail, registration at a mailbox node.
 *
 * <p>{@link network.conet.edge.client.ConetClient} is the way in. It blocks; use one thread for each thing that waits.
 * Failures come as {@link network.conet.edge.client.ClientException} with a kind and one line for a person.
 */
@Export
@Version("0.1.0")
package network.conet.edge.client;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
