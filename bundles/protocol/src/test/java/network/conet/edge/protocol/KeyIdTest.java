package network.conet.edge.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyIdTest {
    @ParameterizedTest
    @ValueSource(strings = {"B3F7E3EFF3B1C5ED", "0000000000000001", "FFFFFFFFFFFFFFFF", "0000000000000000"})
    void writesWhatItRead(String text) {
        assertEquals(text, KeyId.parse(text).orElseThrow().toString());
    }

    @Test
    void readsLowerCaseAndWritesUpperCase() {
        assertEquals("B3F7E3EFF3B1C5ED", KeyId.parse("b3f7e3eff3b1c5ed").orElseThrow().toString());
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {
        "", "B3F7E3EFF3B1C5E", "B3F7E3EFF3B1C5ED0", "0xF7E3EFF3B1C5ED", "+3F7E3EFF3B1C5ED", "-3F7E3EFF3B1C5ED",
        " 3F7E3EFF3B1C5ED", "B3F7E3EFF3B1C5EG", "B3F7E3EFF3B1C5E\uFF10", "B3F7E3EFF3B1C5E\u0660"})
    void refusesAnythingButSixteenDigits(String text) {
        assertEquals(Optional.empty(), KeyId.parse(text));
    }

    @Test
    void onlyZeroIsAnonymous() {
        assertTrue(KeyId.parse("0000000000000000").orElseThrow().isAnonymous());
        assertFalse(KeyId.parse("0000000000000001").orElseThrow().isAnonymous());
    }

    @Test
    void comparesWithoutSign() {
        assertTrue(new KeyId(-1).compareTo(new KeyId(1)) > 0);
        assertEquals(0, new KeyId(7).compareTo(new KeyId(7)));
    }
}
