package network.conet.edge.protocol;

import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a wallet asks a node to do (section 5.2). The text was signed by {@link Header#wallet()}; who reads it here
 * has checked nothing yet.
 */
public sealed interface Command {
    /** What every command carries. */
    Header header();

    /**
     * @param wallet who asks: {@code walletAddress}
     * @param billingWallet who pays, if it is said to be another
     * @param timestampSeconds when it was signed, if it says so
     * @param replyKey under which the answer is to be sealed, if it says so
     */
    record Header(WalletAddress wallet, Optional<WalletAddress> billingWallet, OptionalLong timestampSeconds,
            Optional<ReplyKey> replyKey) {
        /** Refuses missing parts. */
        public Header {
            Objects.requireNonNull(wallet);
            Objects.requireNonNull(billingWallet);
            Objects.requireNonNull(timestampSeconds);
            Objects.requireNonNull(replyKey);
        }
    }

    /**
     * Opens the stream of mail and epochs (section 4.3): {@code mining} without a kind or with kind chat, and
     * {@code mailbox_listen}.
     *
     * @param header the common part
     */
    record Listen(Header header) implements Command {}

    /**
     * Asks this node to confirm that another one served the wallet (section 6.3).
     *
     * @param header the common part
     * @param frame the other node's epoch frame as the wallet received it
     * @param minerResponse the wallet's signature over the text of the frame's signature
     * @param isUser whether the wallet counts itself as a user rather than a miner
     * @param requestData the whole member as it came, to be echoed
     */
    record MiningValidator(
            Header header, EpochFrame frame, WalletSignature minerResponse, boolean isUser, JsonValue requestData)
            implements Command {}

    /**
     * Says that a message arrived and can be forgotten (section 4.4).
     *
     * @param header the common part, with a timestamp
     * @param armorHash hash of the message as it was delivered
     */
    record DeliveryAck(Header header, Hash256 armorHash) implements Command {}

    /**
     * Asks whether a wallet listens now (section 4.4).
     *
     * @param header the common part
     * @param target whom it asks about; empty when the text names no wallet
     */
    record OnlineQuery(Header header, Optional<WalletAddress> target) implements Command {}

    /**
     * Hands the node a signed registration to submit (our addition, {@code docs/protocol/wire.md}).
     *
     * @param header the common part, with a timestamp
     * @param request what to submit
     */
    record RouteRegister(Header header, RegistrationRequest request) implements Command {}

    /**
     * A command about a wallet's account (our addition, {@code docs/protocol/payment.md}).
     *
     * @param header the common part, with a timestamp
     * @param name one of {@code AccountCommands}
     * @param message all its members
     */
    record OfAccount(Header header, String name, JsonValue message) implements Command {}

    /**
     * A command that a service may answer: none of the node's own.
     *
     * @param header the common part
     * @param name its name
     * @param message all its members
     */
    record OfService(Header header, String name, JsonValue message) implements Command {}
}
