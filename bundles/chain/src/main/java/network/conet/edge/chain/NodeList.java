package network.conet.edge.chain;

import java.util.List;
import network.conet.edge.api.NodeEntry;

/**
 * The registry at one block, and what of it could not be used.
 *
 * @param nodes in the registry's order, at most {@link ChainLimits#NODES_MAX}; every key id once
 * @param malformed entries whose key id, endpoint or public key cannot be read, or whose key id came before
 * @param withoutWallet entries whose wallet nobody knows: no hop of theirs could be checked
 * @param beyondMax whether there were more entries than are kept
 */
public record NodeList(List<NodeEntry> nodes, int malformed, int withoutWallet, boolean beyondMax) {
    /** Nothing known. */
    public static final NodeList EMPTY = new NodeList(List.of(), 0, 0, false);

    /** Keeps a copy. */
    public NodeList {
        nodes = List.copyOf(nodes);
    }
}
