package network.conet.edge.crypto;

import java.security.SecureRandom;
import network.conet.edge.protocol.Hash256;
import network.conet.edge.protocol.WalletAddress;
import network.conet.edge.protocol.WalletSignature;

/**
 * A wallet: a secp256k1 private key and what it signs (section 1.1). Safe for use by many threads.
 *
 * <p>Signatures are deterministic (RFC 6979) and in the low half (EIP-2); libraries that users have (ethers) make
 * the same bytes. {@link #destroy} clears the copy of the key that this object holds; numbers that the arithmetic
 * made on the way stay in memory until it is reused, which Java cannot prevent.
 */
public final class Wallet {
    private final byte[] privateKey;
    private final WalletAddress address;
    private boolean destroyed;

    private Wallet(byte[] privateKey) {
        this.privateKey = privateKey;
        this.address = Secp256k1.address(privateKey);
    }

    /**
     * @param privateKey 32 bytes, big-endian, from 1 to the group order less 1; copied, the caller clears its own
     * @throws IllegalArgumentException when it is no private key; the text does not tell it
     */
    public static Wallet of(byte[] privateKey) {
        if (!Secp256k1.isPrivateKey(privateKey)) {
            throw new IllegalArgumentException("not a secp256k1 private key");
        }
        return new Wallet(privateKey.clone());
    }

    /** Makes a wallet; the same random bytes make the same one. */
    public static Wallet generate(SecureRandom random) {
        byte[] candidate = new byte[Secp256k1.SCALAR_BYTES];
        do {
            random.nextBytes(candidate);
        } while (!Secp256k1.isPrivateKey(candidate));
        return new Wallet(candidate);
    }

    /** Who this is. */
    public WalletAddress address() {
        return address;
    }

    /** Signs a text as {@code personal_sign} does (EIP-191 version 0x45). */
    public WalletSignature signPersonal(byte[] text) {
        return sign(WalletSignatures.personalDigest(text));
    }

    /** Signs a digest as it is. */
    public WalletSignature signDigest(Hash256 digest) {
        return sign(digest.bytes());
    }

    private WalletSignature sign(byte[] digest) {
        byte[] key = privateKey();
        try {
            return Secp256k1.sign(key, digest);
        } finally {
            SessionKeys.scrub(key);
        }
    }

    /** A copy that the caller clears. */
    synchronized byte[] privateKey() {
        if (destroyed) {
            throw new IllegalStateException("the wallet was destroyed");
        }
        return privateKey.clone();
    }

    /** Clears the key. Signing afterwards throws {@link IllegalStateException}. */
    public synchronized void destroy() {
        destroyed = true;
        SessionKeys.scrub(privateKey);
    }

    /** Names the wallet by its address only. */
    @Override
    public String toString() {
        return "Wallet[" + address + "]";
    }
}
