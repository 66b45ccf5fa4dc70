package network.conet.edge.relay.internal;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import network.conet.edge.api.AccountHost;
import network.conet.edge.api.Clock;
import network.conet.edge.api.Counter;
import network.conet.edge.api.Counters;
import network.conet.edge.api.EpochFeed;
import network.conet.edge.api.EventStream;
import network.conet.edge.api.Exchange;
import network.conet.edge.api.KeyRing;
import network.conet.edge.api.Mailbox;
import network.conet.edge.api.NodeDirectory;
import network.conet.edge.api.RouteRegistrar;
import network.conet.edge.api.RouteTable;
import network.conet.edge.api.ServiceHost;
import network.conet.edge.api.Signatures;
import network.conet.edge.api.UserEntry;
import network.conet.edge.protocol.Command;
import network.conet.edge.protocol.EpochFrame;
import network.conet.edge.protocol.JsonValue;
import network.conet.edge.protocol.KeyId;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.StreamFrames;
import network.conet.edge.protocol.WalletAddress;

/** Runs the commands of sections 4.3, 4.4 and 6.3 for a wallet whose signature was checked. */
final class Commands {
    private final KeyRing keys;
    private final Signatures signatures;
    private final Mailbox mailbox;
    private final RouteTable routes;
    private final NodeDirectory directory;
    private final EpochFeed epochs;
    private final RouteRegistrar registrar;
    private final ServiceHost services;
    private final AccountHost accounts;
    private final Clock clock;
    private final Counters counters;
    private final SecureRandom random;
    private final CommandCheck check;
    private final Listeners listeners;

    Commands(RelayParts parts, CommandCheck check, Listeners listeners) {
        this.keys = parts.keys();
        this.signatures = parts.signatures();
        this.mailbox = parts.mailbox();
        this.routes = parts.routes();
        this.directory = parts.directory();
        this.epochs = parts.epochs();
        this.registrar = parts.registrar();
        this.services = parts.services();
        this.accounts = parts.accounts();
        this.clock = parts.clock();
        this.counters = parts.counters();
        this.random = parts.random();
        this.check = check;
        this.listeners = listeners;
    }

    /**
     * Runs a checked command and answers.
     *
     * @param isRepeated whether the same command was run before
     */
    void run(Command command, boolean isRepeated, Exchange asked) {
        counters.add(Counter.COMMANDS_RUN, 1);
        if (command instanceof Command.OfService ofService) {
            // Services seal by themselves, or not: some give the connection away.
            services.run(ofService, asked);
            return;
        }
        Exchange exchange = command.header().replyKey()
                .map(key -> (Exchange) new SealedExchange(asked, key, random)).orElse(asked);
        if (command instanceof Command.Listen listen) {
            listen(listen, isRepeated, exchange);
        } else if (command instanceof Command.DeliveryAck ack) {
            acknowledge(ack, exchange);
        } else if (command instanceof Command.OnlineQuery query) {
            queryOnline(query, exchange);
        } else if (command instanceof Command.MiningValidator validator) {
            validate(validator, exchange);
        } else if (command instanceof Command.RouteRegister register) {
            register(register, exchange);
        } else if (command instanceof Command.OfAccount ofAccount) {
            accounts.run(ofAccount, exchange);
        } else {
            throw new IllegalStateException("a kind of command that nobody runs");
        }
    }

    /** Anybody gets epochs: the network's own collector is a stranger. Mail is for wallets that chose this node. */
    private void listen(Command.Listen listen, boolean isRepeated, Exchange exchange) {
        WalletAddress wallet = listen.header().wallet();
        if (!listeners.hasRoomFor(wallet)) {
            exchange.refuse(RefuseReason.LISTENERS_FULL);
            return;
        }
        Failures.then(routes.user(wallet), exchange,
                user -> open(wallet, user.filter(this::isMine).map(UserEntry::keyId), isRepeated, exchange));
    }

    private void open(WalletAddress wallet, Optional<KeyId> mailboxId, boolean isRepeated, Exchange exchange) {
        long epoch = epochs.current().number();
        byte[] greeting = StreamFrames.greeting(
                exchange.peerAddress(), epoch, keys.wallet(), keys.signPersonal(EpochFrame.greetingText(epoch)));
        Listener[] self = new Listener[1];
        Listener listener = new Listener(
                wallet, mailboxId, mailbox, counters, clock.monotonicNanos(), () -> listeners.remove(self[0]));
        self[0] = listener;
        // While the routing table was asked, others may have taken the room, and the wallet itself may have come.
        switch (listeners.add(listener, !isRepeated)) {
            case FULL -> {
                exchange.refuse(RefuseReason.LISTENERS_FULL);
                return;
            }
            case TAKEN -> {
                exchange.refuse(RefuseReason.COMMAND_REPLAYED);
                return;
            }
            default -> { }
        }
        counters.add(Counter.LISTENERS_ACCEPTED, 1);
        EventStream stream = exchange.stream(listener);
        listener.begin(stream, greeting);
    }

    private void acknowledge(Command.DeliveryAck ack, Exchange exchange) {
        Failures.then(routes.user(ack.header().wallet()), exchange, user -> {
            if (user.filter(this::isMine).isEmpty()) {
                answer(exchange, error("not_my_route"));
                return;
            }
            Failures.then(mailbox.acknowledge(user.get().keyId(), ack.armorHash()), exchange, removed -> {
                counters.add(Counter.MESSAGES_ACKNOWLEDGED, removed ? 1 : 0);
                answer(exchange, JsonValue.object().put("ok", true).put("removed", removed));
            });
        });
    }

    private void queryOnline(Command.OnlineQuery query, Exchange exchange) {
        if (query.target().isEmpty()) {
            answer(exchange, error("invalid_target").put("online", false));
        } else if (!check.isTimely(query.header().timestampSeconds())) {
            answer(exchange, error("timestamp").put("online", false));
        } else {
            WalletAddress target = query.target().get();
            Failures.then(routes.user(target), exchange, user -> {
                if (user.filter(this::isMine).isEmpty()) {
                    answer(exchange, error("not_my_route").put("wallet", target.toString()).put("online", false));
                } else {
                    answer(exchange, onlineState(target));
                }
            });
        }
    }

    private JsonValue.Builder onlineState(WalletAddress target) {
        Optional<Listener> listener = listeners.ofWallet(target);
        JsonValue.Builder state = JsonValue.object()
                .put("ok", true)
                .put("wallet", target.toString())
                .put("online", listener.isPresent());
        if (listener.isPresent()) {
            long ageNanos = clock.monotonicNanos() - listener.get().openedNanos();
            state.put("listenAgeMs", TimeUnit.NANOSECONDS.toMillis(ageNanos));
        } else {
            state.putNull("listenAgeMs");
        }
        return state.put("nodeWallet", keys.wallet().toString());
    }

    private void validate(Command.MiningValidator validator, Exchange exchange) {
        if (isValid(validator)) {
            answer(exchange, validator.requestData());
        } else {
            exchange.refuse(RefuseReason.VALIDATION_FAILED);
        }
    }

    /** Section 6.4, and beyond it: the serving node is another one, and its epoch is not from the future. */
    private boolean isValid(Command.MiningValidator validator) {
        EpochFrame frame = validator.frame();
        WalletAddress wallet = validator.header().wallet();
        long lag = epochs.current().number() - frame.epoch();
        long lagMax = validator.isUser() ? RelayLimits.EPOCH_LAG_USER_BLOCKS : RelayLimits.EPOCH_LAG_MINER_BLOCKS;
        if (lag > lagMax || lag < -RelayLimits.EPOCH_LEAD_BLOCKS) {
            return false;
        }
        boolean isOtherKnownNode = !frame.nodeKeyId().equals(keys.keyId())
                && directory.node(frame.nodeKeyId())
                        .filter(node -> node.wallet().equals(frame.nodeWallet()))
                        .isPresent();
        if (!isOtherKnownNode) {
            return false;
        }
        byte[] challenge = EpochFrame.signedText(frame.epoch(), wallet);
        String signedHash = validator.requestData().string("hash").orElseThrow();
        return signatures.recoverPersonal(challenge, frame.signature()).filter(frame.nodeWallet()::equals).isPresent()
                && signatures.recoverPersonal(signedHash.getBytes(StandardCharsets.UTF_8), validator.minerResponse())
                        .filter(wallet::equals)
                        .isPresent();
    }

    private void register(Command.RouteRegister register, Exchange exchange) {
        registrar.submit(register.request()).whenComplete((transaction, failure) -> {
            if (failure != null) {
                answer(exchange, error(Failures.reason(failure).label()));
            } else {
                answer(exchange, JsonValue.object().put("ok", true).put("transaction", transaction.toString()));
            }
        });
    }

    private boolean isMine(UserEntry user) {
        return user.mailboxNode().filter(keys.keyId()::equals).isPresent();
    }

    private static JsonValue.Builder error(String code) {
        return JsonValue.object().put("ok", false).put("error", code);
    }

    private static void answer(Exchange exchange, JsonValue.Builder json) {
        answer(exchange, json.build());
    }

    private static void answer(Exchange exchange, JsonValue json) {
        exchange.ok(json.toString().getBytes(StandardCharsets.UTF_8));
    }
}
