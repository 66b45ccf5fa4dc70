package network.conet.edge.protocol;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WalletSignatureTest {
    @ParameterizedTest
    @CsvSource({"0,27", "1,28", "27,27", "28,28"})
    void storesVAsTwentySevenOrTwentyEight(int v, int stored) {
        byte[] bytes = new byte[65];
        bytes[64] = (byte) v;
        assertEquals(stored, WalletSignature.of(bytes).bytes()[64]);
        assertEquals(v, bytes[64], "the caller's array is left alone");
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 26, 29, 35, 127, 128, 255})
    void refusesAnotherV(int v) {
        byte[] bytes = new byte[65];
        bytes[64] = (byte) v;
        assertThrows(IllegalArgumentException.class, () -> WalletSignature.of(bytes));
        assertEquals(Optional.empty(), WalletSignature.parse(Hex.prefixed(bytes)));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 64, 66})
    void refusesAnotherLength(int length) {
        assertThrows(IllegalArgumentException.class, () -> WalletSignature.of(new byte[length]));
        assertEquals(Optional.empty(), WalletSignature.parse(Hex.prefixed(new byte[length])));
    }

    @Test
    void readsWhatItWrites() {
        String text = Vectors.primitive("hop", "signature");
        WalletSignature signature = WalletSignature.parse(text).orElseThrow();
        assertEquals(text, signature.toString());
        assertEquals(signature, WalletSignature.of(signature.bytes()));
        assertEquals(Optional.empty(), WalletSignature.parse(text.substring(2)));
        assertEquals(Optional.empty(), WalletSignature.parse(null));
    }

    @Test
    void keepsItsOwnCopy() {
        byte[] bytes = new byte[65];
        bytes[64] = 27;
        WalletSignature signature = WalletSignature.of(bytes);
        bytes[0] = 1;
        signature.bytes()[1] = 1;
        byte[] expected = new byte[65];
        expected[64] = 27;
        assertArrayEquals(expected, signature.bytes());
    }
}
