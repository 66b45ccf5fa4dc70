package network.conet.edge.chain.internal;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import network.conet.edge.api.Clock;
import network.conet.edge.api.Counters;
import network.conet.edge.api.EpochListener;
import network.conet.edge.api.HealthItem;
import network.conet.edge.api.NodeEntry;
import network.conet.edge.api.RouteRegistrar;
import network.conet.edge.api.Signatures;
import network.conet.edge.api.UserEntry;
import network.conet.edge.chain.ChainLimits;
import network.conet.edge.chain.NetworkFile;
import network.conet.edge.protocol.Epoch;
import network.conet.edge.protocol.Hash256;
import network.conet.edge.protocol.KeyId;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.RefusedException;
import network.conet.edge.protocol.RegistrationRequest;
import network.conet.edge.protocol.WalletAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The network as a file says, for private networks without a chain: nodes and users in one text signed by the
 * network's operator (see {@link NetworkFile}), read again when it changes; epochs by the clock, whose block number
 * is {@code floor(unix seconds / blockSeconds)}. A file that is older, damaged or of another signer is refused and
 * the last good one kept. Nobody can register: the operator writes the file.
 *
 * <p>The order of files is known only since this start: a node that was off believes the file that it finds.
 */
public final class FileDirectory implements NetworkDirectory, RouteRegistrar {
    private static final Logger LOG = LoggerFactory.getLogger(FileDirectory.class);

    private final Path file;
    private final WalletAddress operator;
    private final Signatures signatures;
    private final Clock clock;
    private final ChainWorker worker;
    private final EpochBeat beat;
    private NetworkFile.Stamp lastStamp;
    private long nextLookNanos;
    private volatile Loaded loaded;
    private volatile Trouble trouble;

    private record Loaded(
            NetworkFile file, NodeTable nodes, Map<KeyId, UserEntry> byKeyId, Map<WalletAddress, UserEntry> byWallet) {
        static Loaded of(NetworkFile file) {
            Map<KeyId, UserEntry> byKeyId = new HashMap<>();
            Map<WalletAddress, UserEntry> byWallet = new HashMap<>();
            for (UserEntry user : file.users()) {
                byKeyId.put(user.keyId(), user);
                byWallet.put(user.wallet(), user);
            }
            return new Loaded(file, new NodeTable(file.nodes()), byKeyId, byWallet);
        }
    }

    private record Trouble(long sinceEpochMillis, String reason) {}

    /**
     * @param file the network's file; it may appear later
     * @param operator the wallet whose signature the file must carry
     * @param signatures checks it
     * @param clock gives epochs and pauses
     * @param counters counts epochs
     */
    public FileDirectory(
            Path file, WalletAddress operator, Signatures signatures, Clock clock, Counters counters) {
        this.file = file;
        this.operator = operator;
        this.signatures = signatures;
        this.clock = clock;
        this.worker = new ChainWorker("conet-network-file", clock);
        this.beat = new EpochBeat(counters);
        this.nextLookNanos = clock.monotonicNanos();
        worker.add(this::turn);
    }

    /** Begins to read the file, on a thread of its own. At most once. */
    @Override
    public void start() {
        worker.start();
    }

    /** Stops reading; what was read can still be asked. */
    @Override
    public void close() {
        worker.stop();
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
        return nodeTable().node(keyId);
    }

    @Override
    public Optional<NodeEntry> nodeOfWallet(WalletAddress wallet) {
        return nodeTable().nodeOfWallet(wallet);
    }

    @Override
    public List<NodeEntry> nodes() {
        return nodeTable().nodes();
    }

    private NodeTable nodeTable() {
        Loaded now = loaded;
        return now == null ? NodeTable.EMPTY : now.nodes();
    }

    @Override
    public CompletionStage<Optional<KeyId>> mailboxNodeOf(KeyId userKeyId) {
        Loaded now = loaded;
        return now == null
                ? unavailable()
                : CompletableFuture.completedStage(
                        Optional.ofNullable(now.byKeyId().get(userKeyId)).flatMap(UserEntry::mailboxNode));
    }

    @Override
    public Optional<WalletAddress> walletOf(KeyId userKeyId) {
        return Optional.ofNullable(loaded).map(now -> now.byKeyId().get(userKeyId)).map(UserEntry::wallet);
    }

    @Override
    public CompletionStage<Optional<UserEntry>> user(WalletAddress wallet) {
        Loaded now = loaded;
        return now == null
                ? unavailable()
                : CompletableFuture.completedStage(Optional.ofNullable(now.byWallet().get(wallet)));
    }

    @Override
    public CompletionStage<Hash256> submit(RegistrationRequest request) {
        return unavailable();
    }

    private static <T> CompletionStage<T> unavailable() {
        return CompletableFuture.failedStage(new RefusedException(RefuseReason.ROUTES_UNAVAILABLE));
    }

    @Override
    public Epoch current() {
        return beat.current();
    }

    ChainWorker worker() {
        return worker;
    }

    private long turn(long now) {
        if (now - nextLookNanos >= 0) {
            look();
            nextLookNanos = now + TimeUnit.MILLISECONDS.toNanos(ChainLimits.NETWORK_FILE_LOOK_MILLIS);
        }
        long untilLook = Math.max(0, nextLookNanos - now);
        return loaded == null ? untilLook : Math.min(untilLook, beginEpochs(loaded.file().blockSeconds()));
    }

    private void look() {
        try {
            NetworkFile.Stamp stamp = NetworkFile.stamp(file);
            if (stamp.equals(lastStamp)) {
                return;
            }
            NetworkFile read = NetworkFile.read(file, operator, signatures);
            lastStamp = stamp;
            Loaded before = loaded;
            if (before != null && read.issuedAtSeconds() < before.file().issuedAtSeconds()) {
                throw new IOException("it was issued before the one in use");
            }
            if (before == null || !read.text().equals(before.file().text())) {
                loaded = Loaded.of(read);
                LOG.info("network file: {} nodes, {} users", read.nodes().size(), read.users().size());
            }
            trouble = null;
        } catch (NoSuchFileException missing) {
            troubled("it is not there");
        } catch (IOException unusable) {
            troubled(unusable.getMessage());
        }
    }

    /** The stamp of an unusable file is not kept: it may be half written and change within its timestamp. */
    private void troubled(String reason) {
        lastStamp = null;
        Trouble before = trouble;
        if (before == null || !before.reason().equals(reason)) {
            LOG.warn("the network file cannot be used: {}", reason);
            trouble = new Trouble(before == null ? clock.epochMillis() : before.sinceEpochMillis(), reason);
        }
    }

    private long beginEpochs(long blockSeconds) {
        long blockMillis = TimeUnit.SECONDS.toMillis(blockSeconds);
        long millis = clock.epochMillis();
        long block = Math.floorDiv(millis, blockMillis);
        long newest = beat.current().number();
        if (newest - block > 2L * ChainLimits.EPOCHS_MADE_UP_MAX) {
            LOG.warn("the clock went back by {} blocks; epochs begin again from there", newest - block);
            beat.restartAt(block);
        }
        beat.advance(block, Epoch.UNKNOWN);
        long nextEven = (block - Math.floorMod(block, 2L) + 2) * blockMillis;
        return TimeUnit.MILLISECONDS.toNanos(nextEven - millis);
    }

    @Override
    public List<HealthItem> check() {
        Trouble now = trouble;
        if (now == null) {
            return loaded != null ? List.of() : List.of(new HealthItem("chain.file-unread",
                    HealthItem.Severity.CRITICAL, "The network file was not read yet.", ""));
        }
        String since = Instant.ofEpochMilli(now.sinceEpochMillis()).truncatedTo(ChronoUnit.SECONDS).toString();
        String effect = loaded == null ? "Nothing can be routed." : "The last good one is used.";
        return List.of(new HealthItem("chain.file-unusable",
                loaded == null ? HealthItem.Severity.CRITICAL : HealthItem.Severity.WARNING,
                "The network file cannot be used since " + since + ": " + now.reason() + ". " + effect,
                "Put the operator's newest signed file at the path of the setting networkFile."));
    }
}
