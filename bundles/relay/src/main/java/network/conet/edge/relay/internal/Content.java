package network.conet.edge.relay.internal;

import network.conet.edge.protocol.Envelope;

/** What the node holds in its hands at one step of the decision. */
sealed interface Content {
    /** The message to be routed. */
    Envelope envelope();

    /**
     * As it arrived.
     *
     * @param envelope the posted message
     */
    record Arrived(Envelope envelope) implements Content {}

    /**
     * Found inside an onion layer that was sealed to this node (3.3, step 1).
     *
     * @param envelope the message inside
     */
    record Peeled(Envelope envelope) implements Content {}

    /**
     * Found inside mailbox work that was sealed to this node (3.3, step 2).
     *
     * @param envelope the message inside
     */
    record Handed(Envelope envelope) implements Content {}
}
