package network.conet.edge.client;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import network.conet.edge.api.NodeEntry;
import network.conet.edge.api.UserEntry;
import network.conet.edge.chain.NetworkFile;
import network.conet.edge.client.ClientException.Kind;
import network.conet.edge.crypto.WalletSignatures;
import network.conet.edge.protocol.WalletAddress;

/** The directory of a private network: the operator's signed file. Only the operator registers. Immutable. */
public final class InFileDirectory implements Directory {
    private final NetworkFile file;

    private InFileDirectory(NetworkFile file) {
        this.file = file;
    }

    /** Reads the signed file now. */
    public static InFileDirectory of(Network.InFile network) throws ClientException {
        try {
            return new InFileDirectory(NetworkFile.read(network.file(), network.operator(), new WalletSignatures()));
        } catch (IOException unusable) {
            throw new ClientException(Kind.SETUP,
                    "network " + network.name() + ": " + network.file() + ": " + unusable.getMessage(), unusable);
        }
    }

    @Override
    public List<NodeEntry> nodes() {
        return file.nodes();
    }

    @Override
    public Optional<UserEntry> user(WalletAddress wallet) {
        return file.users().stream().filter(user -> user.wallet().equals(wallet)).findFirst();
    }

    @Override
    public long keyNonce(WalletAddress wallet) throws ClientException {
        throw registeredByOperator();
    }

    @Override
    public long routeNonce(WalletAddress wallet) throws ClientException {
        throw registeredByOperator();
    }

    @Override
    public long chainId() throws ClientException {
        throw registeredByOperator();
    }

    @Override
    public WalletAddress routingTable() throws ClientException {
        throw registeredByOperator();
    }

    private static ClientException registeredByOperator() {
        return new ClientException(Kind.REFUSED, "this private network has no chain: its operator registers wallets");
    }
}
