package network.conet.edge.crypto;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import network.conet.edge.crypto.PacketReader.Packet;
import network.conet.edge.crypto.SessionKeys.SessionKey;
import network.conet.edge.protocol.KeyId;
import network.conet.edge.protocol.ProtocolLimits;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.RefusedException;
import org.bouncycastle.bcpg.HashAlgorithmTags;
import org.bouncycastle.bcpg.S2K;
import org.bouncycastle.bcpg.SymmetricKeyAlgorithmTags;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.params.X25519PrivateKeyParameters;
import org.bouncycastle.math.ec.rfc7748.X25519;
import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.PGPPrivateKey;
import org.bouncycastle.openpgp.PGPSecretKey;
import org.bouncycastle.openpgp.PGPSecretKeyRing;
import org.bouncycastle.openpgp.operator.PBESecretKeyDecryptor;
import org.bouncycastle.openpgp.operator.PBESecretKeyEncryptor;
import org.bouncycastle.openpgp.operator.PGPDigestCalculatorProvider;
import org.bouncycastle.openpgp.operator.bc.BcKeyFingerprintCalculator;
import org.bouncycastle.openpgp.operator.bc.BcPBESecretKeyDecryptorBuilder;
import org.bouncycastle.openpgp.operator.bc.BcPBESecretKeyEncryptorBuilder;
import org.bouncycastle.openpgp.operator.bc.BcPGPDigestCalculatorProvider;
import org.bouncycastle.openpgp.operator.bc.BcPGPKeyConverter;

/**
 * An OpenPGP key of our own (version 4), whose first subkey is ECDH on Curve25519 in its legacy form, as all keys of
 * the network have it (section 1.2). Immutable, safe for use by many threads.
 */
public final class PgpPrivateKey {
    private final PgpPublicKey publicKey;
    private final PGPSecretKeyRing ring;
    private final SessionKeys sessionKeys;

    private PgpPrivateKey(PgpPublicKey publicKey, PGPSecretKeyRing ring, SessionKeys sessionKeys) {
        this.publicKey = publicKey;
        this.ring = ring;
        this.sessionKeys = sessionKeys;
    }

    /**
     * Makes a key as openpgp.js 6 makes it: version 4, EdDSA (legacy) on Ed25519 as primary, ECDH on Curve25519 as
     * subkey; prefers AES-256, AES-128; ZLIB, ZIP, no compression; feature octet 0x01 only, because a further bit
     * would make senders use formats that existing nodes do not read.
     *
     * @param userId 1 to 256 bytes as UTF-8; the network's custom is the wallet address
     * @param random the only source of the key, so that a seed gives the same key again
     * @param createdSeconds unix seconds of creation, 0 to 2^32 - 1; part of the key's identity
     * @throws IllegalArgumentException when a parameter is out of range
     */
    public static PgpPrivateKey generate(String userId, SecureRandom random, long createdSeconds) {
        int length = userId.getBytes(StandardCharsets.UTF_8).length;
        if (length == 0 || length > CryptoLimits.USER_ID_BYTES_MAX || createdSeconds >>> Integer.SIZE != 0) {
            throw new IllegalArgumentException("user id of " + length + " bytes, created " + createdSeconds);
        }
        try {
            return of(KeyMaker.make(userId, random, createdSeconds), null);
        } catch (IOException | PGPException impossible) {
            throw new AssertionError("a key that was just made", impossible);
        }
    }

    /**
     * Reads an armored private key.
     *
     * @param armored at most 64 Ki characters
     * @param passphrase what it is protected with; null or empty when it is not; not kept, not cleared
     * @throws IOException with one line for the operator when it cannot be read: not a key, another kind of key, a
     *         wrong passphrase, parts that do not belong together
     */
    public static PgpPrivateKey load(String armored, char[] passphrase) throws IOException {
        if (armored.length() > CryptoLimits.KEY_ARMOR_CHARS_MAX
                || passphrase != null && passphrase.length > CryptoLimits.PASSPHRASE_CHARS_MAX) {
            throw new IOException("the OpenPGP private key or its passphrase is too long");
        }
        try {
            byte[] encoded = Armor.decode(armored.getBytes(StandardCharsets.UTF_8), Armor.PRIVATE_KEY);
            requirePrivateKey(PacketReader.split(encoded));
            return of(new PGPSecretKeyRing(encoded, new BcKeyFingerprintCalculator()), passphrase);
        } catch (MalformedException | PGPException | RuntimeException unreadable) {
            // The library's texts name nothing an operator knows, and the exception could carry key material.
            throw new IOException("not a readable OpenPGP private key");
        }
    }

    private static void requirePrivateKey(List<Packet> packets) throws MalformedException {
        for (Packet packet : packets) {
            boolean key = packet.tag() == PacketReader.TAG_SECRET_KEY
                    || packet.tag() == PacketReader.TAG_SECRET_SUBKEY;
            if (key && (packet.body().length == 0 || packet.body()[0] != 4)) {
                throw new MalformedException("a key of another version");
            }
        }
        if (packets.isEmpty() || packets.get(0).tag() != PacketReader.TAG_SECRET_KEY) {
            throw new MalformedException("not a private key");
        }
    }

    private static PgpPrivateKey of(PGPSecretKeyRing ring, char[] passphrase) throws IOException, PGPException {
        PgpPublicKey publicKey;
        try {
            publicKey = PgpPublicKey.read(ring.toCertificate().getEncoded());
        } catch (MalformedException | RefusedException unusable) {
            throw new IOException("the OpenPGP private key has no usable encryption subkey");
        }
        byte[] body = publicKey.subkeyBody();
        if (!EcdhSubkey.is(body)) {
            throw new IOException("the OpenPGP private key's subkey is not ECDH on Curve25519");
        }
        PGPSecretKeyRing open = unprotected(ring, passphrase);
        byte[] scalar = scalar(open.getSecretKey(publicKey.keyId().value()));
        byte[] point = new byte[X25519.POINT_SIZE];
        X25519.generatePublicKey(scalar, 0, point, 0);
        if (!Arrays.equals(point, EcdhSubkey.point(body))) {
            throw new IOException("the private and the public part of the OpenPGP key do not belong together");
        }
        SessionKeys keys = new SessionKeys(
                scalar, KeyPackets.fingerprint(body), EcdhSubkey.kdfHash(body), EcdhSubkey.kdfCipher(body));
        SessionKeys.scrub(scalar);
        return new PgpPrivateKey(publicKey, open, keys);
    }

    private static PGPSecretKeyRing unprotected(PGPSecretKeyRing ring, char[] passphrase) throws IOException {
        for (PGPSecretKey key : ring) {
            S2K s2k = key.getS2K();
            if (s2k != null && s2k.getType() != S2K.SALTED_AND_ITERATED) {
                throw new IOException("the OpenPGP private key is protected in a way that is not supported");
            }
        }
        PBESecretKeyDecryptor decryptor = new BcPBESecretKeyDecryptorBuilder(new BcPGPDigestCalculatorProvider())
                .build(passphrase == null ? new char[0] : passphrase);
        try {
            return PGPSecretKeyRing.copyWithNewPassword(ring, decryptor, null);
        } catch (PGPException | RuntimeException wrong) {
            throw new IOException("wrong passphrase for the OpenPGP private key, or the key is damaged");
        }
    }

    private static byte[] scalar(PGPSecretKey subkey) throws IOException, PGPException {
        PGPPrivateKey key = subkey == null ? null : subkey.extractPrivateKey(null);
        AsymmetricKeyParameter parameter = key == null ? null : new BcPGPKeyConverter().getPrivateKey(key);
        if (parameter instanceof X25519PrivateKeyParameters x25519) {
            return x25519.getEncoded();
        }
        throw new IOException("the OpenPGP private key has no private part for its first subkey");
    }

    /** The public part. */
    public PgpPublicKey publicKey() {
        return publicKey;
    }

    /** The routing address: the id of the first subkey. */
    public KeyId keyId() {
        return publicKey.keyId();
    }

    /**
     * The key, armored, every private part protected with AES-256 and a salted, iterated SHA-256 of the passphrase
     * (which openpgp.js and GnuPG read). A passphrase that people think of should be long: this hash takes time, but
     * no memory.
     *
     * @param passphrase 1 to 1,024 characters; not kept, not cleared
     * @param random for salt and initial vector
     * @return 7-bit text with LF line ends
     */
    public String exportArmored(char[] passphrase, PasswordCost cost, SecureRandom random) {
        if (passphrase.length == 0 || passphrase.length > CryptoLimits.PASSPHRASE_CHARS_MAX) {
            throw new IllegalArgumentException("a passphrase has 1 to " + CryptoLimits.PASSPHRASE_CHARS_MAX
                    + " characters");
        }
        try {
            PGPDigestCalculatorProvider digests = new BcPGPDigestCalculatorProvider();
            PBESecretKeyEncryptor protection = new BcPBESecretKeyEncryptorBuilder(SymmetricKeyAlgorithmTags.AES_256,
                    digests.get(HashAlgorithmTags.SHA256), cost.s2kCountCoded)
                    .setSecureRandom(random).build(passphrase);
            List<PGPSecretKey> keys = new ArrayList<>();
            for (PGPSecretKey key : ring) {
                // With SHA-1 over the private part: readers refuse the old two-octet checksum.
                keys.add(PGPSecretKey.copyWithNewPassword(
                        key, null, protection, digests.get(HashAlgorithmTags.SHA1)));
            }
            byte[] encoded = new PGPSecretKeyRing(keys).getEncoded();
            return new String(Armor.encode(encoded, Armor.PRIVATE_KEY), StandardCharsets.US_ASCII);
        } catch (IOException | PGPException impossible) {
            throw new AssertionError("a key that was read before", impossible);
        }
    }

    /**
     * Opens a message that is sealed to this key, alone or among others: session key packet version 3 with data
     * version 1, or 6 with 2 (OCB); AES-128, 192 or 256; ZLIB, ZIP or no compression. OpenPGP signatures around the
     * text are not looked at. Whose key it is for is read before any arithmetic.
     *
     * @param armored an armored message; LF or CRLF, with or without headers and checksum
     * @return the literal data; of literal text, every CR LF as LF; of binary literal data, octet for octet
     * @throws RefusedException {@code DECRYPT_FAILED}, whatever is wrong: for another key, damaged, larger than
     *         {@code ProtocolLimits.ARMOR_BYTES_MAX} inside or outside
     */
    public byte[] decrypt(byte[] armored) throws RefusedException {
        try {
            if (armored.length > ProtocolLimits.ARMOR_BYTES_MAX) {
                throw new MalformedException("message is too large");
            }
            return open(PacketReader.split(Armor.decode(armored, Armor.MESSAGE)));
        } catch (MalformedException why) {
            // One reason for all, so that nobody learns from our answer how far a forgery came.
            throw new RefusedException(RefuseReason.DECRYPT_FAILED);
        }
    }

    private byte[] open(List<Packet> packets) throws MalformedException {
        Packet ours = null;
        int recipients = 0;
        for (Packet packet : packets) {
            switch (packet.tag()) {
                case PacketReader.TAG_PUBLIC_KEY_SESSION -> {
                    if (++recipients > CryptoLimits.RECIPIENTS_MAX) {
                        throw new MalformedException("too many recipients");
                    }
                    ours = ours == null && sessionKeys.isFor(packet.body()) ? packet : ours;
                }
                case PacketReader.TAG_INTEGRITY_PROTECTED -> {
                    if (ours == null) {
                        throw new MalformedException("for somebody else");
                    }
                    SessionKey key = sessionKeys.open(ours.body());
                    try {
                        return SealedData.open(packet.body(), key);
                    } finally {
                        SessionKeys.scrub(key.key());
                    }
                }
                case PacketReader.TAG_MARKER, PacketReader.TAG_PADDING -> { }
                default -> throw new MalformedException("unexpected packet");
            }
        }
        throw new MalformedException("no protected data");
    }

    /** The private scalar of the encryption subkey as X25519 uses it, little-endian; the caller clears it. */
    byte[] clampedScalar() {
        return sessionKeys.clampedScalar();
    }

    /** Names the key by its public id only. */
    @Override
    public String toString() {
        return "PgpPrivateKey[" + keyId() + "]";
    }
}
