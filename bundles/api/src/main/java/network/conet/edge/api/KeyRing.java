package network.conet.edge.api;

import java.util.concurrent.CompletionStage;
import network.conet.edge.protocol.Hash256;
import network.conet.edge.protocol.KeyId;
import network.conet.edge.protocol.WalletAddress;
import network.conet.edge.protocol.WalletSignature;

/**
 * The node's own keys. They are made on first start, stay in files that only their owner can read, and
 * never leave this service. Safe for use by many threads.
 */
public interface KeyRing {
    /** Address of the node's wallet. */
    WalletAddress wallet();

    /** Routing address of the node: the id of its OpenPGP encryption subkey. */
    KeyId keyId();

    /** The node's OpenPGP public key, ASCII-armored. */
    String publicKeyArmored();

    /**
     * Decrypts a message that is sealed to this node. Works on the ring's own bounded pool; continuations
     * run there too.
     *
     * <p>Fails with {@code RefusedException}: {@code DECRYPT_FAILED} (wrong key, damaged, failed integrity
     * check, plaintext larger than the armor bound), {@code DECRYPT_BUSY} (the pool's queue is full).
     *
     * @param armor the armored message
     * @return the literal data; line ends of text literals as line feeds, binary ones exactly as they are
     */
    CompletionStage<byte[]> open(byte[] armor);

    /**
     * Seals a text to somebody's key (section 3.2); works where {@link #open} does.
     *
     * <p>Fails with {@code RefusedException}: {@code ARMOR_MALFORMED}, {@code ARMOR_TOO_LARGE}, {@code KEY_ID_MISSING}
     * (the key cannot be read or sealed to), {@code DECRYPT_BUSY}, {@code STOPPING}.
     *
     * @param publicKeyArmored the recipient's OpenPGP key
     * @param plaintext at most {@code ProtocolLimits.ARMOR_BYTES_MAX} bytes; not changed afterwards
     * @return the armored message
     */
    CompletionStage<byte[]> seal(String publicKeyArmored, byte[] plaintext);

    /** Signs a text as {@code personal_sign} does (EIP-191 version 0x45) with the node's wallet. */
    WalletSignature signPersonal(byte[] text);

    /** Signs a 32-byte digest as it is (transactions, EIP-712) with the node's wallet. */
    WalletSignature signDigest(Hash256 digest);
}
