package network.conet.edge.services.proxy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Base64;
import java.util.Optional;
import java.util.OptionalLong;
import network.conet.edge.protocol.Command;
import network.conet.edge.protocol.JsonException;
import network.conet.edge.protocol.JsonValue;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.RefusedException;
import network.conet.edge.protocol.WalletAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProxyRequestTest {
    @ParameterizedTest
    @ValueSource(strings = {"1", "\"1\"", "65535", "\"65535\"", "80.0"})
    void readsPortsAsNumberAndAsText(String port) throws Exception {
        int expected = (int) Double.parseDouble(port.replace("\"", ""));
        assertEquals(expected, parse("SaaS_Sock5", data("\"host\":\"a\",\"port\":" + port)).port());
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "\"0\"", "65536", "\"65536\"", "-1", "\"-1\"", "80.5", "\"80.0\"", "\"80x\"",
        "\"080\"", "\" 80\"", "\"+80\"", "\"\"", "null", "true", "[80]", "1e9", "4294967376", "\"\uff18\uff10\""})
    void refusesPortsThatAreNone(String port) {
        assertRefused(RefuseReason.TARGET_MALFORMED, "SaaS_Sock5", data("\"host\":\"a\",\"port\":" + port));
    }

    @Test
    void readsTheLongestHostAndNotACharacterMore() throws Exception {
        String longest = "a".repeat(ProxyLimits.HOST_CHARS_MAX);
        assertEquals(longest, parse("SaaS_Sock5", data("\"host\":\"" + longest + "\",\"port\":1")).host());
        assertRefused(RefuseReason.TARGET_MALFORMED, "SaaS_Sock5",
                data("\"host\":\"" + longest + "a\",\"port\":1"));
        assertRefused(RefuseReason.TARGET_MALFORMED, "SaaS_Sock5", data("\"host\":\"\",\"port\":1"));
        assertRefused(RefuseReason.TARGET_MALFORMED, "SaaS_Sock5", data("\"host\":7,\"port\":1"));
        assertRefused(RefuseReason.TARGET_MALFORMED, "SaaS_Sock5", data("\"port\":1"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"requestData\":[]", "\"requestData\":[[]]", "\"requestData\":[7]", "\"requestData\":null",
        "\"requestData\":{\"host\":\"a\",\"port\":1}", "\"x\":1"})
    void refusesCommandsWithoutData(String member) {
        assertRefused(RefuseReason.COMMAND_MALFORMED, "SaaS_Sock5", member);
    }

    @Test
    void readsTheLongestBufferAndNotAByteMore() throws Exception {
        byte[] longest = new byte[ProxyLimits.BUFFER_BYTES_MAX];
        assertArrayEquals(longest, parse("SaaS_Sock5", withBuffer('"' + base64(longest) + '"')).buffer());
        assertRefused(RefuseReason.INPUT_TOO_LARGE, "SaaS_Sock5",
                withBuffer('"' + base64(new byte[longest.length + 1]) + '"'));
        assertEquals(0, parse("SaaS_Sock5", withBuffer("null")).buffer().length);
        assertEquals(0, parse("SaaS_Sock5", withBuffer("\"\"")).buffer().length);
        assertEquals(0, parse("SilentPass", withBuffer("\"no base64!\"")).buffer().length);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"no base64!\"", "\"YQ=\"", "\"Y\"", "7", "[]", "\"YQ==\\n\""})
    void refusesBuffersThatAreNoBase64(String buffer) {
        assertRefused(RefuseReason.COMMAND_MALFORMED, "SaaS_Sock5", withBuffer(buffer));
    }

    @Test
    void theCommandOfTwoLegsNeedsItsPairingId() throws Exception {
        String longest = "k".repeat(ProxyLimits.PAIRING_CHARS_MAX);
        assertEquals(longest, parse("SaaS_Sock5_v2", key(longest)).pairing());
        assertRefused(RefuseReason.COMMAND_MALFORMED, "SaaS_Sock5_v2", key(longest + "k"));
        assertRefused(RefuseReason.COMMAND_MALFORMED, "SaaS_Sock5_v2", key(""));
        assertRefused(RefuseReason.COMMAND_MALFORMED, "SaaS_Sock5_v2", data("\"host\":\"a\",\"port\":1"));
    }

    @Test
    void knowsItsCommandsOnly() {
        assertRefused(RefuseReason.COMMAND_UNKNOWN, "saas_sock5", data("\"host\":\"a\",\"port\":1"));
    }

    private static String key(String key) {
        return "\"Securitykey\":\"" + key + "\"," + data("\"host\":\"a\",\"port\":1");
    }

    private static String withBuffer(String buffer) {
        return data("\"host\":\"a\",\"port\":1,\"buffer\":" + buffer);
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static String data(String members) {
        return "\"requestData\":[{" + members + "}]";
    }

    private static ProxyRequest parse(String name, String members) throws RefusedException {
        try {
            return ProxyRequest.parse(new Command.OfService(
                    new Command.Header(
                            WalletAddress.zero(), Optional.empty(), OptionalLong.empty(), Optional.empty()),
                    name, JsonValue.parse("{" + members + "}")));
        } catch (JsonException broken) {
            throw new AssertionError(broken);
        }
    }

    private static void assertRefused(RefuseReason reason, String name, String members) {
        assertEquals(reason, assertThrows(RefusedException.class, () -> parse(name, members)).reason(), members);
    }
}
