package network.conet.edge.api;

import java.util.concurrent.CompletionStage;

/**
 * One open connection as raw bytes, towards a client or towards a target. Nothing is read from it until
 * {@link #flowTo}. All methods may be called from any thread and never wait.
 */
public interface Pipe {
    /** Queues bytes for the peer, ahead of everything that flows here later. Does nothing when the pipe has ended. */
    void write(byte[] bytes);

    /**
     * Moves everything that arrives here into another pipe, with back-pressure, without passing it through the heap:
     * once for each pipe. When this peer sends no more, the sink's sending side is ended behind the last byte. When a
     * limit is passed or either connection breaks, both pipes are closed.
     *
     * @return completes with the number of bytes moved when no more will be; never fails
     */
    CompletionStage<Long> flowTo(Pipe sink, FlowLimits limits);

    /**
     * Reads and throws away whatever arrives here, instead of {@link #flowTo}: so that the end of a peer that has only
     * to read is noticed.
     */
    void discard();

    /** Closes the connection behind what is queued, both ways. Idempotent. */
    void close();

    /** Completes when the connection has ended, for whatever reason; never fails. */
    CompletionStage<Void> ended();
}
