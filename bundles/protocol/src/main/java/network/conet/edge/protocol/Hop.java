package network.conet.edge.protocol;

import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * One node's word that it sent a message on (section 3.6).
 *
 * @param signer wallet of the node
 * @param epochSeconds when
 * @param armorBytes length of the armor it sent, 0 or more
 * @param armorHash hash of exactly that armor
 * @param keyId the key id that it routed by
 * @param signature EIP-191 signature by {@code signer} over {@link #signedText()}
 */
public record Hop(
        WalletAddress signer, long epochSeconds, long armorBytes, Hash256 armorHash, KeyId keyId,
        WalletSignature signature) {
    /** Refuses missing parts and negative lengths. */
    public Hop {
        Objects.requireNonNull(signer);
        Objects.requireNonNull(armorHash);
        Objects.requireNonNull(keyId);
        Objects.requireNonNull(signature);
        if (armorBytes < 0) {
            throw new IllegalArgumentException("negative length");
        }
    }

    /** What {@link #signature()} signs. */
    public byte[] signedText() {
        return signedText(signer, epochSeconds, armorBytes, armorHash, keyId);
    }

    /** What a hop's signature signs, before there is one. */
    public static byte[] signedText(
            WalletAddress signer, long epochSeconds, long armorBytes, Hash256 armorHash, KeyId keyId) {
        String text = "conet.l0.hop.v1|" + signer + '|' + epochSeconds + '|' + armorBytes + '|' + armorHash + '|'
                + keyId;
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
