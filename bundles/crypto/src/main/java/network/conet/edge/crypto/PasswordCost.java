package network.conet.edge.crypto;

/** How much time and memory each guess of a key file's password costs; the same is paid on each opening. */
public enum PasswordCost {
    /** For passwords that nobody can guess, because they are random: a few milliseconds, 4 MiB. */
    LIGHT(1 << 12, 0x60),
    /** For passwords that people think of: about a second; 128 MiB of heap for wallet files (as ethers does it). */
    STANDARD(1 << 17, 0xE0);

    /** Block size of scrypt; with the n's above, {@code 128 * n * r} bytes of memory. */
    static final int SCRYPT_R = 8;
    static final int SCRYPT_P = 1;

    /** Cost of scrypt, for wallet files. */
    final int scryptN;
    /** Octets hashed for OpenPGP keys, in the coded form of RFC 4880 section 3.7.1.3: 65,536 and 16,777,216. */
    final int s2kCountCoded;

    PasswordCost(int scryptN, int s2kCountCoded) {
        this.scryptN = scryptN;
        this.s2kCountCoded = s2kCountCoded;
    }
}
