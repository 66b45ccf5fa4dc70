package network.conet.edge.metering.internal;

import java.util.List;
import network.conet.edge.protocol.WalletAddress;
import network.conet.edge.protocol.pay.LedgerEntry;
import network.conet.edge.protocol.pay.PriceList;

/**
 * What the operator decided.
 *
 * @param owners who may ask for earnings; the first gets the statements
 * @param prices what things cost
 * @param freeBytesADay relayed bytes that each wallet has free each day
 * @param freeByteSecondsADay stored byte-seconds that each wallet has free each day
 * @param freeEgressADay bytes through the proxy that each wallet has free each day
 * @param creditLimit nanocredits that a wallet may owe
 * @param feePercentMax most of a payment that its fee may take
 * @param forwarderStep nanocredits that another node is owed at least before it gets a voucher
 * @param recordSeconds how often storage and uptime are written down
 * @param settleSeconds how often vouchers are looked at
 * @param statementSeconds how often the owner gets a statement; 0 for never
 */
record MeteringSettings(List<WalletAddress> owners, PriceList prices, long freeBytesADay, long freeByteSecondsADay,
        long freeEgressADay, long creditLimit, int feePercentMax, long forwarderStep, long recordSeconds,
        long settleSeconds, long statementSeconds) {
    MeteringSettings {
        owners = List.copyOf(owners);
        if (!prices.isWithinPar()) {
            throw new IllegalArgumentException("a price is above par: " + prices.json() + ", par is "
                    + PriceList.PAR.json());
        }
    }

    /** As the ledger has it. */
    LedgerEntry.Terms terms(long epochSeconds) {
        return new LedgerEntry.Terms(epochSeconds, prices, freeBytesADay, freeByteSecondsADay,
                freeEgressADay, creditLimit);
    }
}
