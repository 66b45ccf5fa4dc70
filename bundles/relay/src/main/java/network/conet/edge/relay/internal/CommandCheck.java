package network.conet.edge.relay.internal;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;
import network.conet.edge.api.Clock;
import network.conet.edge.api.Signatures;
import network.conet.edge.protocol.Command;
import network.conet.edge.protocol.CommandCodec;
import network.conet.edge.protocol.Plaintext;
import network.conet.edge.protocol.ProtocolLimits;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.RefusedException;
import network.conet.edge.protocol.WalletAddress;

/** Whether a command is what its wallet signed, now, and for the first time (section 5.1). */
final class CommandCheck {
    /** What the commands of our services begin with: a call may cost money, so it must not be replayed later. */
    private static final String OWN_SERVICES = "service_";
    /** The command whose two legs may be the same text. */
    private static final String TWO_LEGS = "SaaS_Sock5_v2";

    private final Signatures signatures;
    private final Clock clock;
    private final boolean isBillingWalletTrusted;
    private final Predicate<WalletAddress> isListening;
    private final ReplayMemory seen = new ReplayMemory(RelayLimits.REPLAY_MEMORY_COMMANDS);
    private final SpentCommands spent;

    /** @param isListening whether a wallet has a live listener at this moment */
    CommandCheck(Signatures signatures, Clock clock, boolean isBillingWalletTrusted,
            Predicate<WalletAddress> isListening) {
        this.signatures = signatures;
        this.clock = clock;
        this.isBillingWalletTrusted = isBillingWalletTrusted;
        this.isListening = isListening;
        this.spent = new SpentCommands(RelayLimits.SPENT_COMMANDS_MAX, clock.epochSeconds());
    }

    /**
     * @throws RefusedException COMMAND_MALFORMED, SIGNATURE_MALFORMED, SIGNER_FOREIGN, TIMESTAMP_OUTSIDE_WINDOW,
     *     COMMAND_REPLAYED, SERVICE_BUSY
     */
    Checked check(Plaintext.Signed signed) throws RefusedException {
        Command command = CommandCodec.parse(signed.message(), signatures);
        checkSigner(signed, command.header());
        checkTime(command);
        long fingerprint = signatures.hash(signed.signature().bytes()).prefix();
        boolean isFirst = isFirst(command, fingerprint);
        if (!isFirst && !mayComeAgain(command)) {
            throw new RefusedException(RefuseReason.COMMAND_REPLAYED);
        }
        return new Checked(command, !isFirst);
    }

    /**
     * A command that may run.
     *
     * @param command what its wallet signed
     * @param isRepeated whether it was seen before; then it may end nothing that began since
     */
    record Checked(Command command, boolean isRepeated) {}

    private boolean mayComeAgain(Command command) {
        // An acknowledgement may be posted through several entries; doing it twice does nothing.
        if (command instanceof Command.DeliveryAck) {
            return true;
        }
        // Clients that sign nothing new when they connect again must be let in; a replay must not end a live stream.
        return command instanceof Command.Listen listen
                && listen.header().timestampSeconds().isEmpty()
                && !isListening.test(listen.header().wallet());
    }

    private boolean isFirst(Command command, long fingerprint) throws RefusedException {
        boolean isStrict = command instanceof Command.OfService || command instanceof Command.OfAccount;
        if (!isStrict || !isTimely(command.header().timestampSeconds())) {
            return seen.isFirst(fingerprint) || isOtherLeg(command) && seen.isFirst(~fingerprint);
        }
        long timestamp = command.header().timestampSeconds().getAsLong();
        return spent.isFirst(fingerprint, timestamp, clock.epochSeconds());
    }

    /**
     * Existing clients, which send no time, send both legs of one tunnel as the same command (5.5): twice is once
     * there. It lets the entry of the one leg take the other, so who signs two commands with a time gets it strictly.
     */
    private static boolean isOtherLeg(Command command) {
        return command instanceof Command.OfService ofService && ofService.name().equals(TWO_LEGS);
    }

    private void checkSigner(Plaintext.Signed signed, Command.Header header) throws RefusedException {
        WalletAddress signer =
                isBillingWalletTrusted ? header.billingWallet().orElse(header.wallet()) : header.wallet();
        byte[] text = signed.message().getBytes(StandardCharsets.UTF_8);
        Optional<WalletAddress> personal = signatures.recoverPersonal(text, signed.signature());
        if (personal.filter(signer::equals).isPresent()) {
            return;
        }
        // Clients on Android sign the bare hash.
        Optional<WalletAddress> bare = signatures.recoverDigest(signatures.hash(text), signed.signature());
        if (bare.filter(signer::equals).isEmpty()) {
            throw new RefusedException(
                    personal.isEmpty() && bare.isEmpty()
                            ? RefuseReason.SIGNATURE_MALFORMED
                            : RefuseReason.SIGNER_FOREIGN);
        }
    }

    /** An online query with a wrong time is answered in words (4.4); the command that runs it does so. */
    private void checkTime(Command command) throws RefusedException {
        OptionalLong timestamp = command.header().timestampSeconds();
        if (command instanceof Command.OnlineQuery) {
            return;
        }
        // Commands without a rule for time may carry milliseconds, which say nothing to us.
        boolean isRequired = command instanceof Command.DeliveryAck || command instanceof Command.RouteRegister
                || command instanceof Command.OfAccount
                || command instanceof Command.OfService ofService && ofService.name().startsWith(OWN_SERVICES);
        if (isRequired && timestamp.isEmpty()) {
            throw new RefusedException(RefuseReason.COMMAND_MALFORMED);
        }
        if (!isRequired && (timestamp.isEmpty() || timestamp.getAsLong() > RelayLimits.SECONDS_PLAUSIBLE_MAX)) {
            return;
        }
        if (!isTimely(timestamp)) {
            throw new RefusedException(RefuseReason.TIMESTAMP_OUTSIDE_WINDOW);
        }
    }

    /** Whether a timestamp, if there is one, is within the window of section 4.4. */
    boolean isTimely(OptionalLong timestamp) {
        if (timestamp.isEmpty()) {
            return false;
        }
        long difference = timestamp.getAsLong() - clock.epochSeconds();
        return difference >= -ProtocolLimits.COMMAND_WINDOW_SECONDS
                && difference <= ProtocolLimits.COMMAND_WINDOW_SECONDS;
    }
}
