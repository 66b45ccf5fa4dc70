package network.conet.edge.crypto;

import java.util.Arrays;

/**
 * The packet body of the one kind of encryption subkey that private keys here have.
 *
 * <pre>
 *   0   1  04        version
 *   1   4  time      creation
 *   5   1  12        algorithm 18, ECDH
 *   6  11  OID       Curve25519 with its length octet
 *  17   2  0107      263 bits follow
 *  19   1  40        native point
 *  20  32  u         little-endian
 *  52   2  03 01     KDF parameters
 *  54   1  hash      8, 9, 10
 *  55   1  cipher    7, 8, 9
 * </pre>
 */
final class EcdhSubkey {
    private static final int BYTES = 56;
    private static final int OID_AT = 6;
    private static final int BITS_AT = 17;
    private static final int POINT_AT = 20;
    private static final int KDF_AT = 52;

    private EcdhSubkey() {}

    /** Whether a packet body has exactly this shape. */
    static boolean is(byte[] body) {
        return body.length == BYTES && body[0] == 4 && body[5] == SessionKeys.ALGORITHM_ECDH
                && Arrays.equals(body, OID_AT, BITS_AT, SessionKeys.CURVE_OID, 0, SessionKeys.CURVE_OID.length)
                && body[BITS_AT] == 1 && body[BITS_AT + 1] == 7 && body[BITS_AT + 2] == SessionKeys.NATIVE_POINT
                && body[KDF_AT] == 3 && body[KDF_AT + 1] == 1
                && SessionKeys.isKdfHash(kdfHash(body)) && SessionKeys.keyBytes(kdfCipher(body)) > 0;
    }

    /** The public key u as it stands there. */
    static byte[] point(byte[] body) {
        return Arrays.copyOfRange(body, POINT_AT, KDF_AT);
    }

    static int kdfHash(byte[] body) {
        return body[KDF_AT + 2];
    }

    static int kdfCipher(byte[] body) {
        return body[KDF_AT + 3];
    }
}
