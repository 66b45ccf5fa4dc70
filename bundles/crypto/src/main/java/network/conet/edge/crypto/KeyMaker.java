package network.conet.edge.crypto;

import java.security.SecureRandom;
import java.util.Date;
import org.bouncycastle.bcpg.CompressionAlgorithmTags;
import org.bouncycastle.bcpg.HashAlgorithmTags;
import org.bouncycastle.bcpg.PublicKeyAlgorithmTags;
import org.bouncycastle.bcpg.PublicKeyPacket;
import org.bouncycastle.bcpg.SymmetricKeyAlgorithmTags;
import org.bouncycastle.bcpg.sig.Features;
import org.bouncycastle.bcpg.sig.KeyFlags;
import org.bouncycastle.crypto.AsymmetricCipherKeyPair;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.params.X25519PrivateKeyParameters;
import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.PGPKdfParameters;
import org.bouncycastle.openpgp.PGPKeyPair;
import org.bouncycastle.openpgp.PGPKeyRingGenerator;
import org.bouncycastle.openpgp.PGPSecretKeyRing;
import org.bouncycastle.openpgp.PGPSignature;
import org.bouncycastle.openpgp.PGPSignatureSubpacketGenerator;
import org.bouncycastle.openpgp.operator.bc.BcPGPContentSignerBuilder;
import org.bouncycastle.openpgp.operator.bc.BcPGPDigestCalculatorProvider;
import org.bouncycastle.openpgp.operator.bc.BcPGPKeyPair;

/** Makes OpenPGP keys of the network's shape (section 1.2). */
final class KeyMaker {
    private static final int[] CIPHERS = {SymmetricKeyAlgorithmTags.AES_256, SymmetricKeyAlgorithmTags.AES_128};
    private static final int[] HASHES = {HashAlgorithmTags.SHA512, HashAlgorithmTags.SHA256};
    private static final int[] COMPRESSIONS = {
        CompressionAlgorithmTags.ZLIB, CompressionAlgorithmTags.ZIP, CompressionAlgorithmTags.UNCOMPRESSED
    };

    private KeyMaker() {}

    static PGPSecretKeyRing make(String userId, SecureRandom random, long createdSeconds) throws PGPException {
        Date created = new Date(createdSeconds * 1000);
        Ed25519PrivateKeyParameters signing = new Ed25519PrivateKeyParameters(random);
        X25519PrivateKeyParameters sealing = new X25519PrivateKeyParameters(random);
        PGPKeyPair primary = new BcPGPKeyPair(PublicKeyPacket.VERSION_4, PublicKeyAlgorithmTags.EDDSA_LEGACY,
                new AsymmetricCipherKeyPair(signing.generatePublicKey(), signing), created);
        PGPKeyPair subkey = new BcPGPKeyPair(PublicKeyPacket.VERSION_4, PublicKeyAlgorithmTags.ECDH,
                new PGPKdfParameters(HashAlgorithmTags.SHA256, SymmetricKeyAlgorithmTags.AES_128),
                new AsymmetricCipherKeyPair(sealing.generatePublicKey(), sealing), created);

        PGPSignatureSubpacketGenerator self =
                signatureBy(primary, created, KeyFlags.CERTIFY_OTHER | KeyFlags.SIGN_DATA);
        self.setPreferredSymmetricAlgorithms(false, CIPHERS);
        self.setPreferredHashAlgorithms(false, HASHES);
        self.setPreferredCompressionAlgorithms(false, COMPRESSIONS);
        self.setFeature(false, Features.FEATURE_MODIFICATION_DETECTION);
        self.setPrimaryUserID(false, true);

        PGPSignatureSubpacketGenerator binding =
                signatureBy(primary, created, KeyFlags.ENCRYPT_COMMS | KeyFlags.ENCRYPT_STORAGE);
        PGPKeyRingGenerator generator = new PGPKeyRingGenerator(PGPSignature.POSITIVE_CERTIFICATION, primary, userId,
                new BcPGPDigestCalculatorProvider().get(HashAlgorithmTags.SHA1), self.generate(), null,
                new BcPGPContentSignerBuilder(PublicKeyAlgorithmTags.EDDSA_LEGACY, HashAlgorithmTags.SHA512)
                        .setSecureRandom(random), null);
        generator.addSubKey(subkey, binding.generate(), null);
        return generator.generateSecretKeyRing();
    }

    private static PGPSignatureSubpacketGenerator signatureBy(PGPKeyPair primary, Date created, int flags) {
        PGPSignatureSubpacketGenerator packets = new PGPSignatureSubpacketGenerator();
        packets.setSignatureCreationTime(false, created);
        packets.setIssuerFingerprint(false, primary.getPublicKey());
        packets.setKeyFlags(false, flags);
        return packets;
    }
}
