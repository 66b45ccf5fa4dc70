package network.conet.edge.services.proxy;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import network.conet.edge.api.Accounts;
import network.conet.edge.api.ByteAllowance;
import network.conet.edge.api.Dialer;
import network.conet.edge.api.FlowLimits;
import network.conet.edge.api.Pipe;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.RefusedException;
import network.conet.edge.services.internal.TunnelPlan;
import network.conet.edge.services.internal.TunnelPolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gets targets: asks the quotas, then the service that decides, then connects. Safe for use by many threads. */
final class Tunnels {
    private static final Logger LOG = LoggerFactory.getLogger(Tunnels.class);

    private final TunnelPolicy policy;
    private final Supplier<Dialer> dialer;
    private final Quotas quotas;
    private final Supplier<Optional<Accounts>> accounts;

    /**
     * @param dialer connects to targets; gives null while there is none
     * @param accounts what wallets may spend; empty while nobody keeps accounts, and all is free
     */
    Tunnels(TunnelPolicy policy, Supplier<Dialer> dialer, Quotas quotas, Supplier<Optional<Accounts>> accounts) {
        this.policy = policy;
        this.dialer = dialer;
        this.quotas = quotas;
        this.accounts = accounts;
    }

    /**
     * A connected target.
     *
     * @param pipe the connection; when it has ended the wallet may open another
     * @param limits for all its flows together
     */
    record Target(Pipe pipe, FlowLimits limits) {}

    /** Fails with {@link RefusedException}, whose reasons are those of quotas, policy and dialer. */
    CompletionStage<Target> open(ProxyRequest request) {
        long budget = accounts.get().map(present -> present.egressBytes(request.caller())).orElse(Long.MAX_VALUE);
        if (budget == 0) {
            return CompletableFuture.failedFuture(new RefusedException(RefuseReason.PAYMENT_REQUIRED));
        }
        try {
            quotas.open(request.caller());
        } catch (RefusedException full) {
            return CompletableFuture.failedFuture(full);
        }
        CompletableFuture<Target> target = new CompletableFuture<>();
        AtomicLong moved = new AtomicLong();
        decide(request).thenCompose(plan -> dial(request, plan, budget, moved)).whenComplete((opened, failure) -> {
            if (failure != null) {
                quotas.close(request.caller());
                target.completeExceptionally(failure);
            } else {
                opened.pipe.ended().thenRun(() -> {
                    quotas.close(request.caller());
                    accounts.get().ifPresent(present -> present.egressEnded(request.caller(), moved.get()));
                });
                target.complete(opened);
            }
        });
        return target;
    }

    private CompletionStage<TunnelPlan> decide(ProxyRequest request) {
        CompletableFuture<TunnelPlan> plan = new CompletableFuture<>();
        policy.decide(request.kind().command(), request.caller(), request.input(), decision -> {
            if (decision.plan().isPresent()) {
                plan.complete(decision.plan().get());
            } else {
                plan.completeExceptionally(new RefusedException(decision.refusal().orElseThrow()));
            }
        });
        return plan;
    }

    private CompletionStage<Target> dial(ProxyRequest request, TunnelPlan plan, long budget, AtomicLong moved) {
        Dialer present = dialer.get();
        if (present == null) {
            return CompletableFuture.failedFuture(new RefusedException(RefuseReason.TARGET_UNREACHABLE));
        }
        ByteAllowance ofPlan = ByteAllowance.of(Math.min(plan.bytesMax(), budget));
        ByteAllowance both = bytes -> {
            long taken = quotas.take(request.caller(), ofPlan.take(bytes));
            moved.addAndGet(taken);
            return taken;
        };
        FlowLimits limits = new FlowLimits(both, Duration.ofSeconds(plan.idleSeconds()));
        return present.dial(plan.host(), plan.port()).thenApply(pipe -> {
            // What the client sent along counts like all that follows.
            byte[] first = request.buffer();
            if (first.length > 0 && both.take(first.length) == first.length) {
                pipe.write(first);
            } else if (first.length > 0) {
                pipe.close();
            }
            return new Target(pipe, limits);
        });
    }

    /** The reason that a failure carries; what is none is our own fault, and logged. */
    static RefuseReason reason(Throwable failure) {
        Throwable cause = failure;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause instanceof RefusedException refused) {
            return refused.reason();
        }
        LOG.error("A target could not be connected", cause);
        return RefuseReason.INTERNAL;
    }
}
