package network.conet.edge.protocol;

import java.util.Optional;
import java.util.OptionalLong;
import network.conet.edge.protocol.pay.AccountCommands;

/** Reads the JSON text of a command (section 5.2). Members that a command does not use are ignored. */
public final class CommandCodec {
    /** Listens for mail and epochs. */
    public static final String MINING = "mining";
    /** The same, as newer clients call it. */
    public static final String MAILBOX_LISTEN = "mailbox_listen";
    /** Confirms another node's service. */
    public static final String MINING_VALIDATOR = "mining_validator";
    /** Acknowledges a message. */
    public static final String DELIVERY_ACK = "gossip_delivery_ack";
    /** Asks whether a wallet listens. */
    public static final String ONLINE_QUERY = "wallet_online_query";
    /** Submits a registration; ours. */
    public static final String ROUTE_REGISTER = "route_register";

    private static final String KIND_CHAT = "chat";
    private static final String KIND_MINING = "mining";

    private CommandCodec() {}

    /**
     * @param message the text, exactly as it was signed
     * @param keccak for the checksums of addresses of mixed case
     * @throws RefusedException COMMAND_MALFORMED
     */
    public static Command parse(String message, Keccak256 keccak) throws RefusedException {
        JsonValue json;
        try {
            json = JsonValue.parse(message);
        } catch (JsonException notJson) {
            throw new RefusedException(RefuseReason.COMMAND_MALFORMED);
        }
        String name = require(json.string("command"));
        Command.Header header = header(json, keccak);
        return switch (name) {
            case MINING -> listen(json, header);
            case MAILBOX_LISTEN -> new Command.Listen(header);
            case MINING_VALIDATOR -> validator(json, header, keccak);
            case DELIVERY_ACK -> {
                requireTimestamp(header);
                yield new Command.DeliveryAck(header, require(json.string("armorHash").flatMap(Hash256::parse)));
            }
            case ONLINE_QUERY -> new Command.OnlineQuery(
                    header, json.string("targetWallet").flatMap(w -> WalletAddress.parse(w, keccak)));
            case ROUTE_REGISTER -> {
                requireTimestamp(header);
                yield new Command.RouteRegister(header, RegistrationCodec.parse(json, header.wallet()));
            }
            default -> {
                if (AccountCommands.ALL.contains(name)) {
                    requireTimestamp(header);
                    yield new Command.OfAccount(header, name, json);
                }
                yield new Command.OfService(header, name, json);
            }
        };
    }

    private static Command.Header header(JsonValue json, Keccak256 keccak) throws RefusedException {
        WalletAddress wallet = require(json.string("walletAddress").flatMap(w -> WalletAddress.parse(w, keccak)));
        Optional<WalletAddress> billing = Optional.empty();
        Optional<String> billingText = json.string("billingWallet").filter(text -> !text.isEmpty());
        if (billingText.isPresent()) {
            billing = Optional.of(require(WalletAddress.parse(billingText.get(), keccak)));
        }
        Optional<ReplyKey> replyKey = Optional.empty();
        if (json.member("replyKey").isPresent()) {
            replyKey = Optional.of(require(json.string("replyKey").flatMap(ReplyKey::parse)));
        }
        return new Command.Header(wallet, billing, json.integer("timestamp"), replyKey);
    }

    /** The kinds {@code udp}, {@code udp_server} and {@code l0} are other services under this command's name. */
    private static Command listen(JsonValue json, Command.Header header) {
        String kind = json.string("listenKind").orElse(KIND_MINING);
        boolean isMail = kind.isEmpty() || kind.equals(KIND_CHAT) || kind.equals(KIND_MINING);
        return isMail ? new Command.Listen(header) : new Command.OfService(header, MINING + '.' + kind, json);
    }

    private static Command validator(JsonValue json, Command.Header header, Keccak256 keccak)
            throws RefusedException {
        JsonValue data = require(json.member("requestData"));
        EpochFrame frame = require(EpochFrame.parse(data, keccak));
        WalletSignature response = require(data.string("minerResponseHash").flatMap(WalletSignature::parse));
        boolean isUser = data.member("isUser").filter(JsonValue.Literal.TRUE::equals).isPresent();
        return new Command.MiningValidator(header, frame, response, isUser, data);
    }

    private static void requireTimestamp(Command.Header header) throws RefusedException {
        OptionalLong timestamp = header.timestampSeconds();
        if (timestamp.isEmpty()) {
            throw new RefusedException(RefuseReason.COMMAND_MALFORMED);
        }
    }

    static <T> T require(Optional<T> part) throws RefusedException {
        return part.orElseThrow(() -> new RefusedException(RefuseReason.COMMAND_MALFORMED));
    }
}
