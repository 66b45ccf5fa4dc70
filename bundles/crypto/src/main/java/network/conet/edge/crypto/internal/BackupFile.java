package network.conet.edge.crypto.internal;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.SecureRandom;
import java.util.Date;
import org.bouncycastle.bcpg.AEADAlgorithmTags;
import org.bouncycastle.bcpg.BCPGInputStream;
import org.bouncycastle.bcpg.S2K;
import org.bouncycastle.bcpg.SymmetricKeyAlgorithmTags;
import org.bouncycastle.bcpg.SymmetricKeyEncSessionPacket;
import org.bouncycastle.openpgp.PGPEncryptedDataGenerator;
import org.bouncycastle.openpgp.PGPEncryptedDataList;
import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.PGPLiteralData;
import org.bouncycastle.openpgp.PGPLiteralDataGenerator;
import org.bouncycastle.openpgp.PGPPBEEncryptedData;
import org.bouncycastle.openpgp.bc.BcPGPObjectFactory;
import org.bouncycastle.openpgp.operator.bc.BcPBEDataDecryptorFactory;
import org.bouncycastle.openpgp.operator.bc.BcPBEKeyEncryptionMethodGenerator;
import org.bouncycastle.openpgp.operator.bc.BcPGPDataEncryptorBuilder;
import org.bouncycastle.openpgp.operator.bc.BcPGPDigestCalculatorProvider;

/**
 * A file that a password opens: an OpenPGP message as RFC 9580 has it, so that other programs open it too.
 *
 * <pre>
 *  symmetric-key encrypted session key, version 6    Argon2id of the password (section 3.7.1.4)
 *  encrypted and integrity protected data, version 2 AES-256, OCB, chunks of 64 KiB (section 5.13.2)
 *    literal data, binary
 * </pre>
 *
 * Argon2 with 32 MiB, six passes and four lanes makes a guess take as long as RFC 9106's second recommendation (64
 * MiB, three passes), and leaves a board with 512 MB room for the node beside it. Contents are held in memory.
 */
final class BackupFile {
    private static final int CHUNK_EXPONENT = 10; // 2^(10 + 6) bytes
    /** 2^15 KiB. */
    private static final int MEMORY_EXPONENT_MAX = 15;
    private static final int PASSES = 6;
    private static final int LANES = 4;
    private static final int PASSES_MAX = 8;
    private static final int LANES_MAX = 16;

    private BackupFile() {}

    /**
     * Makes the file.
     *
     * @param password not kept, not cleared
     */
    static byte[] seal(byte[] content, char[] password, SecureRandom random) throws IOException {
        S2K.Argon2Params cost = new S2K.Argon2Params(PASSES, LANES, MEMORY_EXPONENT_MAX, random);
        PGPEncryptedDataGenerator generator = new PGPEncryptedDataGenerator(
                new BcPGPDataEncryptorBuilder(SymmetricKeyAlgorithmTags.AES_256).setUseV6AEAD()
                        .setWithAEAD(AEADAlgorithmTags.OCB, CHUNK_EXPONENT).setSecureRandom(random));
        generator.addMethod(new BcPBEKeyEncryptionMethodGenerator(password, cost).setSecureRandom(random));
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        ByteArrayOutputStream literal = new ByteArrayOutputStream();
        PGPLiteralDataGenerator data = new PGPLiteralDataGenerator();
        try (OutputStream out = data.open(literal, PGPLiteralData.BINARY, "", content.length, new Date(0))) {
            out.write(content);
        }
        try (OutputStream out = generator.open(file, literal.size())) {
            literal.writeTo(out);
        } catch (PGPException defect) {
            throw new IOException("the backup cannot be encrypted: " + defect.getMessage(), defect);
        }
        return file.toByteArray();
    }

    /**
     * Opens the file.
     *
     * @param password not kept, not cleared
     * @param bytesMax how much the content may have at most
     * @throws IOException with one line for the operator: not such a file, a wrong password, altered or cut, or one
     *         that asks for more memory or time than {@link #seal} would
     */
    static byte[] open(byte[] file, char[] password, int bytesMax) throws IOException {
        try {
            requireBoundedCost(file);
            Object first = new BcPGPObjectFactory(file).nextObject();
            if (first instanceof PGPEncryptedDataList list && list.size() == 1
                    && list.get(0) instanceof PGPPBEEncryptedData data) {
                return content(data, password, bytesMax);
            }
        } catch (PGPException | IOException | RuntimeException unusable) {
            // The library tells a wrong password and an altered file apart only now and then.
            throw new IOException("the password is wrong, or the backup was altered or cut", unusable);
        }
        throw new IOException("this is not a backup");
    }

    private static byte[] content(PGPPBEEncryptedData data, char[] password, int bytesMax)
            throws PGPException, IOException {
        try (InputStream plain = data.getDataStream(
                new BcPBEDataDecryptorFactory(password, new BcPGPDigestCalculatorProvider()))) {
            PGPLiteralData literal = (PGPLiteralData) new BcPGPObjectFactory(plain).nextObject();
            byte[] content = literal.getInputStream().readNBytes(bytesMax + 1);
            // The last tag is checked at the end, and covers that this is the end.
            if (content.length > bytesMax || plain.read() >= 0) {
                throw new IOException("more than " + bytesMax + " bytes");
            }
            return content;
        }
    }

    /** Memory and time are asked for before the password is known to be right. */
    private static void requireBoundedCost(byte[] file) throws IOException {
        try (BCPGInputStream packets = new BCPGInputStream(new ByteArrayInputStream(file))) {
            if (!(packets.readPacket() instanceof SymmetricKeyEncSessionPacket session)) {
                throw new IOException("another packet");
            }
            S2K cost = session.getS2K();
            if (cost.getType() != S2K.ARGON_2 || cost.getMemorySizeExponent() > MEMORY_EXPONENT_MAX
                    || cost.getPasses() > PASSES_MAX || cost.getParallelism() > LANES_MAX) {
                throw new IOException("another way from password to key");
            }
        }
    }
}
