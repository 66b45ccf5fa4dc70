package network.conet.edge.relay.internal;

import network.conet.edge.api.NodeEntry;

/** What is known of the way to a key id. */
sealed interface Route {
    /** Nobody was asked yet. */
    enum NotAsked implements Route {
        /** The one value. */
        INSTANCE
    }

    /** The routing table knows no node for the key. */
    enum Unknown implements Route {
        /** The one value. */
        INSTANCE
    }

    /** This node keeps the mailbox of the key. */
    enum Here implements Route {
        /** The one value. */
        INSTANCE
    }

    /**
     * @param node another node: the one with this key, or the one that keeps the mailbox of this key
     */
    record To(NodeEntry node) implements Route {}
}
