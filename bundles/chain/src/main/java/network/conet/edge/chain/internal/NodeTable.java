package network.conet.edge.chain.internal;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import network.conet.edge.api.NodeEntry;
import network.conet.edge.protocol.KeyId;
import network.conet.edge.protocol.WalletAddress;

/** One reading of the node list, immutable. Of several nodes with one wallet the first is the wallet's. */
final class NodeTable {
    static final NodeTable EMPTY = new NodeTable(List.of());

    private final List<NodeEntry> nodes;
    private final Map<KeyId, NodeEntry> byKeyId = new HashMap<>();
    private final Map<WalletAddress, NodeEntry> byWallet = new HashMap<>();

    NodeTable(List<NodeEntry> nodes) {
        this.nodes = List.copyOf(nodes);
        for (NodeEntry node : this.nodes) {
            byKeyId.putIfAbsent(node.keyId(), node);
            byWallet.putIfAbsent(node.wallet(), node);
        }
    }

    Optional<NodeEntry> node(KeyId keyId) {
        return Optional.ofNullable(byKeyId.get(keyId));
    }

    Optional<NodeEntry> nodeOfWallet(WalletAddress wallet) {
        return Optional.ofNullable(byWallet.get(wallet));
    }

    List<NodeEntry> nodes() {
        return nodes;
    }
}
