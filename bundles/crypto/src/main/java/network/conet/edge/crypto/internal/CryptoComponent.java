package network.conet.edge.crypto.internal;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import network.conet.edge.api.Clock;
import network.conet.edge.api.KeyProver;
import network.conet.edge.api.KeyRing;
import network.conet.edge.api.Lifecycle;
import network.conet.edge.api.Signatures;
import network.conet.edge.crypto.WalletSignatures;
import network.conet.edge.protocol.Hash256;
import network.conet.edge.protocol.KeyId;
import network.conet.edge.protocol.KeyProof;
import network.conet.edge.protocol.WalletAddress;
import network.conet.edge.protocol.WalletSignature;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/** Offers the node's keys and the checks of signatures to the other bundles. */
@Component(name = CryptoComponent.PID, configurationPid = CryptoComponent.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE, immediate = true,
        service = {KeyRing.class, KeyProver.class, Signatures.class})
@Designate(ocd = CryptoConfig.class)
public final class CryptoComponent implements KeyRing, KeyProver, Signatures {
    static final String PID = "network.conet.edge.crypto";
    private static final String DATA_DIRECTORY = "conet.data";

    private final NodeKeyRing ring;
    private final WalletSignatures signatures = new WalletSignatures();

    /** Opens or makes the keys; ends the node when that cannot be done. */
    @Activate
    public CryptoComponent(BundleContext context, CryptoConfig config, @Reference Lifecycle lifecycle,
            @Reference Clock clock) {
        try {
            String data = Optional.ofNullable(context.getProperty(DATA_DIRECTORY)).orElse("");
            NodeKeyRing.Decryption decryption =
                    new NodeKeyRing.Decryption(config.decryptThreads(), config.decryptQueueMax());
            if (decryption.threads() == 0) {
                throw new IllegalArgumentException("decryptThreads must be 1 or 2");
            }
            ring = new NodeKeyRing(
                    Path.of(data).resolve(config.directory()), new SecureRandom(), clock, decryption);
        } catch (IOException | IllegalArgumentException unusable) {
            lifecycle.refuseToStart(PID, unusable.getMessage());
            throw new IllegalStateException(unusable.getMessage(), unusable);
        }
    }

    @Deactivate
    void stop() {
        ring.close();
    }

    @Override
    public WalletAddress wallet() {
        return ring.wallet();
    }

    @Override
    public KeyId keyId() {
        return ring.keyId();
    }

    @Override
    public String publicKeyArmored() {
        return ring.publicKeyArmored();
    }

    @Override
    public CompletionStage<byte[]> open(byte[] armor) {
        return ring.open(armor);
    }

    @Override
    public CompletionStage<byte[]> seal(String publicKeyArmored, byte[] plaintext) {
        return ring.seal(publicKeyArmored, plaintext);
    }

    @Override
    public WalletSignature signPersonal(byte[] text) {
        return ring.signPersonal(text);
    }

    @Override
    public WalletSignature signDigest(Hash256 digest) {
        return ring.signDigest(digest);
    }

    @Override
    public KeyProof proveKeyId(long chainId, WalletAddress contract) {
        return ring.proveKeyId(chainId, contract);
    }

    @Override
    public Hash256 hash(byte[] input) {
        return signatures.hash(input);
    }

    @Override
    public Optional<WalletAddress> recoverPersonal(byte[] text, WalletSignature signature) {
        return signatures.recoverPersonal(text, signature);
    }

    @Override
    public Optional<WalletAddress> recoverDigest(Hash256 digest, WalletSignature signature) {
        return signatures.recoverDigest(digest, signature);
    }
}
