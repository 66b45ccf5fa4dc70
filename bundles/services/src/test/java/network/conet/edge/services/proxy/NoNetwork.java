package network.conet.edge.services.proxy;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import network.conet.edge.api.MailSource;
import network.conet.edge.api.Mailbox;
import network.conet.edge.api.NodeDirectory;
import network.conet.edge.api.NodeEntry;
import network.conet.edge.api.RouteTable;
import network.conet.edge.api.UserEntry;
import network.conet.edge.protocol.Hash256;
import network.conet.edge.protocol.KeyId;
import network.conet.edge.protocol.WalletAddress;

/** A network of nobody, and a mailbox that nobody may ask. */
final class NoNetwork implements RouteTable, NodeDirectory, Mailbox {
    @Override
    public CompletionStage<Optional<KeyId>> mailboxNodeOf(KeyId userKeyId) {
        return CompletableFuture.completedStage(Optional.empty());
    }

    @Override
    public Optional<WalletAddress> walletOf(KeyId userKeyId) {
        return Optional.empty();
    }

    @Override
    public CompletionStage<Optional<UserEntry>> user(WalletAddress wallet) {
        return CompletableFuture.completedStage(Optional.empty());
    }

    @Override
    public Optional<NodeEntry> node(KeyId keyId) {
        return Optional.empty();
    }

    @Override
    public Optional<NodeEntry> nodeOfWallet(WalletAddress wallet) {
        return Optional.empty();
    }

    @Override
    public List<NodeEntry> nodes() {
        return List.of();
    }

    @Override
    public CompletionStage<Receipt> store(KeyId recipient, Hash256 armorHash, byte[] armor, MailSource source,
            Optional<byte[]> ledgerEntry) {
        throw new AssertionError("there is no mail");
    }

    @Override
    public CompletionStage<Optional<StoredMessage>> next(KeyId recipient, long afterSequence) {
        throw new AssertionError("there is no mail");
    }

    @Override
    public CompletionStage<Boolean> acknowledge(KeyId recipient, Hash256 armorHash) {
        throw new AssertionError("there is no mail");
    }

    @Override
    public long bytes(KeyId recipient) {
        return 0;
    }

    @Override
    public int count(KeyId recipient) {
        return 0;
    }
}
