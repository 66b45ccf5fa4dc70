package network.conet.edge.metering.internal;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import network.conet.edge.api.Clock;
import network.conet.edge.api.Settlements;
import network.conet.edge.protocol.Hash256;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.RefusedException;
import network.conet.edge.protocol.WalletAddress;
import network.conet.edge.protocol.pay.LedgerEntry;

/**
 * Turns vouchers into payments on the chain, the largest first. What was paid is taken from the channel itself,
 * never from the transaction: so it does not matter who sent it, whether it was replaced, or whether this node heard
 * of it. Safe for use by many threads; never waits.
 */
final class Settler {
    /** For {@link #settle}: whatever it costs. */
    static final int ANY_FEE = 100;
    private static final Hash256 UNKNOWN = Hash256.of(new byte[Hash256.BYTES]);

    private final BookKeeper keeper;
    private final Supplier<Optional<Settlements>> settlements;
    private final Clock clock;
    private final AtomicBoolean isBusy = new AtomicBoolean();
    private volatile Optional<RefuseReason> trouble = Optional.empty();

    Settler(BookKeeper keeper, Supplier<Optional<Settlements>> settlements, Clock clock) {
        this.keeper = keeper;
        this.settlements = settlements;
        this.clock = clock;
    }

    /** Whether vouchers are on their way into the chain. */
    boolean isBusy() {
        return isBusy.get();
    }

    /** Why the last attempt failed. */
    Optional<RefuseReason> trouble() {
        return trouble;
    }

    /**
     * Redeems what is worth its fee.
     *
     * @return how many vouchers were redeemed; 0 also when another turn is under way
     */
    CompletionStage<Integer> settle(int feePercentMax) {
        Settlements present = settlements.get().filter(each -> each.id().isPresent()).orElse(null);
        if (present == null) {
            trouble = Optional.of(RefuseReason.SETTLEMENT_UNAVAILABLE);
            return CompletableFuture.failedFuture(new RefusedException(RefuseReason.SETTLEMENT_UNAVAILABLE));
        }
        List<Settlements.Signed> vouchers = keeper.ask(Settler::unpaid).orElse(List.of());
        if (vouchers.isEmpty() || !isBusy.compareAndSet(false, true)) {
            return CompletableFuture.completedFuture(0);
        }
        return turn(present, vouchers, feePercentMax).whenComplete((count, failure) -> {
            trouble = failure == null ? Optional.empty() : Optional.of(Meter.reasonOf(failure));
            isBusy.set(false);
        });
    }

    private CompletionStage<Integer> turn(Settlements present, List<Settlements.Signed> vouchers, int feePercentMax) {
        // What the chain has paid already is no gain, and what a channel does not hold is none either.
        return lookAt(present, vouchers, UNKNOWN).thenCompose(gains -> {
            List<Settlements.Signed> worthy = new ArrayList<>();
            long gain = 0;
            for (int i = 0; i < vouchers.size(); i++) {
                if (gains.get(i) > 0) {
                    worthy.add(vouchers.get(i));
                    gain += gains.get(i);
                }
            }
            if (worthy.isEmpty()) {
                return CompletableFuture.completedFuture(0);
            }
            return present.redeem(worthy, feePercentMax, gain).thenCompose(hash -> hash.isEmpty()
                    ? CompletableFuture.completedFuture(0)
                    : lookAt(present, worthy, hash.get()).thenApply(ignored -> worthy.size()));
        });
    }

    /** Books what channels say was paid; what each voucher would still bring. */
    private CompletionStage<List<Long>> lookAt(Settlements present, List<Settlements.Signed> vouchers, Hash256 hash) {
        List<Long> gains = new ArrayList<>();
        CompletionStage<Void> all = CompletableFuture.completedStage(null);
        for (Settlements.Signed signed : vouchers) {
            WalletAddress payer = signed.voucher().payer();
            all = all.thenCompose(ignored -> present.channel(payer)).thenCompose(channel -> {
                long due = signed.voucher().cumulative() - channel.redeemed();
                gains.add(Math.max(0, Math.min(due, channel.balance())));
                boolean isNews = channel.redeemed() > keeper.ask(
                        book -> book.find(payer).map(account -> account.paid).orElse(0L)).orElse(Long.MAX_VALUE);
                return isNews
                        ? keeper.append(new LedgerEntry.Paid(clock.epochSeconds(), payer, channel.redeemed(), hash))
                        : CompletableFuture.completedStage(null);
            });
        }
        return all.thenApply(ignored -> gains);
    }

    private static List<Settlements.Signed> unpaid(Book book) {
        return book.accounts.values().stream().filter(account -> account.voucher != null && account.unpaid() > 0)
                .sorted(Comparator.comparingLong(Account::unpaid).reversed())
                .limit(Settlements.REDEEM_MAX).map(account -> account.voucher).toList();
    }
}
