package network.conet.edge.metering.internal;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import network.conet.edge.api.Clock;
import network.conet.edge.api.Counters;
import network.conet.edge.api.KeyRing;
import network.conet.edge.api.NodeCommands;
import network.conet.edge.api.Settlements;
import network.conet.edge.api.Signatures;
import network.conet.edge.protocol.Hash256;
import network.conet.edge.protocol.JsonValue;
import network.conet.edge.protocol.WalletAddress;
import network.conet.edge.protocol.pay.AccountCommands;
import network.conet.edge.protocol.pay.LedgerEntry;
import network.conet.edge.protocol.pay.SettlementId;
import network.conet.edge.protocol.pay.Voucher;

/**
 * Gives vouchers to nodes that forwarded to this one, for their share of what was charged, out of channels that this
 * node's owner filled. A voucher that is lost on its way is no loss: the next one promises its amount too. Safe for
 * use by many threads; never waits.
 */
final class ForwarderPay {
    private static final Hash256 NO_ROOT = Hash256.of(new byte[Hash256.BYTES]);

    private final KeyRing keys;
    private final BookKeeper keeper;
    private final Supplier<Optional<Settlements>> settlements;
    private final Supplier<Optional<NodeCommands>> commands;
    private final Signatures signatures;
    private final Clock clock;
    private final Counters counters;
    private final long step;
    private final AtomicBoolean isBusy = new AtomicBoolean();

    /** @param step nanocredits that a node is owed at least, 1 or more */
    ForwarderPay(KeyRing keys, BookKeeper keeper, Supplier<Optional<Settlements>> settlements,
            Supplier<Optional<NodeCommands>> commands, Signatures signatures, Clock clock,
            Counters counters, long step) {
        this.keys = keys;
        this.keeper = keeper;
        this.settlements = settlements;
        this.commands = commands;
        this.signatures = signatures;
        this.clock = clock;
        this.counters = counters;
        this.step = step;
    }

    /** Pays each node that is owed a step or more, as far as its channel holds it. The stage always completes. */
    CompletionStage<Void> pay() {
        Settlements present = settlements.get().filter(each -> each.id().isPresent()).orElse(null);
        NodeCommands sender = commands.get().orElse(null);
        Map<WalletAddress, Long> owed = keeper.ask(this::due).orElse(Map.of());
        if (present == null || sender == null || owed.isEmpty() || !isBusy.compareAndSet(false, true)) {
            return CompletableFuture.completedStage(null);
        }
        CompletionStage<Void> all = CompletableFuture.completedStage(null);
        for (Map.Entry<WalletAddress, Long> each : owed.entrySet()) {
            // One that cannot be paid now keeps nobody else from it; it is tried again at the next turn.
            all = all.thenCompose(ignored -> pay(present, sender, each.getKey(), each.getValue()))
                    .exceptionally(this::count);
        }
        return all.whenComplete((done, failure) -> isBusy.set(false));
    }

    private Void count(Throwable unpaid) {
        counters.refused(Meter.reasonOf(unpaid));
        return null;
    }

    private Map<WalletAddress, Long> due(Book book) {
        Map<WalletAddress, Long> due = new HashMap<>();
        book.payees.forEach((wallet, payee) -> {
            if (payee.owed - payee.given >= step) {
                due.put(wallet, payee.owed);
            }
        });
        return due;
    }

    private CompletionStage<Void> pay(Settlements present, NodeCommands sender, WalletAddress payee, long owed) {
        SettlementId id = present.id().orElseThrow();
        return present.channelTo(payee).thenCompose(channel -> {
            long amount = Math.min(owed, channel.cover());
            long given = keeper.ask(book -> book.payees.get(payee).given).orElse(Long.MAX_VALUE);
            if (amount <= given) {
                return CompletableFuture.completedStage(null);
            }
            Voucher voucher = new Voucher(keys.wallet(), payee, amount, NO_ROOT);
            JsonValue.Builder command = AccountCommands.begin(
                    AccountCommands.PAY, keys.wallet(), clock.epochSeconds(), Long.toString(clock.monotonicNanos()));
            AccountCommands.pay(command, voucher, keys.signDigest(voucher.digest(id, signatures)))
                    .put("for", AccountCommands.FOR_FORWARDING);
            return sender.send(payee, command.build().toString()).thenCompose(taken ->
                    keeper.append(new LedgerEntry.Given(clock.epochSeconds(), payee, amount)));
        });
    }
}
