package network.conet.edge.api;

import java.util.List;
import java.util.Optional;
import network.conet.edge.protocol.Hash256;
import network.conet.edge.protocol.KeyId;
import network.conet.edge.protocol.RefusedException;
import network.conet.edge.protocol.WalletAddress;

/**
 * Accounts for mail. Implemented by {@code metering}; a node without it counts and charges nothing. Called from any
 * thread; never waits.
 */
public interface MailMeter {
    /**
     * A message for a mailbox of this node is about to be stored.
     *
     * @param wallet whose mailbox, who pays
     * @param keyId its key
     * @param armorHash of the message
     * @param armorBytes its length
     * @param forwarders nodes that proved to have carried it to here, each once
     * @return content of the ledger's entry that is to become durable with the message; empty when nothing is counted
     * @throws RefusedException PAYMENT_REQUIRED when the wallet's credit is used up: then the message is not to be
     *     stored
     */
    Optional<byte[]> admit(WalletAddress wallet, KeyId keyId, Hash256 armorHash, int armorBytes,
            List<WalletAddress> forwarders) throws RefusedException;

    /** A message that was admitted with an entry is durable. */
    void stored();
}
