package network.conet.edge.api;

import java.util.Objects;
import java.util.Optional;
import network.conet.edge.protocol.KeyId;
import network.conet.edge.protocol.WalletAddress;

/**
 * A user as the routing table knows it.
 *
 * @param wallet the user's address
 * @param keyId id of the key that messages to this user are sealed to
 * @param publicKeyArmored that key, ASCII-armored
 * @param mailboxNode routing address of the node that keeps this user's mailbox, if one is set
 */
public record UserEntry(WalletAddress wallet, KeyId keyId, String publicKeyArmored, Optional<KeyId> mailboxNode) {
    /** Refuses missing parts. */
    public UserEntry {
        Objects.requireNonNull(wallet);
        Objects.requireNonNull(keyId);
        Objects.requireNonNull(publicKeyArmored);
        Objects.requireNonNull(mailboxNode);
    }
}
