package network.conet.edge.relay.internal;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import network.conet.edge.api.KeyRing;
import network.conet.edge.protocol.Hash256;
import network.conet.edge.protocol.KeyId;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.RefusedException;
import network.conet.edge.protocol.WalletAddress;
import network.conet.edge.protocol.WalletSignature;

/** A node's keys, made of {@link FakeSignatures} and {@link FakeSeal}. */
final class FakeKeyRing implements KeyRing {
    private final FakeSignatures signatures;
    private final WalletAddress wallet;
    private final KeyId keyId;
    private final Executor pool;
    /** What {@link #open} refuses with, if not null. */
    RefuseReason refusal;

    FakeKeyRing(FakeSignatures signatures, WalletAddress wallet, KeyId keyId, Executor pool) {
        this.signatures = signatures;
        this.wallet = wallet;
        this.keyId = keyId;
        this.pool = pool;
    }

    @Override
    public WalletAddress wallet() {
        return wallet;
    }

    @Override
    public KeyId keyId() {
        return keyId;
    }

    @Override
    public String publicKeyArmored() {
        return "";
    }

    @Override
    public CompletionStage<byte[]> open(byte[] armor) {
        CompletableFuture<byte[]> opened = new CompletableFuture<>();
        pool.execute(() -> {
            try {
                if (refusal != null) {
                    throw new RefusedException(refusal);
                }
                opened.complete(FakeSeal.open(keyId, armor));
            } catch (RefusedException refused) {
                opened.completeExceptionally(refused);
            }
        });
        return opened;
    }

    /** The fake of an armored key is its id. */
    @Override
    public CompletionStage<byte[]> seal(String publicKeyArmored, byte[] plaintext) {
        return KeyId.parse(publicKeyArmored)
                .map(recipient -> CompletableFuture.completedFuture(FakeSeal.seal(recipient, plaintext)))
                .orElseGet(() -> CompletableFuture.failedFuture(new RefusedException(RefuseReason.ARMOR_MALFORMED)));
    }

    @Override
    public WalletSignature signPersonal(byte[] text) {
        return signatures.signPersonal(text, wallet);
    }

    @Override
    public WalletSignature signDigest(Hash256 digest) {
        return signatures.sign(digest, wallet);
    }
}
