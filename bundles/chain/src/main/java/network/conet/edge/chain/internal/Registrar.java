package network.conet.edge.chain.internal;

import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import network.conet.edge.api.Clock;
import network.conet.edge.api.HealthCheck;
import network.conet.edge.api.HealthItem;
import network.conet.edge.api.KeyRing;
import network.conet.edge.api.RouteRegistrar;
import network.conet.edge.chain.ChainLimits;
import network.conet.edge.chain.RoutingContracts;
import network.conet.edge.chain.RpcException;
import network.conet.edge.chain.Transactions;
import network.conet.edge.protocol.Hash256;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.RefusedException;
import network.conet.edge.protocol.RegistrationRequest;
import network.conet.edge.protocol.WalletAddress;

/**
 * Pays for the registration of wallets that choose this node, out of the node's own wallet. What would fail is found
 * out by a rehearsal that costs nothing; what is paid for is bounded for each wallet and for the node, and only a
 * route to this node is paid for. Sends on the directory's thread, one after the other, so that nonces follow.
 */
public final class Registrar implements RouteRegistrar, HealthCheck, AutoCloseable {
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(ChainLimits.REGISTRATION_LOOK_MILLIS);
    private static final long WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(ChainLimits.REGISTRATION_WAIT_MILLIS);

    private final ChainDirectory directory;
    private final KeyRing keys;
    private final Clock clock;
    private final Allowance allowance;
    private final Transactions transactions;
    private final ChainWorker.Task task = this::turn;

    private final Object lock = new Object();
    private final Deque<Job> waiting = new ArrayDeque<>();
    private final Map<WalletAddress, TokenBucket> wallets = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<WalletAddress, TokenBucket> eldest) {
            return size() > ChainLimits.REGISTRANTS_MAX;
        }
    };
    private final TokenBucket node;
    private final TokenBucket attempts;
    private int pending;
    private boolean closed;

    /** Changed by the worker's thread only. */
    private final List<Job> sent = new CopyOnWriteArrayList<>();
    private BigInteger nextNonce = BigInteger.ZERO;
    private long nextLookNanos;
    private volatile String trouble = "";

    /**
     * How much is paid for.
     *
     * @param perDay registrations a day, all wallets together; also the most at once
     * @param perWalletPerDay registrations a day for one wallet
     */
    public record Allowance(int perDay, int perWalletPerDay) {}

    private static final class Job {
        private final RegistrationRequest request;
        private final TokenBucket wallet;
        private final long sinceNanos;
        private final CompletableFuture<Hash256> result = new CompletableFuture<>();
        private Hash256 hash;

        Job(RegistrationRequest request, TokenBucket wallet, long sinceNanos) {
            this.request = request;
            this.wallet = wallet;
            this.sinceNanos = sinceNanos;
        }
    }

    /**
     * @param directory the chain, on whose thread this works
     * @param keys the wallet that pays, and the routing address that is paid for
     * @param clock fills allowances and ends waiting
     * @param allowance how much is paid for
     */
    public Registrar(ChainDirectory directory, KeyRing keys, Clock clock, Allowance allowance) {
        this.directory = directory;
        this.keys = keys;
        this.clock = clock;
        this.allowance = allowance;
        this.transactions = new Transactions(
                directory.rpc(), directory.settings().chainId(), keys.wallet(), keys::signDigest, clock);
        long now = clock.monotonicNanos();
        this.node = new TokenBucket(allowance.perDay(), allowance.perDay(), now);
        this.attempts = new TokenBucket(ChainLimits.ATTEMPTS_BURST, ChainLimits.ATTEMPTS_PER_DAY, now);
        directory.worker().add(task);
    }

    @Override
    public CompletionStage<Hash256> submit(RegistrationRequest request) {
        if (!isPaidFor(request)) {
            return CompletableFuture.failedStage(new RefusedException(RefuseReason.COMMAND_MALFORMED));
        }
        if (!directory.isReachable()) {
            return CompletableFuture.failedStage(new RefusedException(RefuseReason.ROUTES_UNAVAILABLE));
        }
        Job job;
        synchronized (lock) {
            if (closed) {
                return CompletableFuture.failedStage(new RefusedException(RefuseReason.STOPPING));
            }
            job = admit(request);
            if (job == null) {
                return CompletableFuture.failedStage(new RefusedException(RefuseReason.REGISTRATIONS_LIMITED));
            }
            waiting.add(job);
            pending++;
        }
        directory.worker().wake();
        return job.result.minimalCompletionStage();
    }

    private boolean isPaidFor(RegistrationRequest request) {
        if (!request.mailboxNode().equals(keys.keyId()) || request.deadlineSeconds() <= 0) {
            return false;
        }
        return request.key().isEmpty()
                || isAscii(request.key().get().publicKeyBase64(), 1, ChainLimits.PUBLIC_KEY_CHARS_MAX)
                && isAscii(request.key().get().encryptedPrivateKey(), 0, ChainLimits.ENCRYPTED_KEY_CHARS_MAX);
    }

    private static boolean isAscii(String text, int min, int max) {
        return text.length() >= min && text.length() <= max && text.chars().allMatch(c -> c < 0x80);
    }

    /** Takes from the allowances; null when one is used up. */
    private Job admit(RegistrationRequest request) {
        long now = clock.monotonicNanos();
        TokenBucket known = wallets.get(request.wallet());
        TokenBucket wallet = known != null
                ? known
                : new TokenBucket(allowance.perWalletPerDay(), allowance.perWalletPerDay(), now);
        if (pending >= ChainLimits.REGISTRATIONS_PENDING_MAX || !wallet.hasOne(now) || !node.hasOne(now)
                || !attempts.take(now)) {
            return null;
        }
        wallet.take(now);
        node.take(now);
        // Put anew, so that the wallet seen longest ago is the one that is forgotten.
        wallets.remove(request.wallet());
        wallets.put(request.wallet(), wallet);
        return new Job(request, wallet, now);
    }

    private long turn(long now) {
        Job next;
        synchronized (lock) {
            next = waiting.poll();
        }
        if (next != null) {
            send(next);
        }
        if (!sent.isEmpty() && now - nextLookNanos >= 0) {
            look();
            nextLookNanos = clock.monotonicNanos() + LOOK_NANOS;
        }
        synchronized (lock) {
            if (!waiting.isEmpty()) {
                return 0;
            }
        }
        return sent.isEmpty() ? Long.MAX_VALUE : Math.max(0, nextLookNanos - clock.monotonicNanos());
    }

    private void send(Job job) {
        Transactions.Signed signed;
        try {
            Transactions.Call call = Transactions.Call.of(
                    directory.settings().routingTable(), RoutingContracts.registration(job.request));
            transactions.rehearse(call);
            BigInteger gas = transactions.estimateGas(call);
            BigInteger nonce = transactions.pendingNonce();
            if (!sent.isEmpty()) {
                nonce = nonce.max(nextNonce);
            }
            signed = transactions.sign(call, nonce, gas, transactions.fees());
            nextNonce = nonce.add(BigInteger.ONE);
        } catch (IOException failed) {
            giveBack(job, failed);
            return;
        }
        try {
            transactions.submit(signed);
            trouble = "";
        } catch (RpcException refused) {
            giveBack(job, refused);
            return;
        } catch (IOException unclear) {
            // The server may have taken it before the answer was lost: it is waited for, and it counts.
            trouble = String.valueOf(unclear.getMessage());
        }
        job.hash = signed.hash();
        if (sent.isEmpty()) {
            nextLookNanos = clock.monotonicNanos();
        }
        sent.add(job);
        synchronized (lock) {
            if (!closed) {
                return;
            }
        }
        // Closed meanwhile: nobody looks for it any more.
        refuse(job, RefuseReason.STOPPING);
    }

    /** Nothing was paid, so nothing counts but the attempt. */
    private void giveBack(Job job, IOException failed) {
        boolean reverted = failed instanceof RpcException answered && answered.isRevert();
        if (!reverted) {
            trouble = String.valueOf(failed.getMessage());
        }
        synchronized (lock) {
            job.wallet.giveBack();
            node.giveBack();
        }
        refuse(job, reverted ? RefuseReason.COMMAND_MALFORMED : RefuseReason.ROUTES_UNAVAILABLE);
    }

    private void look() {
        for (Job job : sent) {
            try {
                Optional<Transactions.Receipt> receipt = transactions.receipt(job.hash);
                if (receipt.isPresent()) {
                    sent.remove(job);
                    finish(job, receipt.get());
                    continue;
                }
            } catch (IOException failed) {
                trouble = String.valueOf(failed.getMessage());
            }
            if (clock.monotonicNanos() - job.sinceNanos >= WAIT_NANOS) {
                sent.remove(job);
                refuse(job, RefuseReason.ROUTES_UNAVAILABLE);
            }
        }
    }

    private void finish(Job job, Transactions.Receipt receipt) {
        if (receipt.succeeded()) {
            trouble = "";
            done();
            job.result.complete(receipt.hash());
        } else {
            refuse(job, RefuseReason.COMMAND_MALFORMED);
        }
    }

    private void refuse(Job job, RefuseReason reason) {
        done();
        job.result.completeExceptionally(new RefusedException(reason));
    }

    private void done() {
        synchronized (lock) {
            pending--;
        }
    }

    /** Refuses what waits to be sent. What was sent is left to the chain. Close the directory first. */
    @Override
    public void close() {
        List<Job> left;
        synchronized (lock) {
            closed = true;
            left = new ArrayList<>(waiting);
            waiting.clear();
        }
        directory.worker().remove(task);
        left.addAll(sent);
        left.forEach(job -> refuse(job, RefuseReason.STOPPING));
    }

    @Override
    public List<HealthItem> check() {
        String now = trouble;
        return now.isEmpty() || !directory.isReachable() ? List.of() : List.of(new HealthItem("chain.registrar",
                HealthItem.Severity.WARNING, "The last registration for another wallet could not be paid: " + now,
                "Check that the node's wallet " + keys.wallet() + " has coins for gas."));
    }
}
