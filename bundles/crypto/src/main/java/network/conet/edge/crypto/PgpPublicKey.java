package network.conet.edge.crypto;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import network.conet.edge.crypto.PacketReader.Packet;
import network.conet.edge.protocol.KeyId;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.RefusedException;
import org.bouncycastle.bcpg.CompressionAlgorithmTags;
import org.bouncycastle.openpgp.PGPCompressedDataGenerator;
import org.bouncycastle.openpgp.PGPEncryptedDataGenerator;
import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.PGPLiteralData;
import org.bouncycastle.openpgp.PGPLiteralDataGenerator;
import org.bouncycastle.openpgp.PGPPublicKey;
import org.bouncycastle.openpgp.PGPPublicKeyRing;
import org.bouncycastle.openpgp.operator.bc.BcKeyFingerprintCalculator;
import org.bouncycastle.openpgp.operator.bc.BcPGPDataEncryptorBuilder;
import org.bouncycastle.openpgp.operator.bc.BcPublicKeyKeyEncryptionMethodGenerator;

/**
 * Somebody's OpenPGP key (version 4), to seal messages to. Immutable, safe for use by many threads.
 *
 * <p>What counts is its <em>first subkey</em>: its id is the routing address, and messages are sealed to it (section
 * 1.2). It must be an encryption key that the primary key has signed and that is not revoked. Expiry is not looked
 * at: the routing table says which key is in use.
 */
public final class PgpPublicKey {
    private final PGPPublicKey primary;
    private final PGPPublicKey subkey;
    private final byte[] subkeyBody;
    private final int cipher;
    private final String armored;

    private PgpPublicKey(PGPPublicKey primary, PGPPublicKey subkey, byte[] subkeyBody, int cipher, String armored) {
        this.primary = primary;
        this.subkey = subkey;
        this.subkeyBody = subkeyBody;
        this.cipher = cipher;
        this.armored = armored;
    }

    /**
     * Reads an armored public key.
     *
     * @param armored at most 64 Ki characters
     * @throws RefusedException {@code ARMOR_TOO_LARGE}; {@code ARMOR_MALFORMED} when it cannot be read or is not
     *         version 4; {@code KEY_ID_MISSING} when the first subkey cannot be sealed to
     */
    public static PgpPublicKey parse(String armored) throws RefusedException {
        if (armored.length() > CryptoLimits.KEY_ARMOR_CHARS_MAX) {
            throw new RefusedException(RefuseReason.ARMOR_TOO_LARGE);
        }
        try {
            byte[] encoded = Armor.decode(armored.getBytes(StandardCharsets.UTF_8), Armor.PUBLIC_KEY);
            return read(encoded);
        } catch (MalformedException malformed) {
            throw new RefusedException(RefuseReason.ARMOR_MALFORMED);
        }
    }

    /** Reads the packets of a public key. The packet reader has bounded every length before the library sees it. */
    static PgpPublicKey read(byte[] encoded) throws MalformedException, RefusedException {
        List<Packet> packets = PacketReader.split(encoded);
        KeyPackets.requirePublicKey(packets);
        PGPPublicKeyRing ring;
        try {
            ring = new PGPPublicKeyRing(encoded, new BcKeyFingerprintCalculator());
        } catch (IOException | RuntimeException unreadable) {
            throw new MalformedException("public key");
        }
        PGPPublicKey primary = ring.getPublicKey();
        PGPPublicKey subkey = KeyPackets.firstSubkey(ring.getPublicKeys());
        byte[] body = KeyPackets.firstSubkeyBody(packets);
        if (subkey == null || !KeyPackets.isUsable(primary, subkey, body)) {
            throw new RefusedException(RefuseReason.KEY_ID_MISSING);
        }
        String armored = new String(Armor.encode(encoded, Armor.PUBLIC_KEY), StandardCharsets.US_ASCII);
        return new PgpPublicKey(primary, subkey, body, KeyPackets.preferredCipher(primary), armored);
    }

    /** The routing address: the id of the first subkey. */
    public KeyId keyId() {
        return new KeyId(subkey.getKeyID());
    }

    /** Fingerprint of the primary key: 40 lower-case hexadecimal digits. */
    public String fingerprint() {
        return HexFormat.of().formatHex(primary.getFingerprint());
    }

    /** The packet body of the first subkey as it stands in the key; what a {@code KeyProof} shows. A copy. */
    public byte[] subkeyBody() {
        return subkeyBody.clone();
    }

    /** The key, armored, without private parts: 7-bit text with LF line ends. */
    public String armored() {
        return armored;
    }

    /**
     * Seals a message to this key: session key packet version 3, integrity protected data version 1 with AES-256
     * when the key lists it (else the first AES it lists, else AES-128), ZLIB, literal text, no name, no date.
     * Every existing client and node reads that (section 3.2). It is text: readers turn each CR LF in it into LF.
     *
     * @param plaintext at most as much as a receiver takes, {@code ProtocolLimits.ARMOR_BYTES_MAX}
     * @param random the only source of the session key, so that a seed repeats the message
     * @return the armored message, 7-bit text with LF line ends
     * @throws IllegalArgumentException when the plaintext is larger
     */
    public byte[] encrypt(byte[] plaintext, SecureRandom random) {
        if (plaintext.length > CryptoLimits.PLAINTEXT_BYTES_MAX) {
            throw new IllegalArgumentException("plaintext of " + plaintext.length + " bytes is too large");
        }
        try {
            PGPEncryptedDataGenerator generator = new PGPEncryptedDataGenerator(
                    new BcPGPDataEncryptorBuilder(cipher).setWithIntegrityPacket(true).setSecureRandom(random));
            generator.addMethod(new BcPublicKeyKeyEncryptionMethodGenerator(subkey).setSecureRandom(random));
            byte[] content = compressed(plaintext);
            ByteArrayOutputStream out = new ByteArrayOutputStream(content.length + 256);
            try (OutputStream data = generator.open(out, content.length)) {
                data.write(content);
            }
            return Armor.encode(out.toByteArray(), Armor.MESSAGE);
        } catch (IOException | PGPException impossible) {
            throw new AssertionError("sealing in memory to a key that was checked", impossible);
        }
    }

    private static byte[] compressed(byte[] plaintext) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream(plaintext.length / 2 + 64);
        PGPCompressedDataGenerator compression = new PGPCompressedDataGenerator(CompressionAlgorithmTags.ZLIB);
        PGPLiteralDataGenerator literal = new PGPLiteralDataGenerator();
        try (OutputStream deflated = compression.open(out)) {
            try (OutputStream text = literal.open(
                    deflated, PGPLiteralData.UTF8, "", plaintext.length, PGPLiteralData.NOW)) {
                text.write(plaintext);
            }
        }
        return out.toByteArray();
    }

    @Override
    public String toString() {
        return "PgpPublicKey[" + keyId() + "]";
    }
}
