package network.conet.edge.client;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import network.conet.edge.api.Clock;
import network.conet.edge.api.NodeEntry;
import network.conet.edge.api.UserEntry;
import network.conet.edge.chain.HttpJsonRpc;
import network.conet.edge.chain.RoutingContracts;
import network.conet.edge.client.ClientException.Kind;
import network.conet.edge.protocol.WalletAddress;

/** The directory as the chain has it at the moment of each question. Safe for use by many threads. */
public final class OnChainDirectory implements Directory {
    private final Network.OnChain network;
    private final RoutingContracts contracts;

    private OnChainDirectory(Network.OnChain network, RoutingContracts contracts) {
        this.network = network;
        this.contracts = contracts;
    }

    /**
     * @param network where the chain is
     * @param clock bounds how long an answer may take
     */
    public static OnChainDirectory of(Network.OnChain network, Clock clock) throws ClientException {
        try {
            List<URI> urls = network.rpcUrls().stream().map(URI::create).toList();
            HttpJsonRpc rpc = new HttpJsonRpc(urls, network.chainId(), clock);
            return new OnChainDirectory(
                    network, new RoutingContracts(rpc, network.nodeRegistry(), network.routingTable()));
        } catch (IllegalArgumentException notAnAddress) {
            throw new ClientException(Kind.SETUP, "network " + network.name() + ": " + notAnAddress.getMessage());
        }
    }

    /** One question to the chain. */
    private interface Question<T> {
        T ask() throws IOException;
    }

    private <T> T ask(Question<T> question) throws ClientException {
        try {
            return question.ask();
        } catch (IOException failed) {
            throw new ClientException(Kind.UNREACHABLE,
                    "the chain of network " + network.name() + " does not answer: " + failed.getMessage(), failed);
        }
    }

    @Override
    public List<NodeEntry> nodes() throws ClientException {
        return ask(() -> contracts.nodes().nodes());
    }

    @Override
    public Optional<UserEntry> user(WalletAddress wallet) throws ClientException {
        return ask(() -> contracts.userByWallet(wallet));
    }

    @Override
    public long keyNonce(WalletAddress wallet) throws ClientException {
        return ask(() -> contracts.keyNonce(wallet));
    }

    @Override
    public long routeNonce(WalletAddress wallet) throws ClientException {
        return ask(() -> contracts.routeNonce(wallet));
    }

    @Override
    public long chainId() {
        return network.chainId();
    }

    @Override
    public WalletAddress routingTable() {
        return network.routingTable();
    }
}
