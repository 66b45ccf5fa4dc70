package network.conet.edge.chain;

import java.util.Optional;
import network.conet.edge.protocol.KeyId;
import network.conet.edge.protocol.WalletAddress;

/** What a contract's log says has changed, as far as a reader's memory is concerned. */
public sealed interface ChainEvent {
    /**
     * The list of nodes changed, or a node's wallet.
     *
     * @param removed the node that left, if the log says which
     */
    record NodesChanged(Optional<KeyId> removed) implements ChainEvent {}

    /**
     * What the table knows of a user changed: key, route or both.
     *
     * @param wallet whose
     * @param keyId the key that was set, when one was and its text is a key id
     */
    record UserChanged(WalletAddress wallet, Optional<KeyId> keyId) implements ChainEvent {}

    /** A log that changes nothing that is remembered. */
    record Irrelevant() implements ChainEvent {}
}
