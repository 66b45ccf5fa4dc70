package network.conet.edge.crypto;

import network.conet.edge.protocol.ProtocolLimits;

/** The bounds of this bundle. Each is checked before memory or time is spent. */
final class CryptoLimits {
    /** Literal data of one message: a layer holds an armored message at most. */
    static final int PLAINTEXT_BYTES_MAX = ProtocolLimits.ARMOR_BYTES_MAX;
    /** Decompressed packets of one message: the literal data and what stands around it (a signature). */
    static final int DECOMPRESSED_BYTES_MAX = PLAINTEXT_BYTES_MAX + 16 * 1024;
    /** Recipients of one message that are looked at. */
    static final int RECIPIENTS_MAX = 32;
    /** Packets inside one message or key. */
    static final int PACKETS_MAX = 256;
    /** Largest chunk that RFC 9580 section 5.13.2 allows, as the exponent octet: 4 MiB. */
    static final int CHUNK_EXPONENT_MAX = 16;

    /** An armored key. The network's own are 840 characters; others carry a few more subkeys and signatures. */
    static final int KEY_ARMOR_CHARS_MAX = 64 * 1024;
    /** User id of a key. A wallet address takes 42. */
    static final int USER_ID_BYTES_MAX = 256;
    /** A passphrase. */
    static final int PASSPHRASE_CHARS_MAX = 1024;

    /** A wallet file. Common ones have 500 characters. */
    static final int KEYSTORE_CHARS_MAX = 16 * 1024;
    /** Memory of scrypt, {@code 128 * n * r}: what the largest common wallet files ask for (geth, n = 2^18). */
    static final long SCRYPT_MEMORY_BYTES_MAX = 256L * 1024 * 1024;
    /** Work of scrypt, {@code n * r * p}: twice that of geth's standard. */
    static final long SCRYPT_WORK_MAX = 1L << 22;
    /** Iterations of PBKDF2: sixteen times what old wallet files have. */
    static final int PBKDF2_ITERATIONS_MAX = 1 << 22;
    /** A salt in a wallet file. */
    static final int SALT_BYTES_MAX = 256;

    private CryptoLimits() {}
}
