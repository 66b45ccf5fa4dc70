package network.conet.edge.api;

import java.util.concurrent.CompletionStage;
import network.conet.edge.protocol.RefuseReason;

/**
 * The answering side of one request. Exactly one of the answers is given, once; a second one is a broken
 * invariant. Safe for use by many threads. When the peer has gone an answer goes nowhere, silently.
 */
public interface Exchange {
    /** The peer's address as text, for the greeting that tells a client its own address. Never logged. */
    String peerAddress();

    /**
     * Answers {@code 200}.
     *
     * @param json the body, possibly empty
     */
    void ok(byte[] json);

    /** Refuses, with the answer that belongs to the reason. Counts the reason. */
    void refuse(RefuseReason reason);

    /**
     * Answers {@code 200} with an event stream that stays open (section 2.4 "stream").
     *
     * @param events called from now on
     */
    EventStream stream(EventStream.Events events);

    /**
     * Answers {@code 200} with {@code application/octet-stream}, without a length: bytes as they are written, until the
     * stream is closed.
     *
     * @param events called from now on
     */
    EventStream octets(EventStream.Events events);

    /**
     * Gives the connection away as it is: no head and no byte of ours, whatever is written there is the answer. Bytes
     * that the peer sent behind its request, less leading line ends, are the first that flow from it.
     */
    Pipe pipe();

    /**
     * Sends a request on to another node and joins both connections: from then on bytes go both ways untouched
     * until either side ends. Bytes that the peer sent behind its request, less leading line ends, go first.
     *
     * <p>The stage completes when the next node has been connected and the request handed to the socket, or fails
     * with {@code RefusedException(NEXT_NODE_UNREACHABLE)}; then nothing was answered and the caller must. After
     * it completed, the answer is the next node's.
     *
     * @param next where to
     * @param body the body to post
     * @param hopHeader value of the hop header to send
     */
    CompletionStage<Void> forward(NodeEntry next, byte[] body, String hopHeader);
}
