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
     * Found inside a message that was sealed to this node: an onion layer or mailbox work.
     *
     * @param envelope the message inside
     */
    record Unwrapped(Envelope envelope) implements Content {}
}
