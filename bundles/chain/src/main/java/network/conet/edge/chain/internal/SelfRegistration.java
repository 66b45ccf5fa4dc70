package network.conet.edge.chain.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import network.conet.edge.api.Clock;
import network.conet.edge.api.HealthCheck;
import network.conet.edge.api.HealthItem;
import network.conet.edge.api.KeyProver;
import network.conet.edge.api.KeyRing;
import network.conet.edge.api.NodeEntry;
import network.conet.edge.chain.PaymentContracts;
import network.conet.edge.chain.RoutingContracts;
import network.conet.edge.chain.Transactions;
import network.conet.edge.protocol.Endpoint;
import network.conet.edge.protocol.Hash256;
import network.conet.edge.protocol.KeyProof;
import network.conet.edge.protocol.WalletAddress;

/**
 * Keeps this node's own entry in the node registry as the operator wants it: registers the node when it is missing,
 * corrects its endpoint or region when they differ, and names its owner once. Paid by the node's wallet. Works on
 * the directory's thread; what fails is tried again, and health tells why.
 */
public final class SelfRegistration implements HealthCheck, AutoCloseable {
    /** The directory's list follows a transaction's event within a poll or two. */
    private static final long SETTLE_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long RECHECK_NANOS = TimeUnit.MINUTES.toNanos(10);
    private static final long RECEIPT_NANOS = TimeUnit.MINUTES.toNanos(5);

    private final ChainDirectory directory;
    private final KeyRing keys;
    private final KeyProver prover;
    private final Clock clock;
    private final Endpoint endpoint;
    private final String region;
    private final Optional<WalletAddress> owner;
    private final Transactions transactions;
    private final ChainWorker.Task task = this::turn;

    /** Changed by the worker's thread only. */
    private Optional<Hash256> pending = Optional.empty();
    private long sentNanos;
    private long nextNanos;
    private volatile String trouble = "";

    /**
     * @param directory the chain, on whose thread this works
     * @param keys who is registered, and pays
     * @param prover proves that the key id is ours
     * @param clock says when to look again
     * @param endpoint where others reach this node
     * @param region free text
     * @param owner who is to be named as owner, if anybody
     */
    public SelfRegistration(ChainDirectory directory, KeyRing keys, KeyProver prover, Clock clock, Endpoint endpoint,
            String region, Optional<WalletAddress> owner) {
        this.directory = directory;
        this.keys = keys;
        this.prover = prover;
        this.clock = clock;
        this.endpoint = endpoint;
        this.region = region;
        this.owner = owner;
        transactions = new Transactions(
                directory.rpc(), directory.settings().chainId(), keys.wallet(), keys::signDigest, clock);
        nextNanos = clock.monotonicNanos();
        directory.worker().add(task);
    }

    private long turn(long nowNanos) {
        long left = nextNanos - nowNanos;
        if (left > 0) {
            return left;
        }
        long wait = directory.isReachable() ? step(nowNanos) : LOOK_NANOS;
        nextNanos = clock.monotonicNanos() + wait;
        return wait;
    }

    private long step(long nowNanos) {
        try {
            if (pending.isPresent()) {
                return look(nowNanos);
            }
            Optional<NodeEntry> entry = directory.node(keys.keyId());
            if (entry.isPresent() && entry.get().endpoint().equals(endpoint) && entry.get().region().equals(region)) {
                Optional<Transactions.Call> naming = naming();
                if (naming.isEmpty()) {
                    return RECHECK_NANOS;
                }
                return send(naming.get(), nowNanos);
            }
            return send(entry.isPresent()
                    ? Transactions.Call.of(registry(), RoutingContracts.updateEndpoint(endpoint, region))
                    : new Transactions.Call(Optional.of(registry()),
                            PaymentContracts.bondWei(directory.rpc(), registry()), registration()), nowNanos);
        } catch (IOException failed) {
            trouble = String.valueOf(failed.getMessage());
            return RETRY_NANOS;
        }
    }

    /** What names the owner, when that is still to be done; an owner that is another one is only told. */
    private Optional<Transactions.Call> naming() throws IOException {
        trouble = "";
        if (owner.isEmpty()) {
            return Optional.empty();
        }
        PaymentContracts contracts = new PaymentContracts(directory.rpc(), registry(), registry());
        Optional<WalletAddress> named = contracts.ownerOf(keys.wallet());
        if (named.isEmpty()) {
            return Optional.of(Transactions.Call.of(registry(),
                    PaymentContracts.setOwner(keys.wallet(), owner.get())));
        }
        if (!named.equals(owner)) {
            trouble = "its owner on the chain is " + named.get() + " and not the one of the settings; only that wallet "
                    + "can change it";
        }
        return Optional.empty();
    }

    private WalletAddress registry() {
        return directory.settings().nodeRegistry();
    }

    private long send(Transactions.Call call, long nowNanos) throws IOException {
        transactions.rehearse(call);
        pending = Optional.of(transactions.send(call));
        sentNanos = nowNanos;
        return LOOK_NANOS;
    }

    private long look(long nowNanos) throws IOException {
        Optional<Transactions.Receipt> receipt = transactions.receipt(pending.get());
        if (receipt.isEmpty()) {
            if (nowNanos - sentNanos > RECEIPT_NANOS) {
                // Dropped by the server; a new one is sent if the registry still differs.
                pending = Optional.empty();
            }
            return LOOK_NANOS;
        }
        pending = Optional.empty();
        trouble = receipt.get().succeeded() ? "" : "the transaction failed";
        return SETTLE_NANOS;
    }

    private byte[] registration() {
        KeyProof proof = prover.proveKeyId(directory.settings().chainId(), directory.settings().nodeRegistry());
        String publicKey = Base64.getEncoder()
                .encodeToString(keys.publicKeyArmored().getBytes(StandardCharsets.UTF_8));
        return RoutingContracts.registerNode(publicKey, endpoint, region, proof);
    }

    /** Stops. Close the directory first. */
    @Override
    public void close() {
        directory.worker().remove(task);
    }

    @Override
    public List<HealthItem> check() {
        String now = trouble;
        return now.isEmpty() || !directory.isReachable() ? List.of() : List.of(new HealthItem("chain.self",
                HealthItem.Severity.CRITICAL, "This node is not registered as it should be: " + now,
                "Check that the node's wallet " + keys.wallet() + " has coins for gas, and that no other node claims "
                        + endpoint + "."));
    }
}
