package network.conet.edge.metering.internal;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import network.conet.edge.api.AccountHost;
import network.conet.edge.api.Accounts;
import network.conet.edge.api.Clock;
import network.conet.edge.api.Counters;
import network.conet.edge.api.Exchange;
import network.conet.edge.api.MailMeter;
import network.conet.edge.api.Settlements;
import network.conet.edge.api.Signatures;
import network.conet.edge.protocol.Command;
import network.conet.edge.protocol.Hash256;
import network.conet.edge.protocol.JsonValue;
import network.conet.edge.protocol.KeyId;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.RefusedException;
import network.conet.edge.protocol.WalletAddress;
import network.conet.edge.protocol.pay.AccountCommands;
import network.conet.edge.protocol.pay.LedgerEntry;
import network.conet.edge.protocol.pay.SettlementId;
import network.conet.edge.protocol.pay.Voucher;

/**
 * Decides who may spend what, and answers the commands of accounts. Safe for use by many threads.
 *
 * <p>What is refused leaves the money as it was: an entry is written only when everything about it was checked.
 */
final class Meter implements MailMeter, Accounts, AccountHost {
    private static final long NO_ROOM = Long.MIN_VALUE;

    private final WalletAddress self;
    private final MeteringSettings settings;
    private final BookKeeper keeper;
    private final Supplier<Optional<Settlements>> settlements;
    private final Signatures signatures;
    private final Clock clock;
    private final Counters counters;
    private final OwnerDesk desk;
    /** Set aside by what runs now; without entries of zero. */
    private final Map<WalletAddress, Long> reserved = new HashMap<>();

    /** What only the owner may ask. */
    interface OwnerDesk {
        /** How the node stands. */
        JsonValue.Builder earnings(WalletAddress owner);

        /** Begins to redeem what there is now, whatever the fee; done when the chain has it, which may take minutes. */
        CompletionStage<Integer> settleNow();
    }

    Meter(WalletAddress self, MeteringSettings settings, BookKeeper keeper,
            Supplier<Optional<Settlements>> settlements, Signatures signatures, Clock clock, Counters counters,
            OwnerDesk desk) {
        this.self = self;
        this.settings = settings;
        this.keeper = keeper;
        this.settlements = settlements;
        this.signatures = signatures;
        this.clock = clock;
        this.counters = counters;
        this.desk = desk;
    }

    // ---- mail

    @Override
    public Optional<byte[]> admit(WalletAddress wallet, KeyId keyId, Hash256 armorHash, int armorBytes,
            List<WalletAddress> forwarders) throws RefusedException {
        long now = clock.epochSeconds();
        long set = reservedOf(wallet);
        Optional<Boolean> isPaid = keeper.ask(book -> {
            if (!book.hasRoomFor(wallet)) {
                return null;
            }
            long cost = book.costOfMail(wallet, armorBytes, 1 + forwarders.size(), now);
            return cost == 0 || cost <= book.spendable(wallet) - set;
        });
        if (isPaid.isEmpty()) {
            return Optional.empty();
        }
        if (!isPaid.get()) {
            throw new RefusedException(RefuseReason.PAYMENT_REQUIRED);
        }
        return Optional.of(new LedgerEntry.Mail(now, wallet, keyId, armorHash, armorBytes, forwarders).encode());
    }

    @Override
    public void stored() {
        keeper.follow().thenCompose(ignored -> keeper.saveIfDue(clock.epochSeconds()));
    }

    // ---- services

    @Override
    public void reserve(WalletAddress wallet, long amount) throws RefusedException {
        synchronized (reserved) {
            Optional<Long> free = keeper.ask(book ->
                    book.hasRoomFor(wallet) ? book.spendable(wallet) - reservedOf(wallet) : NO_ROOM);
            if (free.isEmpty()) {
                throw new RefusedException(RefuseReason.STORAGE_FAILED);
            }
            if (free.get() < amount) {
                throw new RefusedException(
                        free.get() == NO_ROOM ? RefuseReason.ACCOUNTS_FULL : RefuseReason.PAYMENT_REQUIRED);
            }
            reserved.merge(wallet, amount, Long::sum);
        }
    }

    @Override
    public CompletionStage<Void> charge(WalletAddress wallet, long set, long fuel, long amount) {
        if (amount < 0 || amount > set) {
            throw new IllegalArgumentException("a charge of " + amount + " where " + set + " was set aside");
        }
        // Also what is free is written down: it was done.
        return keeper.append(new LedgerEntry.Called(clock.epochSeconds(), wallet, fuel, amount))
                .whenComplete((done, failure) -> release(wallet, set));
    }

    @Override
    public long egressBytes(WalletAddress wallet) {
        long now = clock.epochSeconds();
        long set = reservedOf(wallet);
        return keeper.ask(book -> book.hasRoomFor(wallet) ? book.egressBytes(wallet, set, now) : 0L).orElse(0L);
    }

    @Override
    public void egressEnded(WalletAddress wallet, long bytes) {
        if (bytes > 0) {
            keeper.append(new LedgerEntry.Egress(clock.epochSeconds(), wallet, bytes))
                    .whenComplete((done, failure) -> {
                        if (failure != null) {
                            counters.refused(reasonOf(failure));
                        }
                    });
        }
    }

    private void release(WalletAddress wallet, long amount) {
        synchronized (reserved) {
            reserved.computeIfPresent(wallet, (key, sum) -> sum == amount ? null : sum - amount);
        }
    }

    private long reservedOf(WalletAddress wallet) {
        synchronized (reserved) {
            return reserved.getOrDefault(wallet, 0L);
        }
    }

    @Override
    public JsonValue.Builder quote(WalletAddress wallet) {
        JsonValue.Builder json = JsonValue.object().put("unit", "nanocredit").put("payee", self.toString());
        settlements.get().flatMap(Settlements::id).ifPresent(id -> json.put("settlement",
                JsonValue.object().put("chainId", id.chainId()).put("contract", id.contract().toString()).build()));
        keeper.ask(book -> {
            Account account = book.find(wallet).orElseGet(Account::new);
            json.put("prices", book.terms.prices().json())
                    .put("free", JsonValue.object().put("bytesADay", book.terms.freeBytesADay())
                            .put("byteSecondsADay", book.terms.freeByteSecondsADay())
                            .put("egressBytesADay", book.terms.freeEgressADay()).build())
                    .put("creditLimit", book.terms.creditLimit())
                    .put("balance", account.balance())
                    .put("charged", account.charged)
                    .put("granted", account.granted)
                    .put("promised", account.promised)
                    .put("paid", account.paid)
                    .put("ledger", JsonValue.object().put("index", book.index).put("root", book.root.toString())
                            .build());
            return json;
        });
        return json;
    }

    // ---- commands

    @Override
    public void run(Command.OfAccount command, Exchange exchange) {
        WalletAddress wallet = command.header().wallet();
        switch (command.name()) {
            case AccountCommands.STATUS -> answer(exchange, quote(wallet).put("ok", true));
            case AccountCommands.PAY -> finish(exchange, pay(command), () -> quote(wallet));
            default -> {
                if (!settings.owners().contains(wallet)) {
                    refuse(exchange, RefuseReason.OWNER_ONLY);
                } else {
                    runForOwner(command, exchange);
                }
            }
        }
    }

    private void runForOwner(Command.OfAccount command, Exchange exchange) {
        switch (command.name()) {
            case AccountCommands.EARNINGS -> answer(exchange, desk.earnings(command.header().wallet()).put("ok", true));
            case AccountCommands.SETTLE -> {
                // Nobody waits for a chain with an open connection: the earnings say when it is done.
                desk.settleNow();
                answer(exchange, JsonValue.object().put("ok", true));
            }
            case AccountCommands.GRANT -> grant(command, exchange);
            default -> throw new IllegalStateException("a command that nobody runs");
        }
    }

    private CompletionStage<Void> pay(Command.OfAccount command) {
        WalletAddress payer = command.header().wallet();
        AccountCommands.Payment payment;
        Settlements present = settlements.get().orElse(null);
        Optional<SettlementId> id = present == null ? Optional.empty() : present.id();
        try {
            payment = AccountCommands.Payment.parse(command.message(), payer, self);
            check(payment, id);
        } catch (RefusedException refused) {
            return CompletableFuture.failedFuture(refused);
        }
        Voucher voucher = payment.voucher();
        return present.channel(payer).thenCompose(channel -> {
            if (voucher.cumulative() > channel.cover()) {
                return CompletableFuture.failedFuture(new RefusedException(RefuseReason.VOUCHER_UNCOVERED));
            }
            return keeper.append(new LedgerEntry.Promised(clock.epochSeconds(), voucher, payment.signature(),
                    payment.forForwarding()));
        });
    }

    private void check(AccountCommands.Payment payment, Optional<SettlementId> id) throws RefusedException {
        Voucher voucher = payment.voucher();
        if (id.isEmpty()) {
            throw new RefusedException(RefuseReason.SETTLEMENT_UNAVAILABLE);
        }
        if (voucher.payer().equals(self)) {
            throw new RefusedException(RefuseReason.RECEIPT_SELF_MADE);
        }
        if (voucher.cumulative() > MeteringLimits.AMOUNT_MAX) {
            throw new RefusedException(RefuseReason.VOUCHER_UNCOVERED);
        }
        boolean isSigned = signatures.recoverDigest(voucher.digest(id.get(), signatures), payment.signature())
                .filter(voucher.payer()::equals).isPresent();
        if (!isSigned) {
            throw new RefusedException(RefuseReason.VOUCHER_FORGED);
        }
        Optional<RefuseReason> refusal = keeper.ask(book -> {
            if (!book.hasRoomFor(voucher.payer())) {
                return RefuseReason.ACCOUNTS_FULL;
            }
            long promised = book.find(voucher.payer()).map(account -> account.promised).orElse(0L);
            return voucher.cumulative() <= promised ? RefuseReason.VOUCHER_DECREASING : null;
        });
        if (refusal.isPresent()) {
            throw new RefusedException(refusal.get());
        }
    }

    private void grant(Command.OfAccount command, Exchange exchange) {
        Optional<WalletAddress> wallet = command.message().string("wallet")
                .flatMap(text -> WalletAddress.parse(text, signatures));
        OptionalLong amount = command.message().integer("amount");
        boolean isSound = wallet.isPresent() && amount.isPresent() && amount.getAsLong() >= 1
                && amount.getAsLong() <= MeteringLimits.AMOUNT_MAX;
        if (!isSound) {
            refuse(exchange, RefuseReason.COMMAND_MALFORMED);
            return;
        }
        Optional<RefuseReason> refusal = keeper.ask(book -> {
            long before = book.find(wallet.get()).map(account -> account.granted).orElse(0L);
            if (before + amount.getAsLong() > MeteringLimits.AMOUNT_MAX) {
                return RefuseReason.COMMAND_MALFORMED;
            }
            return book.hasRoomFor(wallet.get()) ? null : RefuseReason.ACCOUNTS_FULL;
        });
        if (refusal.isPresent()) {
            refuse(exchange, refusal.get());
            return;
        }
        finish(exchange, keeper.append(new LedgerEntry.Granted(clock.epochSeconds(), wallet.get(), amount.getAsLong())),
                () -> quote(wallet.get()).put("wallet", wallet.get().toString()));
    }

    private void finish(Exchange exchange, CompletionStage<Void> work, Supplier<JsonValue.Builder> result) {
        work.whenComplete((done, failure) -> {
            if (failure != null) {
                refuse(exchange, reasonOf(failure));
            } else {
                answer(exchange, result.get().put("ok", true));
            }
        });
    }

    /** In words: who asks is a client of ours, whose answer is sealed. */
    private void refuse(Exchange exchange, RefuseReason reason) {
        counters.refused(reason);
        answer(exchange, JsonValue.object().put("ok", false).put("error", reason.label()));
    }

    static RefuseReason reasonOf(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null && !(cause instanceof RefusedException)) {
            cause = cause.getCause();
        }
        return cause instanceof RefusedException refused ? refused.reason() : RefuseReason.INTERNAL;
    }

    private static void answer(Exchange exchange, JsonValue.Builder json) {
        exchange.ok(json.build().toString().getBytes(StandardCharsets.UTF_8));
    }
}
