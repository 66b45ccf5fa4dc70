package network.conet.edge.protocol;

import java.math.BigInteger;
import java.util.Arrays;

/**
 * Proof that a registrant holds the private key behind a claimed key id: a Schnorr proof of knowledge on the
 * curve of the OpenPGP encryption subkey, bound to the chain, the contract and the owner. The contract
 * {@code KeyProof} describes and checks it; {@code crypto} makes it.
 *
 * @param subkeyBody the OpenPGP v4 public-subkey packet body, 56 bytes
 * @param keyX x coordinate of the public point on edwards25519
 * @param nonceX x coordinate of the commitment
 * @param nonceY y coordinate of the commitment
 * @param s the response, below the group order
 */
public record KeyProof(byte[] subkeyBody, BigInteger keyX, BigInteger nonceX, BigInteger nonceY, BigInteger s) {
    /** Length of the packet body of a Curve25519 ECDH subkey. */
    public static final int SUBKEY_BODY_BYTES = 56;

    private static final int WORD_BITS = 256;

    /** @throws IllegalArgumentException when a part is out of range */
    public KeyProof {
        if (subkeyBody.length != SUBKEY_BODY_BYTES) {
            throw new IllegalArgumentException("a subkey body has 56 bytes, not " + subkeyBody.length);
        }
        subkeyBody = subkeyBody.clone();
        for (BigInteger number : new BigInteger[] {keyX, nonceX, nonceY, s}) {
            if (number.signum() < 0 || number.bitLength() > WORD_BITS) {
                throw new IllegalArgumentException("a number of the proof is out of range");
            }
        }
    }

    @Override
    public byte[] subkeyBody() {
        return subkeyBody.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof KeyProof proof && Arrays.equals(subkeyBody, proof.subkeyBody)
                && keyX.equals(proof.keyX) && nonceX.equals(proof.nonceX) && nonceY.equals(proof.nonceY)
                && s.equals(proof.s);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(subkeyBody) + s.hashCode();
    }
}
