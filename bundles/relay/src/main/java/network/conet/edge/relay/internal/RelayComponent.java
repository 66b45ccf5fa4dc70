package network.conet.edge.relay.internal;

import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import network.conet.edge.api.AccountHost;
import network.conet.edge.api.Clock;
import network.conet.edge.api.Counters;
import network.conet.edge.api.EpochFeed;
import network.conet.edge.api.EpochListener;
import network.conet.edge.api.Exchange;
import network.conet.edge.api.KeyRing;
import network.conet.edge.api.Lifecycle;
import network.conet.edge.api.MailMeter;
import network.conet.edge.api.Mailbox;
import network.conet.edge.api.MessageHandler;
import network.conet.edge.api.NodeDirectory;
import network.conet.edge.api.NodeEntry;
import network.conet.edge.api.RouteRegistrar;
import network.conet.edge.api.RouteTable;
import network.conet.edge.api.ServiceHost;
import network.conet.edge.api.Signatures;
import network.conet.edge.api.UserEntry;
import network.conet.edge.protocol.Command;
import network.conet.edge.protocol.Epoch;
import network.conet.edge.protocol.Hash256;
import network.conet.edge.protocol.KeyId;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.RefusedException;
import network.conet.edge.protocol.RegistrationRequest;
import network.conet.edge.protocol.WalletAddress;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.Designate;

/** The relay in an OSGi framework. Works without a chain bundle: then every route is unavailable. */
@Component(name = RelayComponent.PID, configurationPid = RelayComponent.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE, service = {MessageHandler.class, EpochListener.class})
@Designate(ocd = RelayConfig.class)
public final class RelayComponent implements MessageHandler, EpochListener {
    static final String PID = "network.conet.edge.relay";

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile RouteTable routes;

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile NodeDirectory directory;

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile EpochFeed epochs;

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile RouteRegistrar registrar;

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile ServiceHost services;

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile AccountHost accounts;

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile MailMeter meter;

    private final Relay relay;
    private final OutboxComponent outbox;

    /** Called by the component runtime. */
    @Activate
    public RelayComponent(@Reference KeyRing keys, @Reference Signatures signatures, @Reference Mailbox mailbox,
            @Reference Clock clock, @Reference Counters counters, @Reference Lifecycle lifecycle,
            @Reference OutboxComponent outbox, RelayConfig config) {
        RelayParts parts = new RelayParts(keys, signatures, mailbox, new Routes(), new Directory(), this::epoch,
                this::submit, this::serve, this::account, () -> Optional.ofNullable(meter), clock, counters,
                new SecureRandom());
        relay = new Relay(parts, settings(config, lifecycle));
        this.outbox = outbox;
        outbox.begin(parts, relay::wake);
    }

    private static RelaySettings settings(RelayConfig config, Lifecycle lifecycle) {
        try {
            return new RelaySettings(config.listenersMax(), config.billingWalletTrusted());
        } catch (IllegalArgumentException bad) {
            lifecycle.refuseToStart(PID, bad.getMessage());
            throw bad;
        }
    }

    /** Called by the component runtime. */
    @Deactivate
    void deactivate() {
        outbox.end();
        relay.close();
    }

    @Override
    public void handle(byte[] body, String hopHeader, Exchange exchange) {
        relay.handle(body, hopHeader, exchange);
    }

    @Override
    public void epochBegan(Epoch epoch) {
        relay.epochBegan(epoch);
    }

    private Epoch epoch() {
        EpochFeed feed = epochs;
        return feed == null ? Epoch.UNKNOWN : feed.current();
    }

    private void serve(Command.OfService command, Exchange exchange) {
        ServiceHost present = services;
        if (present == null) {
            exchange.refuse(RefuseReason.COMMAND_UNKNOWN);
        } else {
            present.run(command, exchange);
        }
    }

    private void account(Command.OfAccount command, Exchange exchange) {
        AccountHost present = accounts;
        if (present == null) {
            exchange.refuse(RefuseReason.COMMAND_UNKNOWN);
        } else {
            present.run(command, exchange);
        }
    }

    private CompletionStage<Hash256> submit(RegistrationRequest request) {
        RouteRegistrar present = registrar;
        return present == null ? unavailable() : present.submit(request);
    }

    private static <T> CompletionStage<T> unavailable() {
        return CompletableFuture.failedFuture(new RefusedException(RefuseReason.ROUTES_UNAVAILABLE));
    }

    /** The routing table of the moment. */
    private final class Routes implements RouteTable {
        @Override
        public CompletionStage<Optional<KeyId>> mailboxNodeOf(KeyId userKeyId) {
            RouteTable present = routes;
            return present == null ? unavailable() : present.mailboxNodeOf(userKeyId);
        }

        @Override
        public Optional<WalletAddress> walletOf(KeyId userKeyId) {
            RouteTable present = routes;
            return present == null ? Optional.empty() : present.walletOf(userKeyId);
        }

        @Override
        public CompletionStage<Optional<UserEntry>> user(WalletAddress wallet) {
            RouteTable present = routes;
            return present == null ? unavailable() : present.user(wallet);
        }
    }

    /** The node directory of the moment. */
    private final class Directory implements NodeDirectory {
        @Override
        public Optional<NodeEntry> node(KeyId keyId) {
            NodeDirectory present = directory;
            return present == null ? Optional.empty() : present.node(keyId);
        }

        @Override
        public Optional<NodeEntry> nodeOfWallet(WalletAddress wallet) {
            NodeDirectory present = directory;
            return present == null ? Optional.empty() : present.nodeOfWallet(wallet);
        }

        @Override
        public List<NodeEntry> nodes() {
            NodeDirectory present = directory;
            return present == null ? List.of() : present.nodes();
        }
    }
}
