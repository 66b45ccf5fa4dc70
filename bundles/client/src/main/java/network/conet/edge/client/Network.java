package network.conet.edge.client;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import network.conet.edge.protocol.WalletAddress;

/**
 * Which network to talk to: a small JSON file, {@code provisioning/networks/*.json}. It names either a chain with two
 * contracts, or the signed file of a private network.
 */
public sealed interface Network {
    /** What people call it. */
    String name();

    /**
     * A network on a chain.
     *
     * @param name what people call it
     * @param rpcUrls JSON-RPC addresses of its chain, tried in this order
     * @param chainId the chain's id
     * @param nodeRegistry contract with the list of nodes
     * @param routingTable contract with the users' keys and mailbox nodes
     * @param settlement contract with the channels in which nodes are paid, if there is one
     * @param nameRegistry contract with readable names, if there is one
     */
    record OnChain(String name, List<String> rpcUrls, long chainId, WalletAddress nodeRegistry,
            WalletAddress routingTable, Optional<WalletAddress> settlement, Optional<WalletAddress> nameRegistry)
            implements Network {
        /** Copies what can change. */
        public OnChain {
            rpcUrls = List.copyOf(rpcUrls);
        }
    }

    /**
     * A private network without a chain.
     *
     * @param name what people call it
     * @param file the operator's signed file
     * @param operator whose signature it must carry
     */
    record InFile(String name, Path file, WalletAddress operator) implements Network {}

    /**
     * Reads the file.
     *
     * @throws ClientException naming the file and what is wrong with it
     */
    static Network read(Path file) throws ClientException {
        return new NetworkReader(file).read();
    }
}
