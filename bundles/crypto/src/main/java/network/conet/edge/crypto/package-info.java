/**
 * Keys and what they do: OpenPGP messages and keys, wallets and their signatures, key files.
 *
 * <p>Used by the node through {@link network.conet.edge.api.KeyRing} and {@link
 * network.conet.edge.api.Signatures}, and by the client directly. All types are immutable or stateless, and safe
 * for use by many threads, where their comment does not say otherwise. Randomness and time are always handed in,
 * so that a seed gives the same bytes again. Secrets never appear in {@code toString} and are never logged.
 *
 * <p>Sources: OpenPGP RFC 4880, RFC 6637 and RFC 9580 (of the latter only what existing clients send); EIP-191,
 * EIP-712 and EIP-2 for signatures; Web3 Secret Storage version 3 for wallet files; {@code docs/protocol/wire.md}
 * sections 1.1, 1.2, 1.5 and 3.2 for what the network makes of them.
 */
@Export
@Version("0.1.0")
package network.conet.edge.crypto;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
