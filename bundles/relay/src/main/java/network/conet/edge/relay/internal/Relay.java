package network.conet.edge.relay.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import network.conet.edge.api.Clock;
import network.conet.edge.api.Counter;
import network.conet.edge.api.Counters;
import network.conet.edge.api.EpochListener;
import network.conet.edge.api.Exchange;
import network.conet.edge.api.KeyRing;
import network.conet.edge.api.MailMeter;
import network.conet.edge.api.MailSource;
import network.conet.edge.api.Mailbox;
import network.conet.edge.api.MessageHandler;
import network.conet.edge.api.NodeDirectory;
import network.conet.edge.api.NodeEntry;
import network.conet.edge.api.RouteTable;
import network.conet.edge.api.Signatures;
import network.conet.edge.protocol.Envelope;
import network.conet.edge.protocol.EnvelopeBody;
import network.conet.edge.protocol.Epoch;
import network.conet.edge.protocol.EpochFrame;
import network.conet.edge.protocol.Hash256;
import network.conet.edge.protocol.Hop;
import network.conet.edge.protocol.HopHeader;
import network.conet.edge.protocol.KeyId;
import network.conet.edge.protocol.Plaintext;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.RefusedException;
import network.conet.edge.protocol.WalletAddress;
import network.conet.edge.protocol.WalletSignature;

/**
 * Carries out what {@link Decision} decides for each posted message. Safe for use by many threads; never waits: what
 * takes time (decrypting, an unknown route, the disk, the next node) continues on the thread that finished it.
 */
public final class Relay implements MessageHandler, EpochListener {
    private final KeyRing keys;
    private final Signatures signatures;
    private final Mailbox mailbox;
    private final RouteTable routes;
    private final NodeDirectory directory;
    private final Clock clock;
    private final Counters counters;
    private final Decision.Self self;
    private final CommandCheck check;
    private final Commands commands;
    private final Listeners listeners;
    private final Supplier<Optional<MailMeter>> meter;
    private final HopReceipts receipts;
    /** Sent on since the last epoch. */
    private final LongAdder forwardedBytes = new LongAdder();

    /**
     * @param parts what it works with
     * @param settings what the operator decided
     */
    public Relay(RelayParts parts, RelaySettings settings) {
        keys = parts.keys();
        signatures = parts.signatures();
        mailbox = parts.mailbox();
        routes = parts.routes();
        directory = parts.directory();
        clock = parts.clock();
        counters = parts.counters();
        self = new Decision.Self(keys.keyId(), keys.wallet());
        listeners = new Listeners(settings.listenersMax());
        check = new CommandCheck(signatures, clock, settings.isBillingWalletTrusted(),
                wallet -> listeners.ofWallet(wallet).isPresent());
        commands = new Commands(parts, check, listeners);
        meter = parts.meter();
        receipts = new HopReceipts(directory, signatures, clock, counters);
    }

    @Override
    public void handle(byte[] body, String hopHeader, Exchange exchange) {
        Failures.then(CompletableFuture.completedStage(body), exchange, posted -> {
            List<Hop> hops = HopHeader.parse(hopHeader, signatures);
            Envelope envelope = EnvelopeBody.parse(posted);
            checkLastHop(hops, envelope);
            act(new Work(envelope, new Content.Arrived(envelope), hops, exchange), Route.NotAsked.INSTANCE);
        });
    }

    @Override
    public void epochBegan(Epoch epoch) {
        String endpoint = directory.node(self.keyId()).map(node -> node.endpoint().toString()).orElse("");
        long forwarded = forwardedBytes.sumThenReset();
        for (Listener listener : listeners.all()) {
            WalletSignature signature = keys.signPersonal(EpochFrame.signedText(epoch.number(), listener.wallet()));
            EpochFrame frame = new EpochFrame(epoch.number(), self.wallet(), self.keyId(), signature);
            listener.heartbeat(frame.encode(epoch, endpoint, forwarded));
        }
    }

    /** A mailbox that is kept here has a new message. */
    void wake(KeyId recipient) {
        listeners.ofMailbox(recipient).ifPresent(Listener::wake);
    }

    /** Ends all listeners. */
    public void close() {
        listeners.all().forEach(Listener::close);
    }

    /** The last hop is about exactly the armor that arrived; a header that says otherwise is not of an honest node. */
    private void checkLastHop(List<Hop> hops, Envelope envelope) throws RefusedException {
        if (hops.isEmpty()) {
            return;
        }
        Hop last = hops.get(hops.size() - 1);
        if (last.armorBytes() != envelope.armor().length
                || !last.armorHash().equals(envelope.armorHash(signatures))) {
            throw new RefusedException(RefuseReason.HOP_FORGED);
        }
    }

    private void act(Work work, Route route) {
        Decision decision = Decision.decide(self, work.content, work.hops, route);
        if (decision instanceof Decision.Refuse refuse) {
            work.exchange.refuse(refuse.reason());
        } else if (decision instanceof Decision.AskRoute) {
            askRoute(work);
        } else if (decision instanceof Decision.Forward forward) {
            forward(work, forward.next());
        } else if (decision instanceof Decision.Store) {
            store(work);
        } else {
            open(work);
        }
    }

    private void askRoute(Work work) {
        KeyId recipient = work.content.envelope().keyId();
        Optional<NodeEntry> node = directory.node(recipient);
        if (node.isPresent()) {
            act(work, new Route.To(node.get()));
            return;
        }
        Failures.then(routes.mailboxNodeOf(recipient), work.exchange, nodeId -> act(work, route(nodeId)));
    }

    /** Who we are, we know without the directory: it may be older than this node. */
    private Route route(Optional<KeyId> mailboxNode) {
        if (mailboxNode.filter(self.keyId()::equals).isPresent()) {
            return Route.Here.INSTANCE;
        }
        Optional<NodeEntry> keeper = mailboxNode.flatMap(directory::node);
        return keeper.isPresent() ? new Route.To(keeper.get()) : Route.Unknown.INSTANCE;
    }

    private void open(Work work) {
        Failures.then(keys.open(work.content.envelope().armor()), work.exchange, plaintext -> {
            counters.add(Counter.LAYERS_OPENED, 1);
            opened(work, Plaintext.parse(plaintext));
        });
    }

    private void opened(Work work, Plaintext plaintext) throws RefusedException {
        if (plaintext instanceof Plaintext.Signed signed) {
            CommandCheck.Checked checked = check.check(signed);
            commands.run(checked.command(), checked.isRepeated(), work.exchange);
            return;
        }
        Content inner = plaintext instanceof Plaintext.Layer layer
                ? new Content.Peeled(layer.inner())
                : new Content.Handed(((Plaintext.MailboxWork) plaintext).inner());
        act(new Work(work.arrived, inner, work.hops, work.exchange), Route.NotAsked.INSTANCE);
    }

    private void forward(Work work, NodeEntry next) {
        Envelope envelope = work.content.envelope();
        List<Hop> hops = new ArrayList<>(work.hops);
        hops.add(sign(envelope));
        byte[] body = EnvelopeBody.encode(envelope);
        CompletionStage<Void> sent = work.exchange.forward(next, body, HopHeader.encode(hops, signatures));
        Failures.then(sent, work.exchange, ignored -> {
            counters.add(Counter.MESSAGES_FORWARDED, 1);
            counters.add(Counter.FORWARDED_BYTES, envelope.armor().length);
            forwardedBytes.add(envelope.armor().length);
        });
    }

    private Hop sign(Envelope envelope) {
        Hash256 hash = envelope.armorHash(signatures);
        long now = clock.epochSeconds();
        long bytes = envelope.armor().length;
        byte[] text = Hop.signedText(self.wallet(), now, bytes, hash, envelope.keyId());
        return new Hop(self.wallet(), now, bytes, hash, envelope.keyId(), keys.signPersonal(text));
    }

    /** The sender hears 200 only when the message is durable. */
    private void store(Work work) {
        Envelope envelope = work.content.envelope();
        Hash256 hash = envelope.armorHash(signatures);
        MailSource source = MailSource.ofAddress(work.exchange.peerAddress());
        Optional<MailMeter> present = meter.get();
        Optional<byte[]> entry;
        try {
            entry = present.isEmpty() ? Optional.empty() : account(work, envelope, hash, present.get());
        } catch (RefusedException unpaid) {
            work.exchange.refuse(unpaid.reason());
            return;
        }
        CompletionStage<Mailbox.Receipt> stored =
                mailbox.store(envelope.keyId(), hash, envelope.armor(), source, entry);
        Failures.then(stored, work.exchange, receipt -> {
            counters.add(receipt.duplicate() ? Counter.MESSAGES_DUPLICATE : Counter.MESSAGES_STORED, 1);
            work.exchange.ok(new byte[0]);
            wake(envelope.keyId());
            if (entry.isPresent()) {
                present.get().stored();
            }
        });
    }

    /** Who pays for a message, and for whom. A key whose wallet is not remembered pays for nothing. */
    private Optional<byte[]> account(Work work, Envelope envelope, Hash256 hash, MailMeter present)
            throws RefusedException {
        Optional<WalletAddress> wallet = routes.walletOf(envelope.keyId());
        if (wallet.isEmpty()) {
            return Optional.empty();
        }
        List<WalletAddress> forwarders = receipts.proven(work.hops, work.arrived, self.wallet(), wallet.get());
        return present.admit(wallet.get(), envelope.keyId(), hash, envelope.armor().length, forwarders);
    }

    /**
     * One posted message on its way through the tree.
     *
     * @param arrived what was posted to this node
     * @param content what is in our hands: that, or what was inside it
     */
    private record Work(Envelope arrived, Content content, List<Hop> hops, Exchange exchange) {}
}
