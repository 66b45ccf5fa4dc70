package network.conet.edge.transport.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.util.NetUtil;
import java.util.List;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.RefusedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressRuleTest {
    private final AddressRule rule = new AddressRule(List.of());

    /** First and last of each special range, and its public neighbours; {@code -} where that is special too. */
    @ParameterizedTest
    @CsvSource({
        "-, 0.0.0.0, 0.255.255.255, 1.0.0.0",
        "9.255.255.255, 10.0.0.0, 10.255.255.255, 11.0.0.0",
        "100.63.255.255, 100.64.0.0, 100.127.255.255, 100.128.0.0",
        "126.255.255.255, 127.0.0.0, 127.255.255.255, 128.0.0.0",
        "169.253.255.255, 169.254.0.0, 169.254.255.255, 169.255.0.0",
        "172.15.255.255, 172.16.0.0, 172.31.255.255, 172.32.0.0",
        "191.255.255.255, 192.0.0.0, 192.0.0.255, 192.0.1.0",
        "192.0.1.255, 192.0.2.0, 192.0.2.255, 192.0.3.0",
        "192.88.98.255, 192.88.99.0, 192.88.99.255, 192.88.100.0",
        "192.167.255.255, 192.168.0.0, 192.168.255.255, 192.169.0.0",
        "198.17.255.255, 198.18.0.0, 198.19.255.255, 198.20.0.0",
        "198.51.99.255, 198.51.100.0, 198.51.100.255, 198.51.101.0",
        "203.0.112.255, 203.0.113.0, 203.0.113.255, 203.0.114.0",
        "223.255.255.255, 224.0.0.0, 239.255.255.255, -",
        "-, 240.0.0.0, 255.255.255.255, -",
        "-, ::, 1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, -",
        "-, ::1, ::7f00:1, -",
        "-, 64:ff9b:1::, 64:ff9b:1:ffff:ffff:ffff:ffff:ffff, -",
        "-, 2001::, 2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff, 2001:200::",
        "2001:db7:ffff:ffff:ffff:ffff:ffff:ffff, 2001:db8::, 2001:db8:ffff:ffff:ffff:ffff:ffff:ffff, 2001:db9::",
        "2001:ffff:ffff:ffff:ffff:ffff:ffff:ffff, 2002::, 2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff, 2003::",
        "3ffe:ffff:ffff:ffff:ffff:ffff:ffff:ffff, 3fff::, 3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff, 3fff:1000::",
        "3fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, 4000::, 5f00::1, -",
        "-, fc00::, fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, -",
        "-, fe80::1, febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff, -",
        "-, ff00::, ff02::1, -",
    })
    void forbidsEachSpecialRangeAndNoMore(String before, String first, String last, String after) {
        assertFalse(allows(first), first);
        assertFalse(allows(last), last);
        for (String neighbour : new String[] {before, after}) {
            assertTrue(neighbour.equals("-") || allows(neighbour), neighbour);
        }
    }

    @Test
    void looksAtTheAddressThatAnotherCarries() {
        assertTrue(allows(mapped(8, 8, 8, 8)));
        assertFalse(allows(mapped(127, 0, 0, 1)));
        assertFalse(allows(mapped(192, 168, 1, 1)));
        assertTrue(allows("64:ff9b::808:808"));
        assertFalse(allows("64:ff9b::7f00:1"));
        assertFalse(allows("64:ff9b::a00:1"));
        assertFalse(allows("64:ff9b::1:808:808"), "another prefix than /96");
    }

    @Test
    void anOwnAddressIsForbiddenAlthoughItIsPublic() {
        assertTrue(rule.allows(bytes("8.8.8.8"), false));
        assertFalse(rule.allows(bytes("8.8.8.8"), true));
    }

    @Test
    void allowsWhatTheOperatorAllowsToTheBit() {
        AddressRule home = new AddressRule(List.of(
                AddressRange.of("192.168.4.0/22"), AddressRange.of("fd00:1::/32"), AddressRange.of("127.0.0.1")));
        assertFalse(home.allows(bytes("192.168.3.255"), false));
        assertTrue(home.allows(bytes("192.168.4.0"), false));
        assertTrue(home.allows(bytes("192.168.7.255"), true));
        assertFalse(home.allows(bytes("192.168.8.0"), false));
        assertTrue(home.allows(mapped(192, 168, 4, 1), false));
        assertTrue(home.allows(bytes("fd00:1:ffff::1"), false));
        assertFalse(home.allows(bytes("fd00:2::"), false));
        assertTrue(home.allows(bytes("127.0.0.1"), true));
        assertFalse(home.allows(bytes("127.0.0.2"), false));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/08", "10.0.0.1/8", "10/8",
        "fe80::%eth0/64", "fd00::/129", "fd00::1/64", "localhost", "010.0.0.0/8", "0x0a.0.0.0/8", "10.0.0.0/8/8"})
    void rangesAreWrittenInOneWayOnly(String text) {
        assertTrue(AddressRange.parse(text).isEmpty(), text);
    }

    @Test
    void rangesReachFromNothingToAll() {
        assertTrue(AddressRange.of("0.0.0.0/0").contains(bytes("255.1.2.3")));
        assertFalse(AddressRange.of("0.0.0.0/0").contains(bytes("::1")));
        assertTrue(AddressRange.of("::/0").contains(bytes("ffff::1")));
        assertTrue(AddressRange.of("8.8.8.8/32").contains(bytes("8.8.8.8")));
        assertFalse(AddressRange.of("8.8.8.8/32").contains(bytes("8.8.8.9")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"2130706433", "0x7f000001", "0x7f.0.0.1", "0177.0.0.1", "127.1", "127.0.1", "127.0.0.1.",
        "127.0.0.01", "127.0.0.256", "1.2.3.4.5", "127.0.0.0x1", "0", "0x", "1", "a.1", "example.com.0x7f", "", ".",
        "..", "a..b", "-a.b", "a-.b", "a b", "a/b", "a:80", "[127.0.0.1]", "[::1", "::1]", "[]", "::1%eth0",
        "[fe80::1%25eth0]", "[::1]:80", "user@host", "host\u0000", "ex\u00e4mple.com", "127\u30020\u30020\u30021",
        "\uff11\uff12\uff17.0.0.1", "1:2:3:4:5:6:7", "::ffff:127.1", "127.0.0.1 ", " 127.0.0.1"})
    void hostsAreWrittenInOneWayOnly(String text) {
        RefusedException refused = assertThrows(RefusedException.class, () -> HostText.parse(text), text);
        assertEquals(RefuseReason.TARGET_MALFORMED, refused.reason());
    }

    @Test
    void namesHaveAtMostTheirLength() throws RefusedException {
        String label = "a".repeat(63);
        String longest = label + "." + label + "." + label + "." + "b".repeat(61);
        assertEquals(253, longest.length());
        assertEquals(longest, HostText.parse(longest).name());
        assertThrows(RefusedException.class, () -> HostText.parse(longest + "b"));
        assertThrows(RefusedException.class, () -> HostText.parse("a".repeat(64) + ".example"));
        assertEquals("xn--bcher-kva.example.", HostText.parse("XN--Bcher-KVA.example.").name());
        assertEquals("_sip.4example", HostText.parse("_sip.4example").name());
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1, 127.0.0.1", "[::1], 0:0:0:0:0:0:0:1", "::1, 0:0:0:0:0:0:0:1",
        "::ffff:127.0.0.1, 127.0.0.1", "[::ffff:7f00:1], 127.0.0.1",
        "2001:4860:4860::8888, 2001:4860:4860:0:0:0:0:8888"})
    void readsLiteralsOfBothKinds(String text, String address) throws RefusedException {
        assertEquals(address, HostText.parse(text).literal().orElseThrow().getHostAddress());
    }

    private boolean allows(String address) {
        return allows(bytes(address));
    }

    private boolean allows(byte[] address) {
        return rule.allows(address, false);
    }

    private static byte[] bytes(String address) {
        return NetUtil.createByteArrayFromIpAddressString(address);
    }

    private static byte[] mapped(int... last) {
        byte[] address = new byte[16];
        address[10] = -1;
        address[11] = -1;
        for (int i = 0; i < last.length; i++) {
            address[12 + i] = (byte) last[i];
        }
        return address;
    }
}
