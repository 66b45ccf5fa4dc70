package network.conet.edge.protocol.pay;

import java.util.Objects;
import network.conet.edge.protocol.WalletAddress;

/**
 * Which settlement contract, on which chain: what a voucher's signature is bound to.
 *
 * @param chainId of the chain, 1 or more
 * @param contract its address there
 */
public record SettlementId(long chainId, WalletAddress contract) {
    /** Refuses missing parts. */
    public SettlementId {
        Objects.requireNonNull(contract);
        if (chainId < 1 || contract.isZero()) {
            throw new IllegalArgumentException("no settlement contract");
        }
    }
}
