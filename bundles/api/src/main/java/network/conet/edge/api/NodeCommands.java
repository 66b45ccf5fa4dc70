package network.conet.edge.api;

import java.util.concurrent.CompletionStage;
import network.conet.edge.protocol.WalletAddress;

/** Commands of this node to others, as a wallet of the network. Safe for use by many threads; never waits. */
public interface NodeCommands {
    /**
     * Signs a command with the node's wallet, seals it to another node and hands it over. The stage completes when that
     * node has taken it; what it answers is not read. Fails with {@code RefusedException}: {@code ROUTE_UNKNOWN} (no
     * such node, or it does not take the command), {@code NEXT_NODE_UNREACHABLE}, {@code STOPPING}.
     *
     * @param node the other node's wallet
     * @param command the whole command, with a timestamp and something that makes it differ from every other
     */
    CompletionStage<Void> send(WalletAddress node, String command);
}
