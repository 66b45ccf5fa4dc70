package network.conet.edge.crypto;

import java.util.Iterator;
import java.util.List;
import java.util.Set;
import network.conet.edge.crypto.PacketReader.Packet;
import org.bouncycastle.bcpg.HashAlgorithmTags;
import org.bouncycastle.bcpg.sig.KeyFlags;
import org.bouncycastle.crypto.digests.SHA1Digest;
import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.PGPPublicKey;
import org.bouncycastle.openpgp.PGPSignature;
import org.bouncycastle.openpgp.PGPSignatureSubpacketVector;
import org.bouncycastle.openpgp.operator.bc.BcPGPContentVerifierBuilderProvider;

/** What a key's packets say: its first subkey, whether that one may be sealed to, what its owner prefers. */
final class KeyPackets {
    private static final Set<Integer> PUBLIC_KEY_TAGS = Set.of(PacketReader.TAG_PUBLIC_KEY,
            PacketReader.TAG_PUBLIC_SUBKEY, PacketReader.TAG_USER_ID, PacketReader.TAG_SIGNATURE,
            PacketReader.TAG_USER_ATTRIBUTE, PacketReader.TAG_TRUST, PacketReader.TAG_MARKER);
    private static final Set<Integer> SOUND_HASHES = Set.of(HashAlgorithmTags.SHA256, HashAlgorithmTags.SHA384,
            HashAlgorithmTags.SHA512, HashAlgorithmTags.SHA224, HashAlgorithmTags.SHA3_256,
            HashAlgorithmTags.SHA3_512);
    private static final int FINGERPRINT_BYTES = 20;

    private KeyPackets() {}

    /** One primary key of version 4 first, and nothing that has no place in a public key. */
    static void requirePublicKey(List<Packet> packets) throws MalformedException {
        if (packets.isEmpty() || packets.get(0).tag() != PacketReader.TAG_PUBLIC_KEY) {
            throw new MalformedException("not a public key");
        }
        for (int i = 0; i < packets.size(); i++) {
            Packet packet = packets.get(i);
            boolean key = packet.tag() == PacketReader.TAG_PUBLIC_KEY
                    || packet.tag() == PacketReader.TAG_PUBLIC_SUBKEY;
            if (!PUBLIC_KEY_TAGS.contains(packet.tag()) || packet.tag() == PacketReader.TAG_PUBLIC_KEY && i > 0
                    || key && (packet.body().length == 0 || packet.body()[0] != 4)
                    || packet.tag() == PacketReader.TAG_USER_ID
                            && packet.body().length > CryptoLimits.USER_ID_BYTES_MAX) {
                throw new MalformedException("public key");
            }
        }
    }

    /** The first subkey, or null when there is none. */
    static PGPPublicKey firstSubkey(Iterator<PGPPublicKey> keys) {
        while (keys.hasNext()) {
            PGPPublicKey key = keys.next();
            if (!key.isMasterKey()) {
                return key;
            }
        }
        return null;
    }

    /** The first subkey's packet body, empty when there is none. */
    static byte[] firstSubkeyBody(List<Packet> packets) {
        return packets.stream().filter(packet -> packet.tag() == PacketReader.TAG_PUBLIC_SUBKEY).findFirst()
                .map(Packet::body).orElseGet(() -> new byte[0]);
    }

    /** RFC 4880 section 12.2: SHA-1 of 99, the length, the packet body. */
    static byte[] fingerprint(byte[] body) {
        SHA1Digest sha1 = new SHA1Digest();
        sha1.update(new byte[] {(byte) 0x99, (byte) (body.length >> 8), (byte) body.length}, 0, 3);
        sha1.update(body, 0, body.length);
        byte[] fingerprint = new byte[FINGERPRINT_BYTES];
        sha1.doFinal(fingerprint, 0);
        return fingerprint;
    }

    /** Whether the subkey encrypts, is bound by the primary, not revoked, and written in the one canonical way. */
    static boolean isUsable(PGPPublicKey primary, PGPPublicKey subkey, byte[] subkeyBody) {
        return subkey.isEncryptionKey() && subkey.hasFingerprint(fingerprint(subkeyBody))
                && !isRevoked(primary, primary, PGPSignature.KEY_REVOCATION)
                && !isRevoked(primary, subkey, PGPSignature.SUBKEY_REVOCATION) && isBound(primary, subkey);
    }

    private static boolean isBound(PGPPublicKey primary, PGPPublicKey subkey) {
        for (Iterator<PGPSignature> all = subkey.getSignaturesOfType(PGPSignature.SUBKEY_BINDING); all.hasNext();) {
            PGPSignature binding = all.next();
            if (isValid(binding, primary, subkey) && allowsEncryption(binding.getHashedSubPackets())) {
                return true;
            }
        }
        return false;
    }

    /** An old signature without flags leaves it to the algorithm. */
    private static boolean allowsEncryption(PGPSignatureSubpacketVector hashed) {
        return hashed.getKeyFlags() == 0
                || (hashed.getKeyFlags() & (KeyFlags.ENCRYPT_COMMS | KeyFlags.ENCRYPT_STORAGE)) != 0;
    }

    private static boolean isRevoked(PGPPublicKey primary, PGPPublicKey key, int type) {
        for (Iterator<PGPSignature> all = key.getSignaturesOfType(type); all.hasNext();) {
            if (isValid(all.next(), primary, key)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isValid(PGPSignature signature, PGPPublicKey primary, PGPPublicKey key) {
        if (!SOUND_HASHES.contains(signature.getHashAlgorithm()) || signature.getHashedSubPackets() == null) {
            return false;
        }
        try {
            signature.init(new BcPGPContentVerifierBuilderProvider(), primary);
            return key == primary ? signature.verifyCertification(primary)
                    : signature.verifyCertification(primary, key);
        } catch (PGPException | RuntimeException unreadable) {
            return false; // a signature that cannot be read binds and revokes nothing
        }
    }

    /** The cipher to seal with: AES-256 if listed, else the first AES that is, else what every reader must know. */
    static int preferredCipher(PGPPublicKey primary) {
        PGPSignature newest = newestSelfSignature(primary);
        int[] listed = newest == null ? null : newest.getHashedSubPackets().getPreferredSymmetricAlgorithms();
        int first = 0;
        for (int algorithm : listed == null ? new int[0] : listed) {
            if (algorithm == SessionKeys.AES_256) {
                return SessionKeys.AES_256;
            }
            first = first == 0 && SessionKeys.keyBytes(algorithm) > 0 ? algorithm : first;
        }
        return first == 0 ? SessionKeys.AES_128 : first;
    }

    /** The newest valid one that speaks about preferences: of a user id, or of the key itself. */
    private static PGPSignature newestSelfSignature(PGPPublicKey primary) {
        PGPSignature newest = null;
        for (Iterator<byte[]> ids = primary.getRawUserIDs(); ids.hasNext();) {
            byte[] id = ids.next();
            for (Iterator<PGPSignature> all = primary.getSignaturesForID(id); all.hasNext();) {
                newest = newer(newest, all.next(), primary, id);
            }
        }
        for (Iterator<PGPSignature> all = primary.getSignaturesOfType(PGPSignature.DIRECT_KEY); all.hasNext();) {
            newest = newer(newest, all.next(), primary, null);
        }
        return newest;
    }

    private static PGPSignature newer(PGPSignature newest, PGPSignature other, PGPPublicKey primary, byte[] id) {
        boolean candidate = other.getKeyID() == primary.getKeyID() && other.getHashedSubPackets() != null
                && other.getHashedSubPackets().getPreferredSymmetricAlgorithms() != null
                && (newest == null || other.getCreationTime().after(newest.getCreationTime()));
        return candidate && isSelfSignature(other, primary, id) ? other : newest;
    }

    private static boolean isSelfSignature(PGPSignature signature, PGPPublicKey primary, byte[] id) {
        if (id == null) {
            return isValid(signature, primary, primary);
        }
        if (!SOUND_HASHES.contains(signature.getHashAlgorithm()) || !isCertification(signature)) {
            return false;
        }
        try {
            signature.init(new BcPGPContentVerifierBuilderProvider(), primary);
            return signature.verifyCertification(id, primary);
        } catch (PGPException | RuntimeException unreadable) {
            return false; // a signature that cannot be read says nothing
        }
    }

    private static boolean isCertification(PGPSignature signature) {
        return signature.getSignatureType() >= PGPSignature.DEFAULT_CERTIFICATION
                && signature.getSignatureType() <= PGPSignature.POSITIVE_CERTIFICATION;
    }
}
