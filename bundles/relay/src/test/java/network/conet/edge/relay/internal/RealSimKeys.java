package network.conet.edge.relay.internal;

import java.security.SecureRandom;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import network.conet.edge.api.KeyRing;
import network.conet.edge.api.Signatures;
import network.conet.edge.crypto.PgpPrivateKey;
import network.conet.edge.crypto.Wallet;
import network.conet.edge.crypto.WalletSignatures;
import network.conet.edge.protocol.Hash256;
import network.conet.edge.protocol.KeyId;
import network.conet.edge.protocol.RefusedException;
import network.conet.edge.protocol.WalletAddress;
import network.conet.edge.protocol.WalletSignature;

/** Real keys, made from a seed so that a run can be repeated. */
final class RealSimKeys implements SimKeys {
    private static final long CREATED_SECONDS = 1_700_000_000L;

    private final SecureRandom random;

    RealSimKeys(long seed) {
        random = new RepeatableNotSecureRandom(seed);
    }

    @Override
    public Signatures signatures() {
        return new WalletSignatures();
    }

    @Override
    public Holder make(String name) {
        return new RealHolder(Wallet.generate(random), PgpPrivateKey.generate(name, random, CREATED_SECONDS), random);
    }

    private record RealHolder(Wallet signer, PgpPrivateKey key, SecureRandom random) implements Holder {
        @Override
        public WalletAddress wallet() {
            return signer.address();
        }

        @Override
        public KeyId keyId() {
            return key.keyId();
        }

        @Override
        public WalletSignature signPersonal(byte[] text) {
            return signer.signPersonal(text);
        }

        @Override
        public byte[] seal(byte[] plaintext) {
            return key.publicKey().encrypt(plaintext, random);
        }

        @Override
        public byte[] open(byte[] armor) throws RefusedException {
            return key.decrypt(armor);
        }

        @Override
        public KeyRing ring(Executor pool) {
            return new RealRing(this, pool);
        }
    }

    private record RealRing(RealHolder holder, Executor pool) implements KeyRing {
        @Override
        public WalletAddress wallet() {
            return holder.wallet();
        }

        @Override
        public KeyId keyId() {
            return holder.keyId();
        }

        @Override
        public String publicKeyArmored() {
            return holder.key.publicKey().armored();
        }

        @Override
        public CompletionStage<byte[]> open(byte[] armor) {
            CompletableFuture<byte[]> opened = new CompletableFuture<>();
            pool.execute(() -> {
                try {
                    opened.complete(holder.open(armor));
                } catch (RefusedException refused) {
                    opened.completeExceptionally(refused);
                }
            });
            return opened;
        }

        @Override
        public CompletionStage<byte[]> seal(String publicKeyArmored, byte[] plaintext) {
            return CompletableFuture.failedFuture(new UnsupportedOperationException("nodes of this world write none"));
        }

        @Override
        public WalletSignature signPersonal(byte[] text) {
            return holder.signPersonal(text);
        }

        @Override
        public WalletSignature signDigest(Hash256 digest) {
            return holder.signer.signDigest(digest);
        }
    }

    /** A SecureRandom in name only. */
    private static final class RepeatableNotSecureRandom extends SecureRandom {
        private static final long serialVersionUID = 1L;

        private final Random random;

        private RepeatableNotSecureRandom(long seed) {
            random = new Random(seed);
        }

        @Override
        public void nextBytes(byte[] bytes) {
            random.nextBytes(bytes);
        }
    }
}
