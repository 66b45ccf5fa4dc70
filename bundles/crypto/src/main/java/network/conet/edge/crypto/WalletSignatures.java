package network.conet.edge.crypto;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import network.conet.edge.api.Signatures;
import network.conet.edge.protocol.Hash256;
import network.conet.edge.protocol.WalletAddress;
import network.conet.edge.protocol.WalletSignature;

/** Keccak-256 and the recovery of signers, in pure Java. Stateless, safe for use by many threads. */
public final class WalletSignatures implements Signatures {
    /** EIP-191 version 0x45: this, the length of the text in decimal digits, the text. */
    private static final String PERSONAL_PREFIX = "\u0019Ethereum Signed Message:\n";

    /** Needs nothing. */
    public WalletSignatures() {}

    @Override
    public Hash256 hash(byte[] input) {
        return Hash256.of(Secp256k1.keccak(input));
    }

    @Override
    public Optional<WalletAddress> recoverPersonal(byte[] text, WalletSignature signature) {
        return Secp256k1.recover(personalDigest(text), signature.bytes());
    }

    @Override
    public Optional<WalletAddress> recoverDigest(Hash256 digest, WalletSignature signature) {
        return Secp256k1.recover(digest.bytes(), signature.bytes());
    }

    static byte[] personalDigest(byte[] text) {
        return Secp256k1.keccak((PERSONAL_PREFIX + text.length).getBytes(StandardCharsets.US_ASCII), text);
    }
}
