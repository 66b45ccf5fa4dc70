package network.conet.edge.relay.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import network.conet.edge.api.Clock;
import network.conet.edge.api.Counters;
import network.conet.edge.api.NodeDirectory;
import network.conet.edge.api.Signatures;
import network.conet.edge.protocol.Envelope;
import network.conet.edge.protocol.Hash256;
import network.conet.edge.protocol.Hop;
import network.conet.edge.protocol.ProtocolLimits;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.WalletAddress;

/**
 * Which hops of a message earn something: those that prove that a listed node carried exactly what arrived here. A
 * hop that earns nothing does not keep the message from being taken; it is counted by its reason.
 */
final class HopReceipts {
    private final NodeDirectory directory;
    private final Signatures signatures;
    private final Clock clock;
    private final Counters counters;

    HopReceipts(NodeDirectory directory, Signatures signatures, Clock clock, Counters counters) {
        this.directory = directory;
        this.signatures = signatures;
        this.clock = clock;
        this.counters = counters;
    }

    /**
     * @param hops as they came
     * @param arrived what was posted to this node
     * @param self this node, which would pay
     * @param payer the wallet that would pay this node
     * @return the wallets of the nodes that proved it, each once
     */
    List<WalletAddress> proven(List<Hop> hops, Envelope arrived, WalletAddress self, WalletAddress payer) {
        List<WalletAddress> proven = new ArrayList<>(hops.size());
        if (hops.isEmpty()) {
            return proven;
        }
        Hash256 hash = arrived.armorHash(signatures);
        for (Hop hop : hops) {
            boolean isOfAnotherLayer = !hop.armorHash().equals(hash) || !hop.keyId().equals(arrived.keyId());
            if (isOfAnotherLayer) {
                // Whoever opened that layer can prove it; we cannot.
                continue;
            }
            Optional<RefuseReason> refusal = refusal(hop, arrived, self, payer, proven);
            if (refusal.isPresent()) {
                counters.refused(refusal.get());
            } else {
                proven.add(hop.signer());
            }
        }
        return proven;
    }

    private Optional<RefuseReason> refusal(Hop hop, Envelope arrived, WalletAddress self, WalletAddress payer,
            List<WalletAddress> proven) {
        long age = clock.epochSeconds() - hop.epochSeconds();
        if (Math.abs(age) > ProtocolLimits.COMMAND_WINDOW_SECONDS) {
            return Optional.of(RefuseReason.RECEIPT_STALE);
        }
        if (hop.signer().equals(self) || hop.signer().equals(payer)) {
            return Optional.of(RefuseReason.RECEIPT_SELF_MADE);
        }
        if (directory.nodeOfWallet(hop.signer()).isEmpty()) {
            return Optional.of(RefuseReason.RECEIPT_FOREIGN);
        }
        if (proven.contains(hop.signer())) {
            return Optional.of(RefuseReason.RECEIPT_REPLAYED);
        }
        boolean isGenuine = hop.armorBytes() == arrived.armor().length
                && signatures.recoverPersonal(hop.signedText(), hop.signature()).filter(hop.signer()::equals)
                        .isPresent();
        return isGenuine ? Optional.empty() : Optional.of(RefuseReason.RECEIPT_FORGED);
    }
}
