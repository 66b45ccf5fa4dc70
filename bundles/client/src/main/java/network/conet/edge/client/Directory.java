package network.conet.edge.client;

import java.util.List;
import java.util.Optional;
import network.conet.edge.api.NodeEntry;
import network.conet.edge.api.UserEntry;
import network.conet.edge.protocol.WalletAddress;

/** What a client reads of the network: nodes, users, and the counters that a signature must name. Blocks. */
public interface Directory {
    /** All nodes. */
    List<NodeEntry> nodes() throws ClientException;

    /** What is known of a wallet. */
    Optional<UserEntry> user(WalletAddress wallet) throws ClientException;

    /** The number that the wallet's next key registration must carry. */
    long keyNonce(WalletAddress wallet) throws ClientException;

    /** The number that the wallet's next change of route must carry. */
    long routeNonce(WalletAddress wallet) throws ClientException;

    /** The chain that signatures are for. */
    long chainId();

    /** The contract that signatures are for. */
    WalletAddress routingTable();
}
