package network.conet.edge.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WalletNameTest {
    @Test
    void takesWhatTheContractTakes() {
        for (String label : List.of("abc", "a-b", "0a1", "a-b-c-0", "a".repeat(32))) {
            assertEquals(Optional.of(new WalletName(label)), WalletName.parse(label + ".conet"));
            assertEquals(label + ".conet", new WalletName(label).toString());
        }
    }

    @Test
    void refusesWhatTheContractRefuses() {
        for (String label : List.of("", "ab", "a".repeat(33), "Abc", "-bc", "ab-", "a--b", "0xab", "a.b", "a b", "a_b",
                "\u00e4bc", "abc\u0000")) {
            assertTrue(WalletName.parse(label + ".conet").isEmpty(), label);
            assertThrows(IllegalArgumentException.class, () -> new WalletName(label));
        }
        for (String text : List.of("alice", "alice.eth", "alice.conet.", "alice.CONET", "alice.conet.evil")) {
            assertTrue(WalletName.parse(text).isEmpty(), text);
        }
        assertTrue(WalletName.parse(null).isEmpty());
    }
}
