package network.conet.edge.api;

import java.util.Optional;
import network.conet.edge.protocol.Hash256;
import network.conet.edge.protocol.Keccak256;
import network.conet.edge.protocol.WalletAddress;
import network.conet.edge.protocol.WalletSignature;

/** Hashes and signature checks that need no key of ours. Stateless, safe for use by many threads. */
public interface Signatures extends Keccak256 {
    /**
     * Who signed a text as {@code personal_sign} does (EIP-191 version 0x45).
     *
     * @return the signer, or empty when the signature has no valid r, s (low half, EIP-2) and point
     */
    Optional<WalletAddress> recoverPersonal(byte[] text, WalletSignature signature);

    /** Who signed a 32-byte digest as it is. Empty as for {@link #recoverPersonal}. */
    Optional<WalletAddress> recoverDigest(Hash256 digest, WalletSignature signature);
}
