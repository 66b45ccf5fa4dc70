package network.conet.edge.chain.internal;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import network.conet.edge.api.KeyRing;
import network.conet.edge.crypto.Wallet;
import network.conet.edge.protocol.Hash256;
import network.conet.edge.protocol.KeyId;
import network.conet.edge.protocol.WalletAddress;
import network.conet.edge.protocol.WalletSignature;

/** A key ring that signs with a known wallet and opens nothing. */
record TestKeys(Wallet signer, KeyId keyId) implements KeyRing {
    /** The wallet with private key {@code number}. */
    static Wallet wallet(int number) {
        byte[] key = new byte[32];
        key[31] = (byte) number;
        return Wallet.of(key);
    }

    @Override
    public WalletAddress wallet() {
        return signer.address();
    }

    @Override
    public String publicKeyArmored() {
        return "";
    }

    @Override
    public CompletionStage<byte[]> open(byte[] armor) {
        return CompletableFuture.failedStage(new UnsupportedOperationException());
    }

    @Override
    public CompletionStage<byte[]> seal(String publicKeyArmored, byte[] plaintext) {
        return CompletableFuture.failedStage(new UnsupportedOperationException());
    }

    @Override
    public WalletSignature signPersonal(byte[] text) {
        return signer.signPersonal(text);
    }

    @Override
    public WalletSignature signDigest(Hash256 digest) {
        return signer.signDigest(digest);
    }
}
