package network.conet.edge.api;

import java.util.concurrent.CompletionStage;
import network.conet.edge.protocol.JsonValue;
import network.conet.edge.protocol.RefusedException;
import network.conet.edge.protocol.WalletAddress;

/**
 * What wallets may spend on this node, in nanocredits. Implemented by {@code metering}; without it nobody has
 * credit. Safe for use by many threads; never waits.
 */
public interface Accounts {
    /**
     * Sets an amount aside. What is set aside is forgotten by a restart: nothing was done for it yet.
     *
     * @param amount 0 or more
     * @throws RefusedException PAYMENT_REQUIRED when the wallet has too little; ACCOUNTS_FULL, STOPPING
     */
    void reserve(WalletAddress wallet, long amount) throws RefusedException;

    /**
     * Charges for a call. The stage completes when that is durable; until then nobody is to be told of a charge.
     * Fails as {@link Ledger#append}; nothing is then charged. The reservation ends in either case.
     *
     * @param reserved what was set aside for it
     * @param fuel units that it used
     * @param amount what it costs, at most {@code reserved}
     */
    CompletionStage<Void> charge(WalletAddress wallet, long reserved, long fuel, long amount);

    /**
     * Bytes that a wallet may send and receive through the proxy now, with its allowance and its credit; 0 for none.
     */
    long egressBytes(WalletAddress wallet);

    /** A tunnel has ended: charges for its bytes. */
    void egressEnded(WalletAddress wallet, long bytes);

    /** What a wallet needs to know in order to pay: {@code docs/protocol/payment.md}, the members of a quote. */
    JsonValue.Builder quote(WalletAddress wallet);
}
