package network.conet.edge.testkit;

import network.conet.edge.protocol.RefuseReason;

/** The asking side of a connection in a {@link SimNetwork}. */
public interface SimClient {
    /** Answered {@code 200}. */
    void ok(byte[] json);

    /** Answered with a refusal. */
    void refused(RefuseReason reason);

    /** Answered with a stream. */
    default void streamOpened() {}

    /** The next frame of the stream. */
    default void frame(byte[] frame) {}

    /** The connection is over; called exactly once, after the answer if there was one. */
    void closed();
}
