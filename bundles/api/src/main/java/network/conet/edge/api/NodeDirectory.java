package network.conet.edge.api;

import java.util.List;
import java.util.Optional;
import network.conet.edge.protocol.KeyId;
import network.conet.edge.protocol.WalletAddress;

/**
 * All nodes of the network. Answers come from memory and are those of the last successful reading; a
 * directory that cannot be reached keeps serving them. Safe for use by many threads.
 */
public interface NodeDirectory {
    /** The node with this routing address. */
    Optional<NodeEntry> node(KeyId keyId);

    /** The node with this wallet. */
    Optional<NodeEntry> nodeOfWallet(WalletAddress wallet);

    /** All nodes, in the directory's order. */
    List<NodeEntry> nodes();
}
