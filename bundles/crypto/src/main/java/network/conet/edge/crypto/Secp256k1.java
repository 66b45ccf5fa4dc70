package network.conet.edge.crypto;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Optional;
import network.conet.edge.protocol.Hash256;
import network.conet.edge.protocol.WalletAddress;
import network.conet.edge.protocol.WalletSignature;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.digests.KeccakDigest;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.signers.HMacDSAKCalculator;
import org.bouncycastle.math.ec.ECAlgorithms;
import org.bouncycastle.math.ec.ECPoint;
import org.bouncycastle.math.ec.FixedPointCombMultiplier;
import org.bouncycastle.util.BigIntegers;

/**
 * ECDSA on secp256k1 (SEC 2) as Ethereum uses it: nonces of RFC 6979 with SHA-256, s in the low half (EIP-2), and
 * the half of the plane that the nonce point lies in, so that the signer can be recovered. Stateless.
 */
final class Secp256k1 {
    static final int SCALAR_BYTES = 32;

    private static final X9ECParameters CURVE = CustomNamedCurves.getByName("secp256k1");
    private static final BigInteger N = CURVE.getN();
    private static final BigInteger N_HALF = N.shiftRight(1);
    private static final int V_BASE = 27;
    private static final int KECCAK_BITS = 256;
    private static final int X_AT = 1;

    private Secp256k1() {}

    static byte[] keccak(byte[]... parts) {
        KeccakDigest digest = new KeccakDigest(KECCAK_BITS);
        for (byte[] part : parts) {
            digest.update(part, 0, part.length);
        }
        byte[] hash = new byte[digest.getDigestSize()];
        digest.doFinal(hash, 0);
        return hash;
    }

    /** Whether 32 bytes are a private key: 1 to n - 1. */
    static boolean isPrivateKey(byte[] bytes) {
        return bytes.length == SCALAR_BYTES && isScalar(new BigInteger(1, bytes));
    }

    static WalletAddress address(byte[] privateKey) {
        return address(multiplyBase(new BigInteger(1, privateKey)));
    }

    static WalletSignature sign(byte[] privateKey, byte[] digest) {
        BigInteger d = new BigInteger(1, privateKey);
        BigInteger e = new BigInteger(1, digest);
        HMacDSAKCalculator nonces = new HMacDSAKCalculator(new SHA256Digest());
        nonces.init(N, d, digest);
        while (true) {
            BigInteger k = nonces.nextK();
            ECPoint point = multiplyBase(k);
            BigInteger r = point.getAffineXCoord().toBigInteger();
            BigInteger s = BigIntegers.modOddInverse(N, k).multiply(e.add(d.multiply(r))).mod(N);
            // x of n or more cannot be told by a v of 27 or 28; no such nonce is known, nor one with s = 0.
            if (isScalar(r) && s.signum() != 0) {
                boolean high = s.compareTo(N_HALF) > 0;
                boolean odd = point.getAffineYCoord().testBitZero();
                return signature(r, high ? N.subtract(s) : s, odd != high);
            }
        }
    }

    /** The signer, or empty when r or s is out of range, s is high, or r is no point. */
    static Optional<WalletAddress> recover(byte[] digest, byte[] signature) {
        BigInteger r = new BigInteger(1, Arrays.copyOf(signature, SCALAR_BYTES));
        BigInteger s = new BigInteger(1, Arrays.copyOfRange(signature, SCALAR_BYTES, 2 * SCALAR_BYTES));
        if (!isScalar(r) || s.signum() == 0 || s.compareTo(N_HALF) > 0) {
            return Optional.empty();
        }
        byte[] encoded = new byte[1 + SCALAR_BYTES];
        encoded[0] = (byte) (2 + signature[2 * SCALAR_BYTES] - V_BASE);
        BigIntegers.asUnsignedByteArray(r, encoded, X_AT, SCALAR_BYTES);
        ECPoint nonce;
        try {
            nonce = CURVE.getCurve().decodePoint(encoded);
        } catch (IllegalArgumentException notOnCurve) {
            return Optional.empty();
        }
        BigInteger inverse = BigIntegers.modOddInverseVar(N, r);
        BigInteger e = new BigInteger(1, digest);
        ECPoint signer = ECAlgorithms.sumOfTwoMultiplies(CURVE.getG(), e.negate().multiply(inverse).mod(N),
                nonce, s.multiply(inverse).mod(N)).normalize();
        return signer.isInfinity() ? Optional.empty() : Optional.of(address(signer));
    }

    private static boolean isScalar(BigInteger number) {
        return number.signum() > 0 && number.compareTo(N) < 0;
    }

    private static ECPoint multiplyBase(BigInteger scalar) {
        return new FixedPointCombMultiplier().multiply(CURVE.getG(), scalar).normalize();
    }

    private static WalletAddress address(ECPoint point) {
        byte[] encoded = point.getEncoded(false);
        byte[] hash = keccak(Arrays.copyOfRange(encoded, X_AT, encoded.length));
        return WalletAddress.of(Arrays.copyOfRange(hash, Hash256.BYTES - WalletAddress.BYTES, Hash256.BYTES));
    }

    private static WalletSignature signature(BigInteger r, BigInteger s, boolean odd) {
        byte[] bytes = new byte[WalletSignature.BYTES];
        BigIntegers.asUnsignedByteArray(r, bytes, 0, SCALAR_BYTES);
        BigIntegers.asUnsignedByteArray(s, bytes, SCALAR_BYTES, SCALAR_BYTES);
        bytes[2 * SCALAR_BYTES] = (byte) (V_BASE + (odd ? 1 : 0));
        return WalletSignature.of(bytes);
    }
}
