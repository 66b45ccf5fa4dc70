package network.conet.edge.client.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.math.BigInteger;
import network.conet.edge.client.ClientException;
import org.junit.jupiter.api.Test;

class AmountsTest {
    @Test
    void creditsAreReadToTheLastDigit() throws Exception {
        assertEquals(1, Amounts.credits("0.000000001"));
        assertEquals(250_000_000, Amounts.credits("0.25"));
        assertEquals(1L << 52, Amounts.credits("4503599.627370496"));
        assertEquals("4503599.627370496", Amounts.show(1L << 52));
        assertEquals("0", Amounts.show(0));
    }

    @Test
    void whatIsNoAmountIsRefused() {
        for (String text : new String[] {"0", "-1", "0.0000000001", "4503599.627370497", "one", "", "1e99", "NaN"}) {
            assertThrows(ClientException.class, () -> Amounts.credits(text), text);
        }
        assertThrows(ClientException.class, () -> Amounts.coins("-1"));
        assertThrows(ClientException.class, () -> Amounts.coins("0.0000000000000000001"));
    }

    @Test
    void coinsAreWei() throws Exception {
        assertEquals(BigInteger.TEN.pow(17), Amounts.coins("0.1"));
        assertEquals("0.1", Amounts.showCoins(BigInteger.TEN.pow(17)));
    }
}
