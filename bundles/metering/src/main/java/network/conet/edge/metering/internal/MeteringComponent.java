package network.conet.edge.metering.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import network.conet.edge.api.AccountHost;
import network.conet.edge.api.Accounts;
import network.conet.edge.api.Clock;
import network.conet.edge.api.Counters;
import network.conet.edge.api.EpochListener;
import network.conet.edge.api.Exchange;
import network.conet.edge.api.HealthCheck;
import network.conet.edge.api.HealthItem;
import network.conet.edge.api.KeyRing;
import network.conet.edge.api.Ledger;
import network.conet.edge.api.Lifecycle;
import network.conet.edge.api.MailMeter;
import network.conet.edge.api.Mailbox;
import network.conet.edge.api.NodeCommands;
import network.conet.edge.api.Outbox;
import network.conet.edge.api.Settlements;
import network.conet.edge.api.Signatures;
import network.conet.edge.api.ValueStore;
import network.conet.edge.protocol.Command;
import network.conet.edge.protocol.Epoch;
import network.conet.edge.protocol.Hash256;
import network.conet.edge.protocol.JsonValue;
import network.conet.edge.protocol.KeyId;
import network.conet.edge.protocol.RefusedException;
import network.conet.edge.protocol.WalletAddress;
import network.conet.edge.protocol.pay.PriceList;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Accounts in an OSGi framework. Works without a chain bundle: then nobody can pay, and nothing is settled. What is
 * to be done now and then is done when an epoch begins.
 */
@Component(name = MeteringComponent.PID, configurationPid = MeteringComponent.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE,
        service = {MailMeter.class, Accounts.class, AccountHost.class, EpochListener.class, HealthCheck.class})
@Designate(ocd = MeteringConfig.class)
public final class MeteringComponent implements MailMeter, Accounts, AccountHost, EpochListener, HealthCheck {
    static final String PID = "network.conet.edge.metering";

    private static final Logger LOG = LoggerFactory.getLogger(MeteringComponent.class);
    private static final long MIB = 1L << 20;

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile Settlements settlements;

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile Outbox outbox;

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile NodeCommands commands;

    private final MeteringSettings settings;
    private final Clock clock;
    private final BookKeeper keeper;
    private final Sampler sampler;
    private final Settler settler;
    private final ForwarderPay forwarders;
    private final PriceSign priceSign;
    private final Reporter reporter;
    private final Meter meter;
    private long recordedNanos;
    private long settledNanos;
    private long statedNanos;

    /** Called by the component runtime. */
    @Activate
    public MeteringComponent(MeteringConfig config, @Reference Clock clock, @Reference Counters counters,
            @Reference Lifecycle lifecycle, @Reference KeyRing keys, @Reference Signatures signatures,
            @Reference Mailbox mailbox, @Reference Ledger ledger, @Reference ValueStore values) {
        this.clock = clock;
        try {
            settings = settings(config, signatures);
        } catch (IllegalArgumentException bad) {
            lifecycle.refuseToStart(PID, bad.getMessage());
            throw bad;
        }
        keeper = new BookKeeper(ledger, values);
        sampler = new Sampler(keeper, mailbox);
        settler = new Settler(keeper, this::settlements, clock);
        forwarders = new ForwarderPay(keys, keeper, this::settlements, () -> Optional.ofNullable(commands), signatures,
                clock, counters, settings.forwarderStep());
        priceSign = new PriceSign(settings.prices(), this::settlements, clock);
        reporter = new Reporter(keys, keeper, this::settlements, signatures, clock);
        meter = new Meter(keys.wallet(), settings, keeper, this::settlements, signatures, clock, counters, new Desk());
        long now = clock.monotonicNanos();
        recordedNanos = now;
        settledNanos = now;
        statedNanos = now;
        keeper.open().thenCompose(opened -> publishTerms());
    }

    private Optional<Settlements> settlements() {
        return Optional.ofNullable(settlements);
    }

    private static MeteringSettings settings(MeteringConfig config, Signatures signatures) {
        List<WalletAddress> owners = new ArrayList<>();
        for (String owner : config.owners()) {
            if (!owner.isBlank()) {
                owners.add(WalletAddress.parse(owner.trim(), signatures).orElseThrow(() ->
                        new IllegalArgumentException("owners has " + owner + ", which is no wallet address")));
            }
        }
        return new MeteringSettings(owners,
                new PriceList(config.relayPrice(), config.storagePrice(), config.fuelPrice(), config.egressPrice()),
                config.freeRelayMiB() * MIB, config.freeStoredMiB() * MIB * TimeUnit.DAYS.toSeconds(1),
                config.freeEgressMiB() * MIB, config.creditLimit(), config.feePercentMax(), config.forwarderStep(),
                config.recordSeconds(), config.settleSeconds(), config.statementSeconds());
    }

    /** New prices are a line of the ledger like everything else: what was charged can be followed later. */
    private CompletionStage<Void> publishTerms() {
        long now = clock.epochSeconds();
        boolean isNew = keeper.ask(book -> !book.terms.equals(settings.terms(book.terms.epochSeconds()))).orElse(false);
        return isNew ? keeper.append(settings.terms(now)) : keeper.follow();
    }

    /** Called by the component runtime: what was seen is written down. */
    @Deactivate
    void deactivate() {
        long now = clock.epochSeconds();
        sampler.sample(now);
        sampler.record(now).thenCompose(ignored -> keeper.saveIfDue(now));
    }

    // ---- the beat

    @Override
    public synchronized void epochBegan(Epoch epoch) {
        long nanos = clock.monotonicNanos();
        long now = clock.epochSeconds();
        sampler.epoch(epoch.number());
        priceSign.publishIfDue();
        boolean isRecordDue = isDue(nanos, recordedNanos, settings.recordSeconds());
        sampler.sampleIfDue(now, isRecordDue);
        if (isRecordDue) {
            recordedNanos = nanos;
            complain("written down", sampler.record(now).thenCompose(ignored -> forwarders.pay())
                    .thenCompose(ignored -> keeper.saveIfDue(now)));
        }
        boolean isSettlingDue = isDue(nanos, settledNanos, settings.settleSeconds())
                && settlements().flatMap(Settlements::id).isPresent();
        if (isSettlingDue) {
            settledNanos = nanos;
            complain("settled", settler.settle(settings.feePercentMax()));
        }
        boolean isStatementDue = settings.statementSeconds() > 0 && !settings.owners().isEmpty()
                && isDue(nanos, statedNanos, settings.statementSeconds());
        if (isStatementDue) {
            statedNanos = nanos;
            state(settings.owners().get(0));
        }
    }

    private static boolean isDue(long nanos, long lastNanos, long seconds) {
        return nanos - lastNanos >= TimeUnit.SECONDS.toNanos(seconds);
    }

    private void state(WalletAddress owner) {
        Outbox present = outbox;
        Optional<byte[]> mail = reporter.mail(owner);
        if (present != null && mail.isPresent()) {
            complain("reported", present.send(owner, mail.get()));
        }
    }

    /** Once for each time: each of these is rare. */
    private static void complain(String what, CompletionStage<?> work) {
        work.whenComplete((done, failure) -> {
            if (failure != null) {
                LOG.warn("Earnings could not be {} now: {}", what, Meter.reasonOf(failure).label());
            }
        });
    }

    /** What owners ask for. */
    private final class Desk implements Meter.OwnerDesk {
        @Override
        public JsonValue.Builder earnings(WalletAddress owner) {
            JsonValue.Builder json = reporter.earnings(owner).put("settling", settler.isBusy());
            settler.trouble().ifPresent(reason -> json.put("settleTrouble", reason.label()));
            return json;
        }

        @Override
        public CompletionStage<Integer> settleNow() {
            return settler.settle(Settler.ANY_FEE);
        }
    }

    // ---- services of this component

    @Override
    public Optional<byte[]> admit(WalletAddress wallet, KeyId keyId, Hash256 armorHash, int armorBytes,
            List<WalletAddress> forwarders) throws RefusedException {
        return meter.admit(wallet, keyId, armorHash, armorBytes, forwarders);
    }

    @Override
    public void stored() {
        meter.stored();
    }

    @Override
    public void reserve(WalletAddress wallet, long amount) throws RefusedException {
        meter.reserve(wallet, amount);
    }

    @Override
    public CompletionStage<Void> charge(WalletAddress wallet, long reserved, long fuel, long amount) {
        return meter.charge(wallet, reserved, fuel, amount);
    }

    @Override
    public long egressBytes(WalletAddress wallet) {
        return meter.egressBytes(wallet);
    }

    @Override
    public void egressEnded(WalletAddress wallet, long bytes) {
        meter.egressEnded(wallet, bytes);
    }

    @Override
    public JsonValue.Builder quote(WalletAddress wallet) {
        return meter.quote(wallet);
    }

    @Override
    public void run(Command.OfAccount command, Exchange exchange) {
        meter.run(command, exchange);
    }

    @Override
    public List<HealthItem> check() {
        List<HealthItem> items = new ArrayList<>();
        String trouble = keeper.trouble();
        if (!trouble.isEmpty()) {
            items.add(new HealthItem("metering.unreadable", HealthItem.Severity.CRITICAL,
                    "Accounts cannot be kept, nothing is charged and nobody can pay: " + trouble,
                    "Bring back the version of the software that ran before, or the data directory from a copy."));
        }
        settler.trouble().ifPresent(reason -> items.add(new HealthItem("metering.unsettled",
                HealthItem.Severity.WARNING, "Vouchers could not be redeemed: " + reason.label() + "; they are kept.",
                "Look at the chain's server in rpcUrls, and whether the node's wallet has coins for gas.")));
        return items;
    }
}
