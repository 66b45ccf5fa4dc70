package network.conet.edge.crypto;

import java.util.Arrays;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.engines.Salsa20Engine;
import org.bouncycastle.crypto.generators.PKCS5S2ParametersGenerator;
import org.bouncycastle.crypto.params.KeyParameter;
import org.bouncycastle.util.Pack;

/**
 * scrypt (RFC 7914). Written here because the library refuses n of 2^16 and more with blocks of 1, as the RFC does,
 * while wallet files have it: the definition of Web3 Secret Storage itself shows one.
 */
final class Scrypt {
    private static final int ROUNDS = 8;
    /** Numbers of 32 bits in one Salsa20 block of 64 bytes. */
    private static final int WORDS = 16;

    private final int n;
    private final int blocks;
    private final int[] salsaIn = new int[WORDS];
    private final int[] salsaOut = new int[WORDS];

    private Scrypt(int n, int r) {
        this.n = n;
        this.blocks = 2 * r;
    }

    /**
     * @param n cost, a power of two above 1
     * @param r block size; {@code 128 * n * r} bytes of memory are used
     * @param p parallelisation; here one after the other
     */
    static byte[] derive(byte[] password, byte[] salt, int n, int r, int p, int bytes) {
        Scrypt scrypt = new Scrypt(n, r);
        byte[] mixed = pbkdf2(password, salt, 128 * r * p);
        int[] block = new int[scrypt.blocks * WORDS];
        int[][] memory = new int[n][];
        for (int i = 0; i < p; i++) {
            Pack.littleEndianToInt(mixed, 128 * r * i, block);
            scrypt.mix(block, memory);
            Pack.intToLittleEndian(block, mixed, 128 * r * i);
        }
        byte[] derived = pbkdf2(password, mixed, bytes);
        SessionKeys.scrub(mixed);
        Arrays.fill(block, 0);
        return derived;
    }

    private static byte[] pbkdf2(byte[] password, byte[] salt, int bytes) {
        PKCS5S2ParametersGenerator generator = new PKCS5S2ParametersGenerator(new SHA256Digest());
        generator.init(password, salt, 1);
        return ((KeyParameter) generator.generateDerivedMacParameters(Byte.SIZE * bytes)).getKey();
    }

    /** scryptROMix, section 5. The rows of memory are made once and used again by the next lane. */
    private void mix(int[] block, int[][] memory) {
        int[] scratch = new int[block.length];
        for (int i = 0; i < n; i++) {
            if (memory[i] == null) {
                memory[i] = block.clone();
            } else {
                System.arraycopy(block, 0, memory[i], 0, block.length);
            }
            shuffle(block, scratch);
        }
        for (int i = 0; i < n; i++) {
            int[] row = memory[block[block.length - WORDS] & n - 1];
            for (int k = 0; k < block.length; k++) {
                block[k] ^= row[k];
            }
            shuffle(block, scratch);
        }
    }

    /** scryptBlockMix, section 4: even results first, then the odd ones. */
    private void shuffle(int[] block, int[] scratch) {
        System.arraycopy(block, block.length - WORDS, salsaOut, 0, WORDS);
        for (int i = 0; i < blocks; i++) {
            for (int k = 0; k < WORDS; k++) {
                salsaIn[k] = salsaOut[k] ^ block[i * WORDS + k];
            }
            Salsa20Engine.salsaCore(ROUNDS, salsaIn, salsaOut);
            System.arraycopy(salsaOut, 0, scratch, (i / 2 + i % 2 * (blocks / 2)) * WORDS, WORDS);
        }
        System.arraycopy(scratch, 0, block, 0, block.length);
    }
}
