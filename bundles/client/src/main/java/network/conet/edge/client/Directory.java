package network.conet.edge.client;

import java.util.List;
import java.util.Optional;
import network.conet.edge.api.Clock;
import network.conet.edge.api.NodeEntry;
import network.conet.edge.api.UserEntry;
import network.conet.edge.protocol.WalletAddress;

/**
 * What a client reads of the network: nodes, users, and what a registration's signature must name. Blocks. A network
 * without a chain has no registrations: what belongs to them is refused.
 */
public interface Directory {
    /** The directory of a network. */
    static Directory of(Network network, Clock clock) throws ClientException {
        return network instanceof Network.OnChain onChain
                ? OnChainDirectory.of(onChain, clock)
                : InFileDirectory.of((Network.InFile) network);
    }

    /** All nodes. */
    List<NodeEntry> nodes() throws ClientException;

    /** What is known of a wallet. */
    Optional<UserEntry> user(WalletAddress wallet) throws ClientException;

    /** The number that the wallet's next key registration must carry. */
    long keyNonce(WalletAddress wallet) throws ClientException;

    /** The number that the wallet's next change of route must carry. */
    long routeNonce(WalletAddress wallet) throws ClientException;

    /** The chain that signatures are for. */
    long chainId() throws ClientException;

    /** The contract that signatures are for. */
    WalletAddress routingTable() throws ClientException;
}
