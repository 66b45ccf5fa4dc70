package network.conet.edge.protocol;

import java.util.Objects;
import java.util.Optional;

/**
 * A wallet's signed wish to be found under a key and at a mailbox node, or to move to another mailbox node. The
 * signature is EIP-712 typed data of the routing table ({@code AddPublicPGP} or {@code SetRoute}, section 1.5);
 * its nonce is the table's present one.
 *
 * @param wallet whose registration
 * @param key the key to register, or empty to change only the route
 * @param mailboxNode the node that shall keep the mailbox
 * @param deadlineSeconds last unix second at which the table accepts the signature
 * @param signature by {@code wallet}
 */
public record RegistrationRequest(
        WalletAddress wallet, Optional<Key> key, KeyId mailboxNode, long deadlineSeconds, WalletSignature signature) {
    /** Refuses missing parts. */
    public RegistrationRequest {
        Objects.requireNonNull(wallet);
        Objects.requireNonNull(key);
        Objects.requireNonNull(mailboxNode);
        Objects.requireNonNull(signature);
    }

    /**
     * @param keyId the id that is claimed
     * @param publicKeyBase64 base64 of the ASCII-armored public key
     * @param encryptedPrivateKey the wallet's own backup of the private key, sealed by itself; may be empty
     * @param proof that the wallet's owner holds the private key
     */
    public record Key(KeyId keyId, String publicKeyBase64, String encryptedPrivateKey, KeyProof proof) {
        /** Refuses missing parts. */
        public Key {
            Objects.requireNonNull(keyId);
            Objects.requireNonNull(publicKeyBase64);
            Objects.requireNonNull(encryptedPrivateKey);
            Objects.requireNonNull(proof);
        }
    }
}
