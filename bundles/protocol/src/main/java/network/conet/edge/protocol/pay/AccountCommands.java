package network.conet.edge.protocol.pay;

import java.util.Optional;
import java.util.Set;
import network.conet.edge.protocol.Hash256;
import network.conet.edge.protocol.JsonValue;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.RefusedException;
import network.conet.edge.protocol.WalletAddress;
import network.conet.edge.protocol.WalletSignature;

/** The commands about a wallet's account on a node ({@code docs/protocol/payment.md}); ours. */
public final class AccountCommands {
    /** What things cost, and how the account stands. */
    public static final String STATUS = "account_status";
    /** Hands over a voucher. */
    public static final String PAY = "account_pay";
    /** What the node earned; for its owner. */
    public static final String EARNINGS = "account_earnings";
    /** Redeems vouchers now; for the node's owner. */
    public static final String SETTLE = "account_settle";
    /** Gives a wallet credit; for the node's owner. */
    public static final String GRANT = "account_grant";
    /** All of them. */
    public static final Set<String> ALL = Set.of(STATUS, PAY, EARNINGS, SETTLE, GRANT);

    private AccountCommands() {}

    /** The beginning of any of them; a timestamp is required. */
    public static JsonValue.Builder begin(String command, WalletAddress wallet, long timestampSeconds, String nonce) {
        return JsonValue.object().put("command", command).put("walletAddress", wallet.toString())
                .put("timestamp", timestampSeconds).put("Securitykey", nonce);
    }

    /** In {@link #PAY}: the voucher pays for mail that the payee carried to its payer, who has no credit from it. */
    public static final String FOR_FORWARDING = "forwarding";

    /** The members of {@link #PAY}. */
    public static JsonValue.Builder pay(JsonValue.Builder begun, Voucher voucher, WalletSignature signature) {
        return begun.put("payee", voucher.payee().toString()).put("cumulative", voucher.cumulative())
                .put("ledgerRoot", voucher.ledgerRoot().toString()).put("signature", signature.toString());
    }

    /**
     * A voucher as it came.
     *
     * @param voucher what it promises
     * @param signature said to be its payer's
     * @param forForwarding whether it is to be used at once, for mail that was carried
     */
    public record Payment(Voucher voucher, WalletSignature signature, boolean forForwarding) {
        /**
         * Reads the members of {@link #PAY}.
         *
         * @param payer whose command it is
         * @param payee who reads it
         * @throws RefusedException COMMAND_MALFORMED; VOUCHER_FOREIGN when it names another payee
         */
        public static Payment parse(JsonValue message, WalletAddress payer, WalletAddress payee)
                throws RefusedException {
            long cumulative = message.integer("cumulative").orElse(-1);
            Optional<Hash256> root = message.string("ledgerRoot").flatMap(Hash256::parse);
            Optional<WalletSignature> signature = message.string("signature").flatMap(WalletSignature::parse);
            if (cumulative < 0 || root.isEmpty() || signature.isEmpty()) {
                throw new RefusedException(RefuseReason.COMMAND_MALFORMED);
            }
            if (!message.string("payee").filter(payee.toString()::equals).isPresent()) {
                throw new RefusedException(RefuseReason.VOUCHER_FOREIGN);
            }
            return new Payment(new Voucher(payer, payee, cumulative, root.get()), signature.get(),
                    message.string("for").filter(FOR_FORWARDING::equals).isPresent());
        }
    }
}
