package network.conet.edge.relay.internal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import network.conet.edge.api.NodeDirectory;
import network.conet.edge.api.NodeEntry;
import network.conet.edge.api.RouteTable;
import network.conet.edge.api.UserEntry;
import network.conet.edge.protocol.KeyId;
import network.conet.edge.protocol.WalletAddress;

/** The routing table and the directory in memory. */
final class FakeRoutes implements RouteTable, NodeDirectory {
    final Map<WalletAddress, UserEntry> users = new HashMap<>();
    final List<NodeEntry> nodes = new ArrayList<>();
    /** What every question to the table fails with, if not null. */
    Throwable failure;
    /** What the directory throws, if not null. */
    RuntimeException directoryBroken;
    private final Executor thread;

    /** @param thread on which the table answers */
    FakeRoutes(Executor thread) {
        this.thread = thread;
    }

    FakeRoutes with(Executor other) {
        FakeRoutes view = new FakeRoutes(other);
        view.users.putAll(users);
        view.nodes.addAll(nodes);
        return view;
    }

    void register(WalletAddress wallet, KeyId keyId, KeyId mailboxNode) {
        users.put(wallet, new UserEntry(wallet, keyId, keyId.toString(), Optional.ofNullable(mailboxNode)));
    }

    @Override
    public CompletionStage<Optional<KeyId>> mailboxNodeOf(KeyId userKeyId) {
        return later(() -> users.values().stream()
                .filter(user -> user.keyId().equals(userKeyId))
                .findFirst()
                .flatMap(UserEntry::mailboxNode));
    }

    @Override
    public Optional<WalletAddress> walletOf(KeyId userKeyId) {
        return users.values().stream().filter(user -> user.keyId().equals(userKeyId)).findFirst()
                .map(UserEntry::wallet);
    }

    @Override
    public CompletionStage<Optional<UserEntry>> user(WalletAddress wallet) {
        return later(() -> Optional.ofNullable(users.get(wallet)));
    }

    private <T> CompletionStage<T> later(Supplier<T> answer) {
        CompletableFuture<T> stage = new CompletableFuture<>();
        thread.execute(() -> {
            if (failure != null) {
                stage.completeExceptionally(failure);
            } else {
                stage.complete(answer.get());
            }
        });
        return stage;
    }

    @Override
    public Optional<NodeEntry> node(KeyId keyId) {
        if (directoryBroken != null) {
            throw directoryBroken;
        }
        return nodes.stream().filter(node -> node.keyId().equals(keyId)).findFirst();
    }

    @Override
    public Optional<NodeEntry> nodeOfWallet(WalletAddress wallet) {
        return nodes.stream().filter(node -> node.wallet().equals(wallet)).findFirst();
    }

    @Override
    public List<NodeEntry> nodes() {
        return List.copyOf(nodes);
    }
}
