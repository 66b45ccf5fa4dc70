package network.conet.edge.crypto.internal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import network.conet.edge.api.Clock;
import network.conet.edge.api.KeyProver;
import network.conet.edge.api.KeyRing;
import network.conet.edge.crypto.KeyProofs;
import network.conet.edge.crypto.PgpPrivateKey;
import network.conet.edge.crypto.PgpPublicKey;
import network.conet.edge.crypto.Wallet;
import network.conet.edge.protocol.Hash256;
import network.conet.edge.protocol.KeyId;
import network.conet.edge.protocol.KeyProof;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.RefusedException;
import network.conet.edge.protocol.WalletAddress;
import network.conet.edge.protocol.WalletSignature;

/** The node's keys in memory, and the threads that open and seal messages. Safe for use by many threads. */
public final class NodeKeyRing implements KeyRing, KeyProver, Closeable {
    private static final long IDLE_SECONDS = 30;

    private final Wallet wallet;
    private final PgpPrivateKey key;
    private final SecureRandom random;
    private final Executor executor;
    /** Null when messages are opened on the caller. */
    private final ThreadPoolExecutor pool;

    /**
     * Where messages are opened.
     *
     * @param threads 1 or 2; 0 for on the caller's thread, before {@link KeyRing#open} returns
     * @param queueMax messages that wait for a thread, at most {@link KeyRingLimits#QUEUE_MAX}
     */
    public record Decryption(int threads, int queueMax) {
        /** Refuses what is out of range. */
        public Decryption {
            if (threads < 0 || threads > KeyRingLimits.THREADS_MAX
                    || threads > 0 && queueMax < 1 || queueMax > KeyRingLimits.QUEUE_MAX) {
                throw new IllegalArgumentException("decryption with " + threads + " threads (0 to "
                        + KeyRingLimits.THREADS_MAX + ") and a queue of " + queueMax + " (1 to "
                        + KeyRingLimits.QUEUE_MAX + ")");
            }
        }

        /** On the caller's thread: for simulations that must repeat. */
        public static Decryption onCaller() {
            return new Decryption(0, 0);
        }
    }

    /**
     * Opens the keys in a directory; makes them when it does not exist or is empty.
     *
     * @param directory see {@code KeyDirectory}
     * @param random for new keys, and later for proofs and sealing
     * @param clock for the creation time of a new key
     * @throws IOException with one line for the operator; an existing key is never replaced
     */
    public NodeKeyRing(Path directory, SecureRandom random, Clock clock, Decryption decryption) throws IOException {
        this(KeyDirectory.openOrMake(directory, random, clock), random, decryption);
    }

    /** Uses given keys; writes nothing. Randomness serves proofs and sealing. */
    public NodeKeyRing(Wallet wallet, PgpPrivateKey key, SecureRandom random, Decryption decryption) {
        this(new KeyDirectory.Keys(wallet, key), random, decryption);
    }

    private NodeKeyRing(KeyDirectory.Keys keys, SecureRandom random, Decryption decryption) {
        this.random = Objects.requireNonNull(random);
        wallet = Objects.requireNonNull(keys.wallet());
        key = Objects.requireNonNull(keys.key());
        pool = decryption.threads == 0 ? null : pool(decryption);
        executor = pool == null ? Runnable::run : pool;
    }

    private static ThreadPoolExecutor pool(Decryption decryption) {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(decryption.threads, decryption.threads, IDLE_SECONDS,
                TimeUnit.SECONDS, new ArrayBlockingQueue<>(decryption.queueMax),
                work -> new Thread(null, work, "conet-decrypt", KeyRingLimits.STACK_BYTES));
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    @Override
    public WalletAddress wallet() {
        return wallet.address();
    }

    @Override
    public KeyId keyId() {
        return key.keyId();
    }

    @Override
    public String publicKeyArmored() {
        return key.publicKey().armored();
    }

    @Override
    public CompletionStage<byte[]> open(byte[] armor) {
        return run(() -> key.decrypt(armor));
    }

    @Override
    public CompletionStage<byte[]> seal(String publicKeyArmored, byte[] plaintext) {
        return run(() -> PgpPublicKey.parse(publicKeyArmored).encrypt(plaintext, random));
    }

    private CompletionStage<byte[]> run(Step step) {
        Work work = new Work(step);
        try {
            executor.execute(work);
        } catch (RejectedExecutionException full) {
            work.refuse(pool.isShutdown() ? RefuseReason.STOPPING : RefuseReason.DECRYPT_BUSY);
        }
        return work.result;
    }

    @Override
    public WalletSignature signPersonal(byte[] text) {
        return wallet.signPersonal(text);
    }

    @Override
    public WalletSignature signDigest(Hash256 digest) {
        return wallet.signDigest(digest);
    }

    @Override
    public KeyProof proveKeyId(long chainId, WalletAddress contract) {
        return KeyProofs.make(key, chainId, contract, wallet.address(), random);
    }

    /** Ends the threads. Messages that wait, and later ones, are refused with {@code STOPPING}. */
    @Override
    public void close() {
        if (pool != null) {
            for (Runnable waiting : pool.shutdownNow()) {
                ((Work) waiting).refuse(RefuseReason.STOPPING);
            }
        }
    }

    /** Names the keys by their public ids only. */
    @Override
    public String toString() {
        return "NodeKeyRing[" + wallet.address() + ", " + key.keyId() + "]";
    }

    /** What is done with one message. */
    private interface Step {
        byte[] take() throws RefusedException;
    }

    /** One message to open or to seal. */
    private static final class Work implements Runnable {
        private final Step step;
        private final CompletableFuture<byte[]> result = new CompletableFuture<>();

        Work(Step step) {
            this.step = step;
        }

        @Override
        public void run() {
            try {
                result.complete(step.take());
            } catch (RefusedException refused) {
                result.completeExceptionally(refused);
            } catch (RuntimeException | Error broken) {
                result.completeExceptionally(broken); // or the one who waits would wait for ever
            }
        }

        void refuse(RefuseReason reason) {
            result.completeExceptionally(new RefusedException(reason));
        }
    }
}
