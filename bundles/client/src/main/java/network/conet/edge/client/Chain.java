package network.conet.edge.client;

import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import network.conet.edge.api.Clock;
import network.conet.edge.chain.HttpJsonRpc;
import network.conet.edge.chain.JsonRpc;
import network.conet.edge.chain.NameContract;
import network.conet.edge.chain.PaymentContracts;
import network.conet.edge.chain.RpcException;
import network.conet.edge.chain.Transactions;
import network.conet.edge.client.ClientException.Kind;
import network.conet.edge.crypto.Wallet;
import network.conet.edge.protocol.WalletAddress;
import network.conet.edge.protocol.pay.SettlementId;

/** What a wallet does on the chain of a network itself, with its own coins for gas. Blocks. */
public final class Chain {
    private static final Duration MINED_WITHIN = Duration.ofMinutes(3);
    private static final Duration LOOK = Duration.ofMillis(500);

    private final Network.OnChain network;
    private final JsonRpc rpc;
    private final Clock clock;

    private Chain(Network.OnChain network, JsonRpc rpc, Clock clock) {
        this.network = network;
        this.rpc = rpc;
        this.clock = clock;
    }

    /** @throws ClientException when the network has no chain */
    public static Chain of(Network network, Clock clock) throws ClientException {
        if (!(network instanceof Network.OnChain onChain)) {
            throw new ClientException(Kind.SETUP, "network " + network.name() + " has no chain");
        }
        try {
            List<URI> urls = onChain.rpcUrls().stream().map(URI::create).toList();
            return new Chain(onChain, new HttpJsonRpc(urls, onChain.chainId(), clock), clock);
        } catch (IllegalArgumentException notAnAddress) {
            throw new ClientException(Kind.SETUP, "network " + network.name() + ": " + notAnAddress.getMessage());
        }
    }

    /** One question to the chain. */
    public interface Question<T> {
        /** Asks. */
        T ask() throws IOException;
    }

    /** Asks, and tells failure as a client does. */
    public <T> T ask(Question<T> question) throws ClientException {
        try {
            return question.ask();
        } catch (RpcException answered) {
            throw new ClientException(answered.isRevert() ? Kind.REFUSED : Kind.UNREACHABLE,
                    "the chain of network " + network.name() + " says: " + answered.getMessage(), answered);
        } catch (IOException failed) {
            throw new ClientException(Kind.UNREACHABLE,
                    "the chain of network " + network.name() + " does not answer: " + failed.getMessage(), failed);
        }
    }

    /** The contract of names. */
    public NameContract names() throws ClientException {
        return new NameContract(rpc, nameRegistry());
    }

    /** Its address. */
    public WalletAddress nameRegistry() throws ClientException {
        return required(network.nameRegistry(), "nameRegistry", "names");
    }

    /** The contracts of payment. */
    public PaymentContracts payments() throws ClientException {
        return new PaymentContracts(rpc, network.nodeRegistry(), settlement().contract());
    }

    /** What vouchers are signed for. */
    public SettlementId settlement() throws ClientException {
        return new SettlementId(network.chainId(), required(network.settlement(), "settlement", "payment"));
    }

    private WalletAddress required(Optional<WalletAddress> contract, String member, String what)
            throws ClientException {
        return contract.orElseThrow(() -> new ClientException(Kind.SETUP,
                "network " + network.name() + " has no contract for " + what + " (" + member + " in its file)"));
    }

    /**
     * Sends a transaction and waits until it is in a block.
     *
     * @param wallet who sends, and pays for gas
     * @param to the contract
     * @param value coin that is sent along, in wei
     * @param data call data
     * @throws ClientException REFUSED, before anything is sent, when the contract would refuse; TIMEOUT when it is
     *     in no
     *     block after three minutes: it may still come
     */
    public Transactions.Receipt transact(Wallet wallet, WalletAddress to, BigInteger value, byte[] data)
            throws ClientException, InterruptedException {
        Transactions transactions =
                new Transactions(rpc, network.chainId(), wallet.address(), wallet::signDigest, clock);
        Transactions.Call call = new Transactions.Call(Optional.of(to), value, data);
        try {
            transactions.rehearse(call);
            Transactions.Receipt receipt = transactions.await(transactions.send(call), MINED_WITHIN, LOOK);
            if (!receipt.succeeded()) {
                throw new ClientException(Kind.REFUSED, "transaction " + receipt.hash() + " failed");
            }
            return receipt;
        } catch (RpcException answered) {
            throw new ClientException(answered.isRevert() ? Kind.REFUSED : Kind.UNREACHABLE,
                    "the chain does not take it: " + answered.getMessage() + reason(answered), answered);
        } catch (IOException failed) {
            throw new ClientException(Kind.TIMEOUT, "the chain: " + failed.getMessage(), failed);
        }
    }

    private static String reason(RpcException answered) {
        return answered.data().isEmpty() ? "" : " " + ContractErrors.explain(answered.data());
    }
}
