package network.conet.edge.relay.internal;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import network.conet.edge.api.Mailbox;
import network.conet.edge.protocol.Epoch;
import network.conet.edge.testkit.SettableClock;
import network.conet.edge.testkit.SimClient;
import network.conet.edge.testkit.SimConnection;
import network.conet.edge.testkit.SimNetwork;

/** Three nodes, some users, much bad luck, and what must hold in the end. */
final class SimWorld {
    private static final long BEGIN_MILLIS = 1_800_000_000_000L;
    private static final int STORM_MILLIS = 60_000;
    private static final int QUIET_MILLIS = 60_000;
    private static final int EPOCH_MILLIS = 12_000;
    private static final int RESTART_MILLIS_MAX = 4000;
    private static final int NODES = 3;
    private static final int DISK_OPERATIONS_MAX = 12;
    private static final int TEXT_CHARS_MAX = 3000;

    final SettableClock clock = new SettableClock(BEGIN_MILLIS);
    final SimNetwork network;
    final SimKeys everybody;
    private final List<SimStorageNode> nodes = new ArrayList<>();
    private final List<SimWallet> wallets = new ArrayList<>();
    private final Map<String, SimWallet> sent = new TreeMap<>();
    private final Set<String> accepted = new HashSet<>();
    private final Set<String> delivered = new HashSet<>();
    private final List<String> violations = new ArrayList<>();
    private boolean isQuiet;
    private int crashes;

    /** @param disguise put between each relay and its mailbox; the identity for honest nodes */
    SimWorld(long seed, SimKeys everybody, int walletCount, UnaryOperator<Mailbox> disguise) {
        this.everybody = everybody;
        network = new SimNetwork(seed, clock);
        FakeRoutes routes = new FakeRoutes(Runnable::run);
        for (int i = 0; i < NODES; i++) {
            SimStorageNode node = new SimStorageNode(network, clock, everybody, routes, i + 1, disguise);
            nodes.add(node);
            routes.nodes.add(node.entry);
        }
        for (int i = 0; i < walletCount; i++) {
            SimStorageNode home = nodes.get(i % NODES);
            SimWallet wallet = new SimWallet(this, everybody.make("wallet " + i), home);
            wallets.add(wallet);
            routes.register(wallet.keys.wallet(), wallet.keys.keyId(), home.entry.keyId());
        }
    }

    /** Runs the storm, then the quiet, and judges. */
    void run(int messages) {
        nodes.forEach(SimStorageNode::start);
        wallets.forEach(wallet -> network.schedule(network.random(5000), wallet::listen));
        for (int i = 0; i < messages; i++) {
            String text = "message " + i + ' ' + "x".repeat(network.random(TEXT_CHARS_MAX));
            SimWallet from = wallets.get(network.random(wallets.size()));
            SimWallet to = wallets.get(network.random(wallets.size()));
            network.schedule(network.random(STORM_MILLIS), () -> from.send(to, text));
        }
        for (int i = 1 + network.random(6); i > 0; i--) {
            network.schedule(network.random(STORM_MILLIS), () -> misfortune(anyNode()));
        }
        for (int i = network.random(12); i > 0; i--) {
            SimWallet wallet = wallets.get(network.random(wallets.size()));
            boolean isSecondListen = network.random(2) == 0;
            network.schedule(network.random(STORM_MILLIS), isSecondListen ? wallet::listen : wallet::hangUp);
        }
        for (int at = 0; at < STORM_MILLIS + QUIET_MILLIS; at += EPOCH_MILLIS) {
            Epoch epoch = new Epoch(1000 + 2L * at / EPOCH_MILLIS, 0, 0, 0);
            network.schedule(at, () -> nodes.stream().filter(SimStorageNode::isUp).forEach(n -> n.epochBegan(epoch)));
        }
        network.setFaults(new SimNetwork.Faults(network.random(40), 1 + network.random(200)));
        network.runUntil(BEGIN_MILLIS + STORM_MILLIS);
        isQuiet = true;
        network.setFaults(SimNetwork.Faults.NONE);
        nodes.stream().filter(node -> !node.isUp()).forEach(SimStorageNode::start);
        network.runUntil(BEGIN_MILLIS + STORM_MILLIS + QUIET_MILLIS);
        judge(messages);
    }

    /** Takes a node down in one of the ways in which nodes go down, and has it come back. */
    private void misfortune(SimStorageNode node) {
        if (isQuiet || !node.isUp()) {
            return;
        }
        crashes++;
        switch (network.random(4)) {
            case 0 -> node.stop();
            case 1 -> node.cutPower(0);
            default -> node.cutPower(1 + network.random(DISK_OPERATIONS_MAX));
        }
        restart(node);
    }

    private void restart(SimStorageNode node) {
        network.schedule(1 + network.random(RESTART_MILLIS_MAX), () -> {
            if (!node.isUp()) {
                node.start();
            } else if (!isQuiet) {
                restart(node);
            }
        });
    }

    private void judge(int messages) {
        violations.addAll(network.violations());
        network.unanswered().forEach(exchange -> violations.add("never answered: " + exchange));
        sent.forEach((text, recipient) -> {
            if (!accepted.contains(text)) {
                violations.add("never accepted: " + shortOf(text));
            } else if (!delivered.contains(text)) {
                violations.add("lost: " + shortOf(text));
            }
        });
        if (sent.size() != messages) {
            violations.add("only " + sent.size() + " of " + messages + " were sent");
        }
        if (!violations.isEmpty()) {
            throw new AssertionError(String.join("; ", violations) + "\n" + network.trace());
        }
    }

    SimStorageNode anyNode() {
        return nodes.get(network.random(nodes.size()));
    }

    SimConnection post(SimStorageNode entry, byte[] armor, SimClient client) {
        return network.post(entry.entry.endpoint(), RelayBench.body(armor), client);
    }

    void sent(String text, SimWallet recipient) {
        sent.put(text, recipient);
    }

    void accepted(String text) {
        accepted.add(text);
    }

    void delivered(SimWallet to, String text) {
        if (sent.get(text) != to) {
            violation("delivered what was never sent to this wallet: " + shortOf(text));
        }
        delivered.add(text);
    }

    void violation(String text) {
        network.note("violation", text);
        violations.add(text);
    }

    /** How often a node went down. */
    int crashes() {
        return crashes;
    }

    private static String shortOf(String text) {
        return text.substring(0, Math.min(16, text.length()));
    }
}
