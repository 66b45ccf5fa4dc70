package network.conet.edge.chain.internal;

import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import network.conet.edge.api.Clock;
import network.conet.edge.api.HealthCheck;
import network.conet.edge.api.HealthItem;
import network.conet.edge.api.KeyRing;
import network.conet.edge.api.Settlements;
import network.conet.edge.chain.ChainLimits;
import network.conet.edge.chain.JsonRpc;
import network.conet.edge.chain.PaymentContracts;
import network.conet.edge.chain.RpcException;
import network.conet.edge.chain.Transactions;
import network.conet.edge.protocol.Hash256;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.RefusedException;
import network.conet.edge.protocol.WalletAddress;
import network.conet.edge.protocol.pay.PriceList;
import network.conet.edge.protocol.pay.SettlementId;

/**
 * Asks the settlement contract and sends it vouchers, and prices to the registry, on the directory's thread. Channels
 * are read some blocks behind the newest, so that a reorganisation of fewer blocks takes nothing back that was
 * believed.
 *
 * <pre>
 *  waiting ── rehearsed, fee worth it ──► sent ── in a block ──► deep enough: done
 *                │ fee too high: nothing      ▲  │ not in a block for long: same nonce, higher fee
 *                ▼                            └──┘ in no block, or not any more: sent again
 *              done                              the nonce is another transaction's: given up, the channel will tell
 * </pre>
 */
public final class SettlementDesk implements Settlements, HealthCheck, AutoCloseable {
    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final BigInteger COIN_WEI = BigInteger.TEN.pow(18);
    private static final BigInteger HUNDRED = BigInteger.valueOf(100);

    private final ChainDirectory directory;
    private final KeyRing keys;
    private final Clock clock;
    private final SettlementId id;
    private final int confirmations;
    private final PaymentContracts contracts;
    private final ChannelReader channels;
    private final Transactions transactions;
    private final ChainWorker.Task task = this::turn;

    private final Object lock = new Object();
    private final Deque<Question> questions = new ArrayDeque<>();
    private final Deque<Job> jobs = new ArrayDeque<>();
    private boolean closed;

    /** Used by the worker's thread only. */
    private Job current;
    private BigInteger nanocreditsPerCoin;
    private long nextLookNanos;
    private volatile String trouble = "";

    private record Question(WalletAddress payer, WalletAddress payee, CompletableFuture<Channel> answer) {}

    /** Vouchers on their way into the chain, or prices. */
    private static final class Job {
        private final Optional<PriceList> prices;
        private final List<Signed> vouchers;
        private final int feePercentMax;
        private final long gain;
        private final CompletableFuture<Optional<Hash256>> result = new CompletableFuture<>();
        private Transactions.Call call;
        private BigInteger gas;
        private BigInteger nonce;
        private Transactions.Fees fees;
        private final List<Transactions.Signed> sent = new ArrayList<>();
        private long sentNanos;
        private long offeredNanos;

        private Job(Optional<PriceList> prices, List<Signed> vouchers, int feePercentMax, long gain) {
            this.prices = prices;
            this.vouchers = vouchers;
            this.feePercentMax = feePercentMax;
            this.gain = gain;
        }

        static Job redeem(List<Signed> vouchers, int feePercentMax, long gain) {
            return new Job(Optional.empty(), List.copyOf(vouchers), feePercentMax, gain);
        }

        static Job publish(PriceList prices) {
            return new Job(Optional.of(prices), List.of(), 0, 0);
        }
    }

    /**
     * @param directory the chain, on whose thread this works
     * @param servers of the chain, of which two must agree on a channel if there are two
     * @param keys the payee, whose wallet pays for gas
     * @param clock says when to look and to raise a fee
     * @param settlement the contract's address
     * @param confirmations blocks behind the newest that are believed to stay, 0 or more
     */
    public SettlementDesk(ChainDirectory directory, List<JsonRpc> servers, KeyRing keys, Clock clock,
            WalletAddress settlement, int confirmations) {
        this.directory = directory;
        this.keys = keys;
        this.clock = clock;
        this.confirmations = confirmations;
        id = new SettlementId(directory.settings().chainId(), settlement);
        contracts = new PaymentContracts(directory.rpc(), directory.settings().nodeRegistry(), settlement);
        channels = new ChannelReader(servers, directory.settings().nodeRegistry(), settlement, confirmations, clock);
        transactions = new Transactions(
                directory.rpc(), directory.settings().chainId(), keys.wallet(), keys::signDigest, clock);
        directory.worker().add(task);
    }

    @Override
    public Optional<SettlementId> id() {
        return Optional.of(id);
    }

    @Override
    public CompletionStage<Channel> channel(WalletAddress payer) {
        return ask(payer, keys.wallet());
    }

    @Override
    public CompletionStage<Channel> channelTo(WalletAddress payee) {
        return ask(keys.wallet(), payee);
    }

    private CompletionStage<Channel> ask(WalletAddress payer, WalletAddress payee) {
        Question question = new Question(payer, payee, new CompletableFuture<>());
        synchronized (lock) {
            if (closed || !directory.isReachable() || questions.size() >= ChainLimits.QUESTIONS_MAX) {
                return unavailable(closed);
            }
            questions.add(question);
        }
        directory.worker().wake();
        return question.answer.minimalCompletionStage();
    }

    @Override
    public CompletionStage<Optional<Hash256>> redeem(List<Signed> vouchers, int feePercentMax, long gain) {
        if (vouchers.isEmpty() || vouchers.size() > REDEEM_MAX) {
            throw new IllegalArgumentException("vouchers must be 1.." + REDEEM_MAX + ", not " + vouchers.size());
        }
        return submit(Job.redeem(vouchers, feePercentMax, gain));
    }

    @Override
    public CompletionStage<Boolean> publish(PriceList prices) {
        return directory.nodeOfWallet(keys.wallet()).isPresent()
                ? submit(Job.publish(prices)).thenApply(done -> true)
                : CompletableFuture.completedFuture(false);
    }

    private CompletionStage<Optional<Hash256>> submit(Job job) {
        synchronized (lock) {
            if (closed || jobs.size() >= ChainLimits.REDEMPTIONS_PENDING_MAX) {
                return unavailable(closed);
            }
            jobs.add(job);
        }
        directory.worker().wake();
        return job.result.minimalCompletionStage();
    }

    private static <T> CompletionStage<T> unavailable(boolean isStopping) {
        return CompletableFuture.failedFuture(new RefusedException(
                isStopping ? RefuseReason.STOPPING : RefuseReason.SETTLEMENT_UNAVAILABLE));
    }

    // ---- on the worker's thread

    private long turn(long nowNanos) {
        List<Question> asked = new ArrayList<>();
        synchronized (lock) {
            while (!questions.isEmpty() && asked.size() < ChainLimits.USERS_PER_TURN) {
                asked.add(questions.poll());
            }
        }
        answer(asked);
        if (nextLookNanos - nowNanos <= 0 && directory.isReachable()) {
            nextLookNanos = nowNanos + LOOK_NANOS;
            step(nowNanos);
        }
        synchronized (lock) {
            if (!questions.isEmpty()) {
                return 0;
            }
            return current == null && jobs.isEmpty() ? Long.MAX_VALUE : LOOK_NANOS;
        }
    }

    private void answer(List<Question> asked) {
        if (asked.isEmpty()) {
            return;
        }
        try {
            requireContract();
            ChannelReader.Look look = channels.look();
            for (Question question : asked) {
                question.answer.complete(look.channel(question.payer, question.payee));
            }
        } catch (IOException failed) {
            trouble = String.valueOf(failed.getMessage());
            asked.forEach(question -> question.answer.completeExceptionally(
                    new RefusedException(RefuseReason.SETTLEMENT_UNAVAILABLE)));
        }
    }

    /** Looks once whether there is such a contract at all. */
    private void requireContract() throws IOException {
        if (nanocreditsPerCoin == null) {
            nanocreditsPerCoin = contracts.nanocreditsPerCoin();
        }
    }

    private void step(long nowNanos) {
        synchronized (lock) {
            if (current == null) {
                current = jobs.poll();
            }
        }
        Job job = current;
        if (job == null) {
            return;
        }
        try {
            requireContract();
            boolean isDone = job.sent.isEmpty() ? !begin(job, nowNanos) : look(job, nowNanos);
            if (isDone) {
                current = null;
            }
            if (job.result.isDone() && !job.result.isCompletedExceptionally()) {
                trouble = "";
            }
        } catch (RpcException answered) {
            fail(job, answered.isRevert() ? "the contract refuses it: " + answered.getMessage()
                    : String.valueOf(answered.getMessage()));
        } catch (IOException unclear) {
            if (job.prices.isPresent() && job.sent.isEmpty()) {
                // A registry that knows no prices must not hold vouchers up.
                fail(job, String.valueOf(unclear.getMessage()));
            } else {
                // Nobody knows whether it was taken: it is looked for again.
                trouble = String.valueOf(unclear.getMessage());
            }
        }
    }

    /** Sends it, when it is worth its fee; whether it was sent. */
    private boolean begin(Job job, long nowNanos) throws IOException {
        return job.prices.isPresent()
                ? beginPublishing(job, job.prices.get(), nowNanos) : beginRedeeming(job, nowNanos);
    }

    private boolean beginPublishing(Job job, PriceList prices, long nowNanos) throws IOException {
        if (contracts.pricesOf(keys.wallet()).equals(prices)) {
            job.result.complete(Optional.empty());
            return false;
        }
        job.call = Transactions.Call.of(directory.settings().nodeRegistry(), PaymentContracts.setPrices(prices));
        rehearse(job);
        send(job, nowNanos);
        return true;
    }

    private boolean beginRedeeming(Job job, long nowNanos) throws IOException {
        if (contracts.payoutOf(keys.wallet()).equals(keys.wallet())) {
            fail(job, "this node has named no owner on the chain, to whom its earnings would go; see the setting "
                    + "owner");
            return false;
        }
        job.call = Transactions.Call.of(id.contract(), PaymentContracts.redeem(keys.wallet(), job.vouchers));
        rehearse(job);
        if (!isWorthIt(job)) {
            job.result.complete(Optional.empty());
            return false;
        }
        send(job, nowNanos);
        return true;
    }

    private void rehearse(Job job) throws IOException {
        transactions.rehearse(job.call);
        job.gas = transactions.estimateGas(job.call);
        job.fees = transactions.fees();
    }

    private void send(Job job, long nowNanos) throws IOException {
        job.nonce = transactions.pendingNonce();
        submit(job, nowNanos);
    }

    /** The fee in credits, at the rate at which credits are made: what a coin is worth at least. */
    private boolean isWorthIt(Job job) {
        BigInteger fee = job.gas.multiply(job.fees.max()).multiply(nanocreditsPerCoin).divide(COIN_WEI);
        return BigInteger.valueOf(job.feePercentMax).compareTo(HUNDRED) >= 0
                || fee.multiply(HUNDRED).compareTo(
                        BigInteger.valueOf(job.gain).multiply(BigInteger.valueOf(job.feePercentMax))) <= 0;
    }

    private void submit(Job job, long nowNanos) throws IOException {
        Transactions.Signed signed = transactions.sign(job.call, job.nonce, job.gas, job.fees);
        job.sent.add(signed);
        job.sentNanos = nowNanos;
        job.offeredNanos = nowNanos;
        transactions.submit(signed);
    }

    /**
     * Sends the newest once more. A server that does not want it has it, or has what took its place: that is looked
     * for.
     */
    private void offer(Job job, long nowNanos) throws IOException {
        job.offeredNanos = nowNanos;
        try {
            transactions.submit(job.sent.get(job.sent.size() - 1));
        } catch (RpcException refused) {
            trouble = String.valueOf(refused.getMessage());
        }
    }

    /** Looks what became of it; whether that is known now. */
    private boolean look(Job job, long nowNanos) throws IOException {
        for (Transactions.Signed signed : job.sent) {
            Optional<Transactions.Receipt> receipt = transactions.receipt(signed.hash());
            if (receipt.isPresent()) {
                job.sentNanos = nowNanos;
                return isDeep(receipt.get()) && finish(job, receipt.get());
            }
        }
        if (nowNanos - job.offeredNanos >= TimeUnit.MILLISECONDS.toNanos(ChainLimits.RESEND_MILLIS)) {
            // A reorganisation may have taken its block away, or a server forgotten it.
            offer(job, nowNanos);
        }
        if (nowNanos - job.sentNanos >= TimeUnit.MILLISECONDS.toNanos(ChainLimits.STUCK_MILLIS)) {
            return replace(job, nowNanos);
        }
        return false;
    }

    private boolean isDeep(Transactions.Receipt receipt) throws IOException {
        return receipt.blockNumber() <= directory.contracts().blockNumber() - confirmations;
    }

    private boolean finish(Job job, Transactions.Receipt receipt) {
        if (receipt.succeeded()) {
            job.result.complete(Optional.of(receipt.hash()));
        } else {
            fail(job, "the transaction failed");
        }
        return true;
    }

    /** The same transaction for more, unless another one took its nonce. */
    private boolean replace(Job job, long nowNanos) throws IOException {
        if (transactions.minedNonce().compareTo(job.nonce) > 0) {
            fail(job, "another transaction of this wallet came in its place");
            return true;
        }
        if (job.sent.size() > ChainLimits.REPLACEMENTS_MAX) {
            job.sentNanos = nowNanos;
            return false;
        }
        job.fees = transactions.raised(job.fees);
        submit(job, nowNanos);
        return false;
    }

    private void fail(Job job, String why) {
        trouble = why;
        current = null;
        job.result.completeExceptionally(new RefusedException(RefuseReason.SETTLEMENT_UNAVAILABLE, why));
    }

    /** Refuses what waits. What was sent is left to the chain. Close the directory first. */
    @Override
    public void close() {
        List<CompletableFuture<?>> left = new ArrayList<>();
        synchronized (lock) {
            closed = true;
            questions.forEach(question -> left.add(question.answer));
            jobs.forEach(job -> left.add(job.result));
            questions.clear();
            jobs.clear();
            if (current != null) {
                left.add(current.result);
            }
        }
        directory.worker().remove(task);
        left.forEach(each -> each.completeExceptionally(new RefusedException(RefuseReason.STOPPING)));
    }

    @Override
    public List<HealthItem> check() {
        String now = trouble;
        return now.isEmpty() || !directory.isReachable() ? List.of() : List.of(new HealthItem("chain.settlement",
                HealthItem.Severity.WARNING,
                "Vouchers could not be checked or redeemed, or prices not published: " + now,
                "Check the settings settlement and owner, and that the node's wallet " + keys.wallet()
                        + " has coins for gas. What was promised is kept."));
    }
}
