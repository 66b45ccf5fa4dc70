package network.conet.edge.chain.internal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import network.conet.edge.api.Clock;
import network.conet.edge.api.Counters;
import network.conet.edge.api.EpochListener;
import network.conet.edge.api.HealthItem;
import network.conet.edge.api.NodeEntry;
import network.conet.edge.api.UserEntry;
import network.conet.edge.chain.ChainEvent;
import network.conet.edge.chain.ChainLimits;
import network.conet.edge.chain.JsonRpc;
import network.conet.edge.chain.NodeList;
import network.conet.edge.chain.RoutingContracts;
import network.conet.edge.chain.RpcException;
import network.conet.edge.chain.WrongChainException;
import network.conet.edge.protocol.Epoch;
import network.conet.edge.protocol.KeyId;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.WalletAddress;

/**
 * The network as contracts on a chain know it. One thread asks the chain; answers come from memory. It is polled for
 * new blocks; events of the contracts make the memory forget, even block numbers are epochs.
 *
 * <p>An outage of the chain is not an outage of the node: what is known goes on being served, and nothing is
 * restarted (W16). What is not known is refused with a reason that says so, never answered as "unknown".
 */
public final class ChainDirectory implements NetworkDirectory {
    private final Settings settings;
    private final Clock clock;
    private final Consumer<String> refuse;
    private final JsonRpc rpc;
    private final RoutingContracts contracts;
    private final ChainWorker worker;
    private final Outage outage;
    private final Lookups lookups;
    private final EpochBeat beat;
    private final LogScan scan;

    private boolean verified;
    private boolean refused;
    private long nextPollNanos;
    private boolean reloadNodes = true;
    private long nodesReadNanos;
    private Epoch info = Epoch.UNKNOWN;
    private long highestBlock;

    private volatile NodeTable nodes = NodeTable.EMPTY;
    private volatile NodeList lastReading = NodeList.EMPTY;
    private volatile String nodesUnread = "";
    private volatile String eventsUnread = "";
    private volatile String infoUnread = "";
    private volatile long blocksBehind;
    private volatile boolean closed;

    /**
     * @param chainId which chain
     * @param nodeRegistry the contract that lists nodes
     * @param routingTable the contract that knows users
     * @param epochInfo the contract that publishes rate and totals, if there is one
     * @param pollMillis how often new blocks are asked for
     */
    public record Settings(
            long chainId, WalletAddress nodeRegistry, WalletAddress routingTable, Optional<WalletAddress> epochInfo,
            int pollMillis) {
        /** Refuses missing parts. */
        public Settings {
            Objects.requireNonNull(nodeRegistry);
            Objects.requireNonNull(routingTable);
            Objects.requireNonNull(epochInfo);
            if (pollMillis < 1) {
                throw new IllegalArgumentException("polled every " + pollMillis + " ms");
            }
        }
    }

    /**
     * @param settings what to follow
     * @param rpc the chain's server
     * @param clock measures pauses
     * @param counters counts questions, failures and epochs
     * @param random spreads attempts after a failure
     * @param refuse told once, in one line, when the settings can never work; nothing is asked any more then
     */
    public ChainDirectory(
            Settings settings, JsonRpc rpc, Clock clock, Counters counters, RandomGenerator random,
            Consumer<String> refuse) {
        this.settings = settings;
        this.clock = clock;
        this.refuse = refuse;
        this.rpc = new CountedRpc(rpc, counters);
        this.contracts = new RoutingContracts(this.rpc, settings.nodeRegistry(), settings.routingTable());
        this.worker = new ChainWorker("conet-chain", clock);
        this.outage = new Outage(clock, random, settings.pollMillis());
        this.lookups = new Lookups(clock, worker::wake);
        this.beat = new EpochBeat(counters);
        this.scan = new LogScan(contracts, new Memory());
        this.nextPollNanos = clock.monotonicNanos();
        worker.add(this::turn);
    }

    /** Begins to ask the chain, on a thread of its own. At most once. */
    @Override
    public void start() {
        worker.start();
    }

    /** Stops asking. Questions that wait are refused with {@code STOPPING}; what is remembered can still be read. */
    @Override
    public void close() {
        closed = true;
        worker.stop();
        lookups.close(RefuseReason.STOPPING);
    }

    /** Calls a listener at each epoch from now on, on this directory's thread. */
    @Override
    public void addListener(EpochListener listener) {
        beat.add(listener);
    }

    /** Ends {@link #addListener}. */
    @Override
    public void removeListener(EpochListener listener) {
        beat.remove(listener);
    }

    @Override
    public Optional<NodeEntry> node(KeyId keyId) {
        return nodes.node(keyId);
    }

    @Override
    public Optional<NodeEntry> nodeOfWallet(WalletAddress wallet) {
        return nodes.nodeOfWallet(wallet);
    }

    @Override
    public List<NodeEntry> nodes() {
        return nodes.nodes();
    }

    @Override
    public CompletionStage<Optional<KeyId>> mailboxNodeOf(KeyId userKeyId) {
        return lookups.route(userKeyId);
    }

    @Override
    public Optional<WalletAddress> walletOf(KeyId userKeyId) {
        return lookups.walletOf(userKeyId);
    }

    @Override
    public CompletionStage<Optional<UserEntry>> user(WalletAddress wallet) {
        return lookups.user(wallet);
    }

    @Override
    public Epoch current() {
        return beat.current();
    }

    ChainWorker worker() {
        return worker;
    }

    RoutingContracts contracts() {
        return contracts;
    }

    JsonRpc rpc() {
        return rpc;
    }

    Settings settings() {
        return settings;
    }

    boolean isReachable() {
        return !outage.isOut() && !closed;
    }

    private long turn(long now) {
        if (refused || closed) {
            return Long.MAX_VALUE;
        }
        try {
            if (now - nextPollNanos >= 0) {
                poll();
                nextPollNanos = now + TimeUnit.MILLISECONDS.toNanos(settings.pollMillis());
            }
            if (!outage.isOut()) {
                lookups.answerSome(contracts);
            }
        } catch (IOException failed) {
            nextPollNanos = clock.monotonicNanos() + outage.failed(failed);
            lookups.close(RefuseReason.ROUTES_UNAVAILABLE);
        }
        if (refused) {
            return Long.MAX_VALUE;
        }
        return lookups.hasQuestions() ? 0 : Math.max(0, nextPollNanos - clock.monotonicNanos());
    }

    private void poll() throws IOException {
        if (!verified) {
            verify();
            if (refused) {
                return;
            }
        }
        long head = contracts.blockNumber();
        highestBlock = Math.max(highestBlock, head);
        blocksBehind = highestBlock - head;
        eventsUnread = "";
        scan.scanTo(head);
        beginEpochs(head);
        readNodes();
        outage.ended();
        lookups.open();
    }

    /** Whether the settings name what they should; an answer that they never can is final. */
    private void verify() throws IOException {
        try {
            long served = contracts.chainId();
            if (served != settings.chainId()) {
                throw new WrongChainException("in rpcUrls", served, settings.chainId());
            }
        } catch (WrongChainException wrong) {
            refuse(wrong.getMessage() + ": correct chainId or rpcUrls");
            return;
        }
        List<WalletAddress> addresses = new ArrayList<>(List.of(settings.nodeRegistry(), settings.routingTable()));
        settings.epochInfo().ifPresent(addresses::add);
        List<String> names = List.of("nodeRegistry", "routingTable", "epochInfo");
        for (int i = 0; i < addresses.size(); i++) {
            if (!contracts.hasCode(addresses.get(i))) {
                refuse("there is no contract at " + names.get(i) + " " + addresses.get(i) + " on chain "
                        + settings.chainId() + ": correct the address");
                return;
            }
        }
        verified = true;
    }

    private void refuse(String line) {
        refused = true;
        lookups.close(RefuseReason.ROUTES_UNAVAILABLE);
        refuse.accept(line);
    }

    private void beginEpochs(long head) throws IOException {
        if (!beat.isDue(head)) {
            return;
        }
        IOException failed = null;
        if (settings.epochInfo().isPresent()) {
            try {
                info = contracts.currentInfo(settings.epochInfo().get(), head);
                infoUnread = "";
            } catch (RpcException answered) {
                // The beat goes on with what was known before.
                infoUnread = answered.getMessage();
            } catch (IOException outOfReach) {
                failed = outOfReach;
            }
        }
        beat.advance(head, info);
        if (failed != null) {
            throw failed;
        }
    }

    private void readNodes() throws IOException {
        long now = clock.monotonicNanos();
        boolean due = now - nodesReadNanos >= TimeUnit.MILLISECONDS.toNanos(ChainLimits.NODES_RELOAD_MILLIS);
        if (!reloadNodes && !due) {
            return;
        }
        reloadNodes = true;
        try {
            NodeList reading = contracts.nodes();
            nodes = new NodeTable(reading.nodes());
            lastReading = reading;
            nodesUnread = "";
            nodesReadNanos = now;
            reloadNodes = false;
        } catch (RpcException answered) {
            nodesUnread = answered.getMessage();
        }
    }

    /** What events do to what is remembered. */
    private final class Memory implements LogScan.Sink {
        @Override
        public void changed(ChainEvent event, boolean first) {
            if (event instanceof ChainEvent.UserChanged user) {
                lookups.userChanged(user.wallet(), user.keyId(), first);
            } else if (event instanceof ChainEvent.NodesChanged change) {
                reloadNodes |= first;
                change.removed().ifPresent(node -> lookups.nodeRemoved(node, first));
            }
        }

        @Override
        public void missed(String why) {
            eventsUnread = why;
            reloadNodes = true;
            lookups.markAllStale();
        }
    }

    @Override
    public List<HealthItem> check() {
        List<HealthItem> items = new ArrayList<>();
        outage.health().ifPresent(items::add);
        if (blocksBehind > ChainLimits.BLOCKS_BEHIND_MAX) {
            items.add(warning("chain.behind", "The chain's server is " + blocksBehind
                    + " blocks behind what it showed before; no epoch begins.",
                    "Wait until the server has caught up, or name another in rpcUrls; restart this node if the chain "
                            + "was begun anew."));
        }
        if (!eventsUnread.isEmpty()) {
            items.add(warning("chain.events-unread", "Events of the contracts could not be followed (" + eventsUnread
                    + "); every route is asked for again.", "If this stays, name another server in rpcUrls."));
        }
        if (!nodesUnread.isEmpty()) {
            items.add(warning("chain.nodes-unread", "The list of nodes could not be read (" + nodesUnread
                    + "); the last one is used.", "If this stays, name another server in rpcUrls."));
        }
        if (!infoUnread.isEmpty()) {
            items.add(warning("chain.epoch-info-unread", "Rate and totals could not be read (" + infoUnread
                    + "); the last known are published.", "Check the setting epochInfo."));
        }
        addNodeItems(items);
        return items;
    }

    private void addNodeItems(List<HealthItem> items) {
        NodeList reading = lastReading;
        int unusable = reading.malformed() + reading.withoutWallet();
        if (unusable > 0) {
            items.add(warning("chain.nodes-unusable", "Of the listed nodes " + reading.malformed()
                    + " have a malformed entry and " + reading.withoutWallet() + " no known wallet; they are not used.",
                    ""));
        }
        if (reading.beyondMax()) {
            items.add(warning("chain.nodes-cut", "The registry lists more nodes than the " + ChainLimits.NODES_MAX
                    + " that are kept.", ""));
        }
    }

    private static HealthItem warning(String code, String title, String action) {
        return new HealthItem(code, HealthItem.Severity.WARNING, title, action);
    }
}
