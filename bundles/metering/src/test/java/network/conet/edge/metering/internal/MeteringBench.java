package network.conet.edge.metering.internal;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import network.conet.edge.api.EventStream;
import network.conet.edge.api.Exchange;
import network.conet.edge.api.MailSource;
import network.conet.edge.api.NodeEntry;
import network.conet.edge.api.Pipe;
import network.conet.edge.api.PlainCounters;
import network.conet.edge.api.Settlements;
import network.conet.edge.crypto.Wallet;
import network.conet.edge.crypto.WalletSignatures;
import network.conet.edge.protocol.Command;
import network.conet.edge.protocol.CommandCodec;
import network.conet.edge.protocol.Hash256;
import network.conet.edge.protocol.JsonException;
import network.conet.edge.protocol.JsonValue;
import network.conet.edge.protocol.KeyId;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.RefusedException;
import network.conet.edge.protocol.WalletAddress;
import network.conet.edge.protocol.WalletSignature;
import network.conet.edge.protocol.pay.AccountCommands;
import network.conet.edge.protocol.pay.PriceList;
import network.conet.edge.protocol.pay.SettlementId;
import network.conet.edge.protocol.pay.Voucher;
import network.conet.edge.storage.internal.CommitDriver;
import network.conet.edge.storage.internal.Quotas;
import network.conet.edge.storage.internal.StorageParts;
import network.conet.edge.storage.internal.StorageService;
import network.conet.edge.storage.internal.StorageSettings;
import network.conet.edge.storage.internal.log.FlashPolicy;
import network.conet.edge.storage.internal.log.LogSettings;
import network.conet.edge.storage.internal.log.StorageKey;
import network.conet.edge.testkit.CrashVolume;
import network.conet.edge.testkit.SettableClock;

/** Accounts of a node on the real storage, with real signatures; the contract is what a test says. */
final class MeteringBench implements Settlements {
    static final WalletSignatures SIGNATURES = new WalletSignatures();
    static final SettlementId CONTRACT = new SettlementId(224_422, BookTest.wallet(77));
    static final int MIB = 1 << 20;
    private static final StorageSettings STORAGE = new StorageSettings(new LogSettings(
            FlashPolicy.Kind.SD.policy().withSegments(64 * 1024).withWindows(10, 10).withGroups(16 * 1024, 128 * 1024)
                    .withAckDelay(1000), 32, 0),
            Quotas.DEFAULT, StorageSettings.Index.DEFAULT, StorageSettings.Wear.UNKNOWN);

    final SettableClock clock = new SettableClock(1_790_000_000_000L);
    final PlainCounters counters = new PlainCounters();
    final Wallet node = Wallet.generate(new SecureRandom());
    final Wallet owner = Wallet.generate(new SecureRandom());
    final Map<WalletAddress, Channel> channels = new HashMap<>();
    final List<List<Signed>> redeemed = new ArrayList<>();
    /** What the contract answers with, if not null. */
    RefuseReason chainFailure;
    boolean isFeeTooHigh;
    /** Whether the node is on the list. */
    boolean isListed = true;
    final List<PriceList> published = new ArrayList<>();
    CrashVolume disk = new CrashVolume();
    MeteringSettings settings = settings(new PriceList(1000, 500, 100, 200), 0, 0);
    StorageService storage;
    BookKeeper keeper;
    Meter meter;
    Settler settler;
    private int serial;

    MeteringBench() throws IOException {
        open();
    }

    MeteringSettings settings(PriceList prices, long freeBytes, long creditLimit) {
        return new MeteringSettings(List.of(owner.address()), prices, freeBytes, freeBytes * 86_400, freeBytes,
                creditLimit, 5, 1, 60, 60, 0);
    }

    /** Starts on what the disk holds. */
    void open() throws IOException {
        storage = new StorageService(STORAGE, new StorageParts(disk, StorageKey.of(new byte[StorageKey.BYTES]), clock,
                counters, new Random(1), Runnable::run, CommitDriver.MANUAL));
        keeper = new BookKeeper(storage.ledger(), storage.values());
        settler = new Settler(keeper, () -> Optional.of(this), clock);
        meter = new Meter(node.address(), settings, keeper, () -> Optional.of(this), SIGNATURES, clock, counters,
                new Meter.OwnerDesk() {
                    @Override
                    public JsonValue.Builder earnings(WalletAddress asking) {
                        return JsonValue.object().put("earned", keeper.ask(book -> book.earned).orElse(-1L));
                    }

                    @Override
                    public CompletionStage<Integer> settleNow() {
                        return settler.settle(Settler.ANY_FEE);
                    }
                });
        keeper.open();
        pump();
        keeper.append(settings.terms(clock.epochSeconds()));
        pump();
    }

    /** Lets everything that waits for the disk happen. */
    void pump() {
        for (int i = 0; i < 20; i++) {
            clock.advanceMillis(10);
            while (storage.pump() == 0) {
                continue;
            }
        }
    }

    /** Whether it was taken. */
    boolean mail(WalletAddress to, int bytes, WalletAddress... forwarders) {
        byte[] armor = new byte[bytes];
        new Random(++serial).nextBytes(armor);
        Hash256 hash = SIGNATURES.hash(armor);
        try {
            Optional<byte[]> entry = meter.admit(to, new KeyId(to.bytes()[0]), hash, bytes, List.of(forwarders));
            CompletableFuture<Void> stage = storage
                    .store(new KeyId(to.bytes()[0]), hash, armor, MailSource.LOCAL, entry)
                    .thenRun(meter::stored).toCompletableFuture();
            pump();
            stage.join();
            return true;
        } catch (RefusedException refused) {
            return false;
        }
    }

    long balance(WalletAddress wallet) {
        return keeper.ask(book -> book.find(wallet).map(Account::balance).orElse(0L)).orElseThrow();
    }

    /** The answer of a command. */
    JsonValue run(JsonValue.Builder json) throws JsonException, RefusedException {
        Command command = CommandCodec.parse(json.build().toString(), SIGNATURES);
        Answer answer = new Answer();
        meter.run((Command.OfAccount) command, answer);
        pump();
        return JsonValue.parse(answer.body);
    }

    JsonValue.Builder command(String name, Wallet wallet) {
        return AccountCommands.begin(name, wallet.address(), clock.epochSeconds(), "n" + ++serial);
    }

    JsonValue pay(Wallet payer, long cumulative) throws JsonException, RefusedException {
        Voucher voucher = new Voucher(payer.address(), node.address(), cumulative, Hash256.of(new byte[32]));
        return pay(payer, voucher, payer.signDigest(voucher.digest(CONTRACT, SIGNATURES)));
    }

    JsonValue pay(Wallet payer, Voucher voucher, WalletSignature signature) throws JsonException, RefusedException {
        return run(AccountCommands.pay(command(AccountCommands.PAY, payer), voucher, signature));
    }

    static String error(JsonValue answer) {
        return answer.string("error").orElse("none");
    }

    // ---- the contract

    @Override
    public CompletionStage<Boolean> publish(PriceList prices) {
        published.add(prices);
        return chainFailure == null ? CompletableFuture.completedFuture(isListed)
                : CompletableFuture.failedFuture(new RefusedException(chainFailure));
    }

    @Override
    public Optional<SettlementId> id() {
        return Optional.of(CONTRACT);
    }

    @Override
    public CompletionStage<Channel> channel(WalletAddress payer) {
        return chainFailure != null ? CompletableFuture.failedFuture(new RefusedException(chainFailure))
                : CompletableFuture.completedFuture(channels.getOrDefault(payer, new Channel(0, 0, 0)));
    }

    @Override
    public CompletionStage<Channel> channelTo(WalletAddress payee) {
        return channel(payee);
    }

    @Override
    public CompletionStage<Optional<Hash256>> redeem(List<Signed> vouchers, int feePercentMax, long gain) {
        if (isFeeTooHigh && feePercentMax < Settler.ANY_FEE) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        redeemed.add(vouchers);
        for (Signed signed : vouchers) {
            Channel before = channels.get(signed.voucher().payer());
            long due = Math.min(before.balance(), signed.voucher().cumulative() - before.redeemed());
            channels.put(signed.voucher().payer(),
                    new Channel(before.balance() - due, before.redeemed() + due, before.leaving()));
        }
        return CompletableFuture.completedFuture(Optional.of(SIGNATURES.hash(new byte[] {(byte) redeemed.size()})));
    }

    /** Keeps the one answer. */
    private static final class Answer implements Exchange {
        private byte[] body;

        @Override
        public String peerAddress() {
            return "192.0.2.9";
        }

        @Override
        public void ok(byte[] json) {
            if (body != null) {
                throw new AssertionError("answered twice");
            }
            body = json;
        }

        @Override
        public void refuse(RefuseReason reason) {
            throw new AssertionError("refused: " + reason);
        }

        @Override
        public EventStream stream(EventStream.Events events) {
            throw new AssertionError("no stream");
        }

        @Override
        public EventStream octets(EventStream.Events events) {
            throw new AssertionError("no octets");
        }

        @Override
        public Pipe pipe() {
            throw new AssertionError("no pipe");
        }

        @Override
        public CompletionStage<Void> forward(NodeEntry next, byte[] message, String hopHeader) {
            throw new AssertionError("no forward");
        }
    }
}
