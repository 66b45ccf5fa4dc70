package network.conet.edge.chain;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import network.conet.edge.protocol.WalletAddress;

/**
 * Reads ABI-encoded answers. web3j's decoder is not used for them: it sizes lists by what the answer claims and makes
 * structs by reflection on public classes. Here nothing is believed before it is found to lie inside the answer.
 *
 * <pre>
 *  base   +32    +64
 *  | word | word | ... | tails        word of a dynamic value = offset of its tail from base
 * </pre>
 */
final class AbiReader {
    private static final int WORD = 32;

    private final byte[] data;
    private final int base;

    AbiReader(byte[] data) {
        this(data, 0);
    }

    private AbiReader(byte[] data, int base) {
        this.data = data;
        this.base = base;
    }

    BigInteger number(int word) throws IOException {
        return new BigInteger(1, word(base + word * WORD));
    }

    WalletAddress address(int word) throws IOException {
        byte[] bytes = word(base + word * WORD);
        for (int i = 0; i < WORD - WalletAddress.BYTES; i++) {
            if (bytes[i] != 0) {
                throw malformed();
            }
        }
        return WalletAddress.of(Arrays.copyOfRange(bytes, WORD - WalletAddress.BYTES, WORD));
    }

    String text(int word) throws IOException {
        int at = base + length(base + word * WORD);
        int length = length(at);
        if (length > data.length - at - WORD) {
            throw malformed();
        }
        return new String(data, at + WORD, length, StandardCharsets.UTF_8);
    }

    /** The number of elements of a dynamic array, found to be no more than the answer can hold. */
    int count(int word) throws IOException {
        int at = base + length(base + word * WORD);
        int count = length(at);
        if (count > (data.length - at - WORD) / WORD) {
            throw malformed();
        }
        return count;
    }

    /** An element of a dynamic array of dynamic structs. */
    AbiReader struct(int word, int index) throws IOException {
        int elements = base + length(base + word * WORD) + WORD;
        return new AbiReader(data, elements + length(elements + index * WORD));
    }

    /** A word that is a length or offset: not negative, not beyond the data. */
    private int length(int at) throws IOException {
        BigInteger value = new BigInteger(1, word(at));
        if (value.bitLength() >= Integer.SIZE || value.intValue() > data.length) {
            throw malformed();
        }
        return value.intValue();
    }

    private byte[] word(int at) throws IOException {
        if (at < 0 || at > data.length - WORD) {
            throw malformed();
        }
        return Arrays.copyOfRange(data, at, at + WORD);
    }

    private static IOException malformed() {
        return new IOException("the contract answered something else than its interface says");
    }
}
