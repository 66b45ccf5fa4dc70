package network.conet.edge.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which addresses count as one source. */
class MailSourceTest {
    @ParameterizedTest
    @CsvSource({"2001:db8:1:2:3:4:5:6, 2001:db8:1:2:ffff:0:0:1", "2001:db8:1:2::, 2001:db8:1:2:0:0:0:9",
        "2001:db8::1, 2001:db8:0:0:1:2:3:4", "::1, ::2", "fe80::1%eth0, fe80::1%eth1",
        "::ffff:0:1:2:3, 0:0:0:ffff::"})
    void addressesOfOneNetworkAreOneSource(String first, String second) {
        assertEquals(MailSource.ofAddress(first), MailSource.ofAddress(second));
    }

    @ParameterizedTest
    @CsvSource({"2001:db8:1:2::1, 2001:db8:1:3::1", "192.0.2.1, 192.0.2.2", "2001:db8::1, 2001:db8:0:1::1",
        "::1, 1::1", "1:2:3::, 1:2:3:4::"})
    void othersAreNot(String first, String second) {
        assertNotEquals(MailSource.ofAddress(first), MailSource.ofAddress(second));
    }

    @Test
    void versionFourCountsByAddress() {
        assertEquals(new MailSource("192.0.2.1"), MailSource.ofAddress("192.0.2.1"));
        assertEquals(new MailSource("192.0.2.1"), MailSource.ofAddress("::ffff:192.0.2.1"));
    }

    @Test
    void whatIsNoAddressIsASourceOfItsOwn() {
        assertEquals(MailSource.ofAddress("unknown"), MailSource.ofAddress("unknown"));
        assertNotEquals(MailSource.LOCAL, MailSource.ofAddress("unknown"));
    }
}
