package network.conet.edge.relay.internal;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import network.conet.edge.api.Exchange;
import network.conet.edge.api.MailMeter;
import network.conet.edge.api.NodeEntry;
import network.conet.edge.api.PlainCounters;
import network.conet.edge.protocol.Command;
import network.conet.edge.protocol.Endpoint;
import network.conet.edge.protocol.Envelope;
import network.conet.edge.protocol.EnvelopeBody;
import network.conet.edge.protocol.Epoch;
import network.conet.edge.protocol.Hash256;
import network.conet.edge.protocol.JsonValue;
import network.conet.edge.protocol.KeyId;
import network.conet.edge.protocol.Plaintext;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.RefusedException;
import network.conet.edge.protocol.RegistrationRequest;
import network.conet.edge.protocol.WalletAddress;
import network.conet.edge.testkit.SettableClock;

/** A relay between fakes: a node, another node, and users with mailboxes at either. */
final class RelayBench {
    static final long NOW = 1_700_000_000L;
    static final KeyId OURS = new KeyId(0xA1A1A1A1A1A1A1A1L);
    static final KeyId OTHER = new KeyId(0xB2);
    static final KeyId ALICE_KEY = new KeyId(0xA11CE);
    static final KeyId BOB_KEY = new KeyId(0xB0B);
    static final Executor NOW_THEN = Runnable::run;

    final FakeSignatures signatures = new FakeSignatures();
    final SettableClock clock = new SettableClock(NOW * 1000);
    final PlainCounters counters = new PlainCounters();
    final WalletAddress nodeWallet = signatures.wallet("node");
    final WalletAddress otherWallet = signatures.wallet("other node");
    /** Keeps her mailbox here. */
    final WalletAddress alice = signatures.wallet("alice");
    /** Keeps his mailbox at the other node. */
    final WalletAddress bob = signatures.wallet("bob");
    /** Is in no table. */
    final WalletAddress stranger = signatures.wallet("stranger");
    final FakeMailbox.Held disk = new FakeMailbox.Held();
    final FakeMailbox mailbox;
    final FakeRoutes routes;
    final FakeKeyRing keys = new FakeKeyRing(signatures, nodeWallet, OURS, NOW_THEN);
    /** Accounts for mail, when a test wants it. */
    Optional<MailMeter> meter = Optional.empty();
    Epoch epoch = new Epoch(1012, 0.5, 10, 20);
    CompletionStage<Hash256> registration = CompletableFuture.completedFuture(null);
    RegistrationRequest registered;
    final Relay relay;
    final RelayParts parts;
    private int serial;

    RelayBench() {
        this(NOW_THEN, NOW_THEN, new RelaySettings(3, false));
    }

    /** A relay whose disk or table answers when the test lets it. */
    RelayBench(Executor disk, Executor table, RelaySettings settings) {
        mailbox = new FakeMailbox(disk);
        routes = new FakeRoutes(table);
        routes.nodes.add(new NodeEntry(OURS, nodeWallet, new Endpoint("192.0.2.1", 80), "", ""));
        routes.nodes.add(new NodeEntry(OTHER, otherWallet, new Endpoint("192.0.2.2", 8080), "", ""));
        routes.register(alice, ALICE_KEY, OURS);
        routes.register(bob, BOB_KEY, OTHER);
        parts = new RelayParts(keys, signatures, mailbox, routes, routes, () -> epoch, request -> {
            registered = request;
            return registration;
        }, this::serve, this::account, () -> meter, clock, counters, new SecureRandom());
        relay = new Relay(parts, settings);
    }

    private void account(Command.OfAccount command, Exchange exchange) {
        exchange.ok(command.message().toString().getBytes(StandardCharsets.UTF_8));
    }

    private void serve(Command.OfService command, Exchange exchange) {
        if (command.name().equals("service_list")) {
            exchange.ok(command.message().toString().getBytes(StandardCharsets.UTF_8));
        } else {
            exchange.refuse(RefuseReason.COMMAND_UNKNOWN);
        }
    }

    RecordingExchange post(byte[] armor, String hops) {
        RecordingExchange exchange = new RecordingExchange();
        relay.handle(body(armor), hops, exchange);
        return exchange;
    }

    RecordingExchange post(byte[] armor) {
        return post(armor, null);
    }

    /** A command of this wallet, of now, unlike every other. */
    JsonValue.Builder command(String name, WalletAddress wallet) {
        return JsonValue.object()
                .put("command", name)
                .put("walletAddress", wallet.toString())
                .put("timestamp", clock.epochSeconds())
                .put("serial", ++serial);
    }

    byte[] seal(JsonValue.Builder command, WalletAddress signer) {
        return seal(command.build().toString(), signer);
    }

    byte[] seal(String message, WalletAddress signer) {
        Plaintext.Signed signed = new Plaintext.Signed(message, signatures.signPersonal(message, signer));
        return FakeSeal.seal(OURS, Plaintext.encode(signed));
    }

    RecordingExchange run(JsonValue.Builder command, WalletAddress signer) {
        return post(seal(command, signer));
    }

    RecordingExchange listen(WalletAddress wallet) {
        return run(command("mining", wallet), wallet);
    }

    RecordingExchange acknowledge(WalletAddress wallet, byte[] armor) {
        return run(command("gossip_delivery_ack", wallet).put("armorHash", signatures.hash(armor).toString()), wallet);
    }

    static byte[] body(byte[] armor) {
        try {
            return EnvelopeBody.encode(Envelope.of(armor));
        } catch (RefusedException unreadable) {
            return ("{\"data\":" + JsonValue.of(new String(armor, StandardCharsets.US_ASCII)) + '}')
                    .getBytes(StandardCharsets.US_ASCII);
        }
    }
}
