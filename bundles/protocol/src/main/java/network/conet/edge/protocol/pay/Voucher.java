package network.conet.edge.protocol.pay;

import java.util.Objects;
import network.conet.edge.protocol.Hash256;
import network.conet.edge.protocol.Keccak256;
import network.conet.edge.protocol.WalletAddress;

/**
 * What a payer has promised a payee in all since their channel began; only the newest counts. Signed as EIP-712 data,
 * domain {@code ConetSettlement}, version {@code 1}:
 *
 * <pre>
 *  Voucher(address payer,address payee,uint128 cumulative,bytes32 ledgerRoot)
 * </pre>
 *
 * @param payer who promises, and signs
 * @param payee the node's wallet
 * @param cumulative nanocredits, 0 or more
 * @param ledgerRoot head of the payee's ledger that the payer was shown
 */
public record Voucher(WalletAddress payer, WalletAddress payee, long cumulative, Hash256 ledgerRoot) {
    private static final String TYPE = "Voucher(address payer,address payee,uint128 cumulative,bytes32 ledgerRoot)";
    private static final String DOMAIN = "ConetSettlement";

    /** Refuses missing parts and a negative amount. */
    public Voucher {
        Objects.requireNonNull(payer);
        Objects.requireNonNull(payee);
        Objects.requireNonNull(ledgerRoot);
        if (cumulative < 0) {
            throw new IllegalArgumentException("a voucher of " + cumulative);
        }
    }

    /** What the payer signs for a contract. */
    public Hash256 digest(SettlementId settlement, Keccak256 keccak) {
        return Eip712.of(TYPE, keccak).address(payer).address(payee).number(cumulative).hash(ledgerRoot)
                .digest(DOMAIN, settlement.chainId(), settlement.contract());
    }
}
