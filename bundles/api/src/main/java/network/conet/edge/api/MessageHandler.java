package network.conet.edge.api;

/** Takes what the listeners receive. Implemented by {@code relay}, called by {@code transport}. */
public interface MessageHandler {
    /**
     * Handles one posted body. Returns without waiting; exactly one answer is given through the exchange, on any
     * thread.
     *
     * @param body the body of the request, owned by the handler from now on
     * @param hopHeader value of {@code X-CoNET-Hop-Sigs}, or null when there is none
     * @param exchange where the answer goes
     */
    void handle(byte[] body, String hopHeader, Exchange exchange);
}
