package network.conet.edge.crypto;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import network.conet.edge.protocol.Hash256;
import network.conet.edge.protocol.KeyProof;
import network.conet.edge.protocol.WalletAddress;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.digests.SHA512Digest;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.math.ec.ECPoint;
import org.bouncycastle.math.ec.FixedPointCombMultiplier;
import org.bouncycastle.util.BigIntegers;

/**
 * Makes the proof that the contract {@code KeyProof} checks: that its maker knows the private key a behind an
 * encryption subkey, for one owner, one contract and one chain. A Schnorr proof (Fiat-Shamir) on edwards25519:
 *
 * <pre>
 *  A = a B                                          u = (1 + y) / (1 - y) of A is the subkey's public key
 *  R = r B                                          r random, never twice
 *  c = keccak256(abi.encode("conet.keyproof.v1", chain id, contract, owner, u as in the packet, x of A, R)) mod L
 *  s = r + c a mod L                                verified as s B == R + c A
 * </pre>
 *
 * Points are multiplied by the library's constant-time code on the same curve in Weierstrass form; only public
 * points are then mapped to Edwards coordinates (RFC 7748 section 4.1). Stateless.
 */
public final class KeyProofs {
    private static final String CONTEXT = "conet.keyproof.v1";
    private static final X9ECParameters CURVE = CustomNamedCurves.getByName("curve25519");
    private static final BigInteger P = BigInteger.ONE.shiftLeft(255).subtract(BigInteger.valueOf(19));
    private static final BigInteger L = CURVE.getN();
    /** A third of Montgomery's coefficient 486662: the Weierstrass x is the Montgomery u plus this. */
    private static final BigInteger SHIFT =
            BigInteger.valueOf(486662).multiply(BigInteger.valueOf(3).modInverse(P)).mod(P);
    /** x of the base point of edwards25519 (RFC 8032 section 5.1). */
    private static final BigInteger BASE_X = new BigInteger(
            "15112221349535400772501151409588531511454012693041857206046113283949847762202");
    /** The square root of -486664 (RFC 7748 section 4.1) with the sign that maps base point to base point. */
    private static final BigInteger ROOT = root();

    private KeyProofs() {}

    /**
     * @param key whose encryption subkey is to be proven
     * @param chainId the chain of the contract; not negative
     * @param contract that will check the proof
     * @param owner the wallet that gets the key id
     * @param random mixed with the key and the context into r, so that a weak one does not betray the key
     */
    public static KeyProof make(
            PgpPrivateKey key, long chainId, WalletAddress contract, WalletAddress owner, SecureRandom random) {
        byte[] body = key.publicKey().subkeyBody();
        byte[] scalar = key.clampedScalar();
        try {
            BigInteger a = littleEndian(scalar);
            byte[] context = context(chainId, contract, owner, EcdhSubkey.point(body), edwards(a)[0]);
            return prove(body, a, nonce(scalar, context, random), context);
        } finally {
            SessionKeys.scrub(scalar);
        }
    }

    /** The proof for one scalar and one nonce, which must never serve twice. */
    static KeyProof prove(byte[] body, BigInteger a, BigInteger r, byte[] context) {
        BigInteger[] commitment = edwards(r);
        BigInteger c = challenge(context, commitment[0], commitment[1]);
        return new KeyProof(body, edwards(a)[0], commitment[0], commitment[1], c.multiply(a).add(r).mod(L));
    }

    /** abi.encode: eight words, the first of which is the place of the text; then the text. Here the first six. */
    static byte[] context(long chainId, WalletAddress contract, WalletAddress owner, byte[] u, BigInteger keyX) {
        return concat(TypedData.word(8L * Hash256.BYTES), TypedData.word(chainId), TypedData.word(contract),
                TypedData.word(owner), u, word(keyX));
    }

    private static BigInteger challenge(byte[] context, BigInteger nonceX, BigInteger nonceY) {
        byte[] text = CONTEXT.getBytes(StandardCharsets.US_ASCII);
        return new BigInteger(1, Secp256k1.keccak(context, word(nonceX), word(nonceY), TypedData.word(text.length),
                Arrays.copyOf(text, Hash256.BYTES))).mod(L);
    }

    /** 512 bits of SHA-512 over fresh randomness, the key and the context, reduced: no bias worth the name. */
    private static BigInteger nonce(byte[] scalar, byte[] context, SecureRandom random) {
        byte[] fresh = new byte[Hash256.BYTES];
        byte[] wide = new byte[2 * Hash256.BYTES];
        BigInteger r;
        do {
            random.nextBytes(fresh);
            SHA512Digest digest = new SHA512Digest();
            for (byte[] part : new byte[][] {fresh, scalar, context}) {
                digest.update(part, 0, part.length);
            }
            digest.doFinal(wide, 0);
            r = new BigInteger(1, wide).mod(L);
        } while (r.signum() == 0);
        SessionKeys.scrub(fresh);
        SessionKeys.scrub(wide);
        return r;
    }

    /** x and y on edwards25519 of a scalar times its base point. */
    static BigInteger[] edwards(BigInteger scalar) {
        return edwards(new FixedPointCombMultiplier().multiply(CURVE.getG(), scalar.mod(L)).normalize(), ROOT);
    }

    private static BigInteger[] edwards(ECPoint point, BigInteger root) {
        BigInteger u = point.getAffineXCoord().toBigInteger().subtract(SHIFT).mod(P);
        BigInteger v = point.getAffineYCoord().toBigInteger();
        BigInteger x = root.multiply(u).multiply(v.modInverse(P)).mod(P);
        BigInteger y = u.subtract(BigInteger.ONE).multiply(u.add(BigInteger.ONE).modInverse(P)).mod(P);
        return new BigInteger[] {x, y};
    }

    private static BigInteger root() {
        // p = 5 mod 8: a^((p+3)/8) is a root of a or of -a; the latter becomes one with a root of -1.
        BigInteger square = BigInteger.valueOf(-486664).mod(P);
        BigInteger root = square.modPow(P.add(BigInteger.valueOf(3)).shiftRight(3), P);
        if (!root.multiply(root).mod(P).equals(square)) {
            root = root.multiply(BigInteger.TWO.modPow(P.shiftRight(2), P)).mod(P);
        }
        return edwards(CURVE.getG(), root)[0].equals(BASE_X) ? root : P.subtract(root);
    }

    private static BigInteger littleEndian(byte[] bytes) {
        byte[] reversed = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            reversed[i] = bytes[bytes.length - 1 - i];
        }
        BigInteger number = new BigInteger(1, reversed);
        SessionKeys.scrub(reversed);
        return number;
    }

    private static byte[] word(BigInteger number) {
        return BigIntegers.asUnsignedByteArray(Hash256.BYTES, number);
    }

    private static byte[] concat(byte[]... parts) {
        byte[] all = new byte[parts.length * Hash256.BYTES];
        for (int i = 0; i < parts.length; i++) {
            System.arraycopy(parts[i], 0, all, i * Hash256.BYTES, Hash256.BYTES);
        }
        return all;
    }
}
