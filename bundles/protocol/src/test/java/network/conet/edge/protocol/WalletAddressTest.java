package network.conet.edge.protocol;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class WalletAddressTest {
    private static final String ONE = "0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf";

    /** The examples of EIP-55, and the address of the private key 1. */
    @ParameterizedTest
    @ValueSource(strings = {
        ONE,
        "0x52908400098527886E0F7030069857D2E4169EE7", "0x8617E340B3D01FA5F11F306F4090FD50E238070D",
        "0xde709f2102306220921060314715629080e2fb77", "0x27b1fdb04752bbc536007a920d24acb045561c26",
        "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
        "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB", "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb"})
    void writesTheChecksumOfEip55(String text) {
        WalletAddress address = WalletAddress.parse(text, Vectors::keccak).orElseThrow();
        assertEquals(text, address.toChecksumString(Vectors::keccak));
        assertEquals(text.toLowerCase(Locale.ROOT), address.toString());
    }

    @Test
    void readsAddressesOfOneCaseWithoutChecksum() {
        WalletAddress address = WalletAddress.parse(ONE, Vectors::keccak).orElseThrow();
        String digits = ONE.substring(2);
        assertEquals(Optional.of(address), WalletAddress.parse(ONE.toLowerCase(Locale.ROOT), Vectors::keccak));
        assertEquals(Optional.of(address),
                WalletAddress.parse("0x" + digits.toUpperCase(Locale.ROOT), Vectors::keccak));
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {
        "", "0x", "7E5F4552091A69125d5DfCb7b8C2659029395Bdf00", "0x7e5f4552091a69125d5dfcb7b8c2659029395bd",
        "0x7e5f4552091a69125d5dfcb7b8c2659029395bdf0", "0x7e5f4552091a69125d5dfcb7b8c2659029395bdg",
        "0x7e5F4552091A69125d5DfCb7b8C2659029395Bdf", "1x7e5f4552091a69125d5dfcb7b8c2659029395bdf",
        " 0x7e5f4552091a69125d5dfcb7b8c2659029395bd", "0x7e5f4552091a69125d5dfcb7b8c2659029395bd\uFF11"})
    void refusesAnythingElse(String text) {
        assertEquals(Optional.empty(), WalletAddress.parse(text, Vectors::keccak));
    }

    @Test
    void takesExactlyTwentyBytesAndKeepsItsOwnCopy() {
        byte[] bytes = new byte[20];
        WalletAddress address = WalletAddress.of(bytes);
        bytes[0] = 1;
        address.bytes()[1] = 1;
        assertArrayEquals(new byte[20], address.bytes());
        assertTrue(address.isZero());
        assertFalse(WalletAddress.of(bytes).isZero());
        assertThrows(IllegalArgumentException.class, () -> WalletAddress.of(new byte[19]));
        assertThrows(IllegalArgumentException.class, () -> WalletAddress.of(new byte[21]));
    }

    @Test
    void equalsByValue() {
        WalletAddress one = WalletAddress.parse(ONE, Vectors::keccak).orElseThrow();
        assertEquals(one, WalletAddress.of(one.bytes()));
        assertEquals(one.hashCode(), WalletAddress.of(one.bytes()).hashCode());
        assertFalse(one.equals(WalletAddress.zero()));
    }
}
