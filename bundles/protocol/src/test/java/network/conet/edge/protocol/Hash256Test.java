package network.conet.edge.protocol;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class Hash256Test {
    private static final String TEXT = "0xb355aa4607434d8f127a482f61408973fe7ca67a964d606a7361d3d9b94da6a2";

    @Test
    void hashesArmorsAsExistingNodesDo() {
        String armor = Vectors.primitive("armorHash", "armor");
        assertEquals(TEXT, Vectors.keccak(Vectors.utf8(armor)).toString());
        assertEquals(Vectors.primitive("armorHash", "keccak256_trimmedNoNewline"),
                Vectors.keccak(Vectors.utf8(armor.strip())).toString());
        assertEquals(Vectors.primitive("nodeKeyHash", "keccak256"),
                Vectors.keccak(Vectors.utf8("B3F7E3EFF3B1C5ED")).toString());
    }

    @Test
    void readsWhatItWrites() {
        Hash256 hash = Hash256.parse(TEXT).orElseThrow();
        assertEquals(TEXT, hash.toString());
        assertEquals(hash, Hash256.of(hash.bytes()));
        assertEquals(0xb355aa4607434d8fL, hash.prefix());
        assertEquals(hash, Hash256.parse(TEXT.replace("b355aa", "B355AA")).orElseThrow());
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {
        "", "0x", "b355aa4607434d8f127a482f61408973fe7ca67a964d606a7361d3d9b94da6a2",
        "0xb355aa4607434d8f127a482f61408973fe7ca67a964d606a7361d3d9b94da6a",
        "0xb355aa4607434d8f127a482f61408973fe7ca67a964d606a7361d3d9b94da6a20",
        "0xb355aa4607434d8f127a482f61408973fe7ca67a964d606a7361d3d9b94da6ag"})
    void refusesAnythingElse(String text) {
        assertEquals(Optional.empty(), Hash256.parse(text));
    }

    @Test
    void takesExactlyThirtyTwoBytesAndKeepsItsOwnCopy() {
        byte[] bytes = new byte[32];
        Hash256 hash = Hash256.of(bytes);
        bytes[0] = 1;
        hash.bytes()[1] = 1;
        assertArrayEquals(new byte[32], hash.bytes());
        assertThrows(IllegalArgumentException.class, () -> Hash256.of(new byte[31]));
        assertThrows(IllegalArgumentException.class, () -> Hash256.of(new byte[33]));
    }
}
