package network.conet.edge.api;

import java.util.concurrent.CompletionStage;

/** Posts messages of the node's own to other nodes. Safe for use by many threads; never waits. */
public interface MessagePost {
    /**
     * Posts a body on a fresh connection and waits for the head of the answer.
     *
     * <p>Fails with {@code RefusedException}: {@code NEXT_NODE_UNREACHABLE} (not connected, or too many posts are under
     * way), {@code NEXT_NODE_SILENT} (closed, or silent for too long, or no HTTP), {@code STOPPING}.
     *
     * @param next where to
     * @param body complete; not changed afterwards
     * @return the HTTP status, 100 to 999
     */
    CompletionStage<Integer> post(NodeEntry next, byte[] body);
}
