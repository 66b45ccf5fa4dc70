package network.conet.edge.relay.internal;

import java.util.List;
import network.conet.edge.api.NodeEntry;
import network.conet.edge.protocol.Hop;
import network.conet.edge.protocol.KeyId;
import network.conet.edge.protocol.ProtocolLimits;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.WalletAddress;

/** What to do with a message: the tree of sections 3.3 and 3.4 as one pure function. */
sealed interface Decision {
    /** Decrypt it: it is sealed to this node. */
    enum Open implements Decision {
        /** The one value. */
        INSTANCE
    }

    /** Ask the directory and the routing table for the way, then decide again. */
    enum AskRoute implements Decision {
        /** The one value. */
        INSTANCE
    }

    /** Keep it: this node keeps the recipient's mailbox. */
    enum Store implements Decision {
        /** The one value. */
        INSTANCE
    }

    /**
     * Sign a hop and send it on.
     *
     * @param next to this node
     */
    record Forward(NodeEntry next) implements Decision {}

    /**
     * Refuse it.
     *
     * @param reason why
     */
    record Refuse(RefuseReason reason) implements Decision {}

    /**
     * Decides.
     *
     * @param self who we are
     * @param content what is in our hands
     * @param hops who says to have forwarded it before us
     * @param route the way to the content's key id, as far as it was asked
     */
    static Decision decide(Self self, Content content, List<Hop> hops, Route route) {
        KeyId recipient = content.envelope().keyId();
        if (recipient.equals(self.keyId())) {
            // Never decrypt twice on one node: a layer for ourselves inside a layer for ourselves is an attack.
            boolean isArrived = content instanceof Content.Arrived;
            return isArrived ? Open.INSTANCE : new Refuse(RefuseReason.LAYER_FOR_SAME_NODE);
        }
        // Only a layer: mailbox work that came over the last allowed hop is still for a mailbox kept here.
        if (content instanceof Content.Peeled && hops.size() >= ProtocolLimits.HOPS_MAX) {
            return new Refuse(RefuseReason.HOPS_FULL);
        }
        if (recipient.isAnonymous() || route instanceof Route.Unknown) {
            return new Refuse(RefuseReason.ROUTE_UNKNOWN);
        }
        if (route instanceof Route.Here) {
            return Store.INSTANCE;
        }
        if (!(route instanceof Route.To to)) {
            return AskRoute.INSTANCE;
        }
        if (hops.size() >= ProtocolLimits.HOPS_MAX) {
            return new Refuse(RefuseReason.HOPS_FULL);
        }
        if (hops.stream().anyMatch(hop -> hop.signer().equals(self.wallet()))) {
            return new Refuse(RefuseReason.HOP_LOOP);
        }
        return new Forward(to.node());
    }

    /**
     * The node itself.
     *
     * @param keyId its routing address
     * @param wallet its wallet
     */
    record Self(KeyId keyId, WalletAddress wallet) {}
}
