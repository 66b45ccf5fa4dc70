package network.conet.edge.itest.replay;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import network.conet.edge.api.EpochFeed;
import network.conet.edge.api.NodeDirectory;
import network.conet.edge.api.NodeEntry;
import network.conet.edge.api.RouteRegistrar;
import network.conet.edge.api.RouteTable;
import network.conet.edge.api.UserEntry;
import network.conet.edge.protocol.Epoch;
import network.conet.edge.protocol.Hash256;
import network.conet.edge.protocol.KeyId;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.RefusedException;
import network.conet.edge.protocol.RegistrationRequest;
import network.conet.edge.protocol.WalletAddress;

/** What nodes know of their network, in memory: the nodes, the users, the epoch. Safe for use by many threads. */
final class TestNetwork implements NodeDirectory, RouteTable, EpochFeed, RouteRegistrar {
    private final Map<KeyId, NodeEntry> nodes = new ConcurrentSkipListMap<>();
    private final Map<WalletAddress, UserEntry> users = new ConcurrentHashMap<>();
    private volatile Epoch epoch = Epoch.UNKNOWN;

    /** Adds a node, or replaces the one with its key. */
    void put(NodeEntry node) {
        nodes.put(node.keyId(), node);
    }

    /** Adds a user, or replaces the one with this wallet. */
    void put(UserEntry user) {
        users.put(user.wallet(), user);
    }

    /** What {@link #current()} tells from now on. Begins no epoch at any node. */
    void setEpoch(Epoch newEpoch) {
        epoch = newEpoch;
    }

    @Override
    public Optional<NodeEntry> node(KeyId keyId) {
        return Optional.ofNullable(nodes.get(keyId));
    }

    @Override
    public Optional<NodeEntry> nodeOfWallet(WalletAddress wallet) {
        return nodes.values().stream().filter(node -> node.wallet().equals(wallet)).findFirst();
    }

    @Override
    public List<NodeEntry> nodes() {
        return List.copyOf(nodes.values());
    }

    @Override
    public CompletionStage<Optional<KeyId>> mailboxNodeOf(KeyId userKeyId) {
        return CompletableFuture.completedFuture(users.values().stream()
                .filter(user -> user.keyId().equals(userKeyId)).findFirst().flatMap(UserEntry::mailboxNode));
    }

    @Override
    public Optional<WalletAddress> walletOf(KeyId userKeyId) {
        return users.values().stream().filter(user -> user.keyId().equals(userKeyId)).findFirst()
                .map(UserEntry::wallet);
    }

    @Override
    public CompletionStage<Optional<UserEntry>> user(WalletAddress wallet) {
        return CompletableFuture.completedFuture(Optional.ofNullable(users.get(wallet)));
    }

    @Override
    public Epoch current() {
        return epoch;
    }

    /** There is no chain to submit to. */
    @Override
    public CompletionStage<Hash256> submit(RegistrationRequest request) {
        return CompletableFuture.failedFuture(new RefusedException(RefuseReason.ROUTES_UNAVAILABLE));
    }
}
