package network.conet.edge.client;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import network.conet.edge.api.NodeEntry;
import network.conet.edge.api.UserEntry;
import network.conet.edge.protocol.WalletAddress;

/** A directory in memory. */
final class FakeDirectory implements Directory {
    final List<NodeEntry> nodes = new ArrayList<>();
    final Map<WalletAddress, UserEntry> users = new HashMap<>();

    @Override
    public List<NodeEntry> nodes() {
        return nodes;
    }

    @Override
    public Optional<UserEntry> user(WalletAddress wallet) {
        return Optional.ofNullable(users.get(wallet));
    }

    @Override
    public long keyNonce(WalletAddress wallet) {
        return 3;
    }

    @Override
    public long routeNonce(WalletAddress wallet) {
        return 4;
    }

    @Override
    public long chainId() {
        return 7;
    }

    @Override
    public WalletAddress routingTable() {
        return WalletAddress.of(new byte[20]);
    }
}
