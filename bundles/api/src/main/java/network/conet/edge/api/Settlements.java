package network.conet.edge.api;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import network.conet.edge.protocol.Hash256;
import network.conet.edge.protocol.WalletAddress;
import network.conet.edge.protocol.WalletSignature;
import network.conet.edge.protocol.pay.PriceList;
import network.conet.edge.protocol.pay.SettlementId;
import network.conet.edge.protocol.pay.Voucher;

/**
 * The settlement contract. Implemented by {@code chain}; a node without it takes no vouchers. Safe for use by many
 * threads; never waits. What is asked of the chain fails with {@code RefusedException(SETTLEMENT_UNAVAILABLE)} when
 * it cannot be asked, does not serve the chain that it should, or has no such contract.
 */
public interface Settlements {
    /** The contract; empty when the network has none. */
    Optional<SettlementId> id();

    /** How a channel to this node stands, deep enough in the chain to stay. */
    CompletionStage<Channel> channel(WalletAddress payer);

    /** How a channel of this node to another payee stands. */
    CompletionStage<Channel> channelTo(WalletAddress payee);

    /**
     * Redeems vouchers in one transaction. The stage completes when that is deep enough in the chain to stay; what was
     * sent before a restart is found again by {@link #channel}.
     *
     * @param vouchers at most {@link #REDEEM_MAX}, of different payers
     * @param feePercentMax of what they bring that the fee may be; 100 or more for any fee
     * @param gain nanocredits that they bring
     * @return hash of the transaction; empty when the fee is too high now
     */
    CompletionStage<Optional<Hash256>> redeem(List<Signed> vouchers, int feePercentMax, long gain);

    /**
     * Brings this node's prices to the chain, for whoever compares nodes, unless they are there.
     *
     * @return whether they are there now, deep enough to stay; false while the node is not on the list
     */
    CompletionStage<Boolean> publish(PriceList prices);

    /** Vouchers in one transaction. */
    int REDEEM_MAX = 50;

    /**
     * @param voucher for this node
     * @param signature of its payer
     */
    record Signed(Voucher voucher, WalletSignature signature) {}

    /**
     * @param balance nanocredits that are in it
     * @param redeemed nanocredits that were paid out of it, since it began
     * @param leaving of the balance, what its payer has asked back and can take at any moment soon
     */
    record Channel(long balance, long redeemed, long leaving) {
        /** The most that a voucher may promise. */
        public long cover() {
            return redeemed + Math.max(0, balance - leaving);
        }
    }
}
