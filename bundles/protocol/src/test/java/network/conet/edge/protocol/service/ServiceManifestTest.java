package network.conet.edge.protocol.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.Set;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.RefusedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServiceManifestTest {
    private static final String WHOLE = """
            {"name":"echo","version":"1.20.3","about":"says it again","commands":["SaaS_Sock5"],
            "capabilities":{"kv":{"quotaBytes":7},"http":{"hosts":["api.example.org"],"bytesPerHour":8},"caller":{}},
            "limits":{"fuel":1,"deadlineMillis":2,"memoryPages":3,"inputBytes":4,"outputBytes":5,"callsInFlight":6},
            "price":{"call":9,"megafuel":10},"stateVersion":11}""";

    private static ServiceManifest parse(String json) throws RefusedException {
        return ServiceManifest.parse(json.getBytes(StandardCharsets.UTF_8));
    }

    /** A manifest with these members beside the name and version. */
    private static ServiceManifest with(String members) throws RefusedException {
        return parse("{\"name\":\"echo\",\"version\":\"1.0.0\"," + members + "}");
    }

    private static void assertRefused(String json, String detail) {
        RefusedException refused = assertThrows(RefusedException.class, () -> parse(json));
        assertEquals(RefuseReason.MANIFEST_MALFORMED, refused.reason());
        assertTrue(refused.getMessage().contains(detail), refused.getMessage());
    }

    @Test
    void everyMemberIsRead() throws Exception {
        ServiceManifest manifest = parse(WHOLE);
        assertEquals("echo 1.20.3", manifest.title());
        assertEquals("says it again", manifest.about());
        assertEquals(List.of("SaaS_Sock5"), manifest.commands());
        assertEquals(Set.of(Capability.KV, Capability.HTTP, Capability.CALLER), manifest.capabilities().keySet());
        assertEquals(7, manifest.number(Capability.KV, "quotaBytes", 0));
        assertEquals(List.of("api.example.org"), manifest.hosts());
        assertEquals(new ServiceManifest.Limits(1, 2, 3, 4, 5, 6), manifest.limits());
        assertEquals(new ServiceManifest.Price(9, 10), manifest.price());
        assertEquals(11, manifest.stateVersion());
    }

    @Test
    void nameAndVersionAreEnough() throws Exception {
        ServiceManifest manifest = parse("{\"name\":\"echo\",\"version\":\"1.0.0\"}");
        assertEquals(new ServiceManifest.Limits(50_000_000, 2000, 64, 65_536, 262_144, 4), manifest.limits());
        assertTrue(manifest.price().isFree() && manifest.capabilities().isEmpty() && manifest.hosts().isEmpty());
        assertEquals(1, manifest.stateVersion());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "limits | fuel | 1 | 1099511627776", "limits | deadlineMillis | 1 | 60000",
        "limits | memoryPages | 1 | 1024", "limits | inputBytes | 0 | 524288", "limits | outputBytes | 0 | 1048576",
        "limits | callsInFlight | 1 | 64", "price | call | 0 | 1099511627776", "price | megafuel | 0 | 1048576"})
    void numberIsFromItsLeastToItsMost(String part, String name, long least, long most) throws Exception {
        String member = "\"" + part + "\":{\"" + name + "\":";
        with(member + least + "}");
        with(member + most + "}");
        for (String bad : List.of("" + (least - 1), "" + (most + 1), "1.5", "\"1\"", "null", "[]", "1e99")) {
            assertRefused("{\"name\":\"echo\",\"version\":\"1.0.0\"," + member + bad + "}}", "");
        }
    }

    @Test
    void streamingServiceMayWriteMore() throws Exception {
        String stream = "\"capabilities\":{\"stream\":{}},\"limits\":{\"outputBytes\":";
        assertEquals(64 << 20, with(stream + (64 << 20) + "}").limits().outputBytes());
        assertThrows(RefusedException.class, () -> with(stream + ((64 << 20) + 1) + "}"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "kv | quotaBytes | 0 | 16777216", "mail | messagesPerHour | 1 | 3600"})
    void numberOfACapabilityIsFromItsLeastToItsMost(String name, String member, long least, long most)
            throws Exception {
        String text = "\"capabilities\":{\"" + name + "\":{\"" + member + "\":";
        Capability capability = Capability.ofLabel(name).orElseThrow();
        assertEquals(least, with(text + least + "}}").number(capability, member, -1));
        assertEquals(most, with(text + most + "}}").number(capability, member, -1));
        assertThrows(RefusedException.class, () -> with(text + (least - 1) + "}}"));
        assertThrows(RefusedException.class, () -> with(text + (most + 1) + "}}"));
    }

    @Test
    void priceCountsMegafuelsThatWereBegun() {
        ServiceManifest.Price price = new ServiceManifest.Price(5, 3);
        assertEquals(5, price.of(0));
        assertEquals(8, price.of(1));
        assertEquals(8, price.of(1_000_000));
        assertEquals(11, price.of(1_000_001));
    }

    @Test
    void highestPriceOfTheHighestFuelIsANumber() {
        assertEquals((1L << 40) + (1L << 20) * 1_099_512L, new ServiceManifest.Price(1L << 40, 1 << 20).of(1L << 40));
    }

    @Test
    void textsAreAsLongAsMayBeAndNotLonger() throws Exception {
        with("\"about\":\"" + "x".repeat(200) + "\"");
        assertThrows(RefusedException.class, () -> with("\"about\":\"" + "x".repeat(201) + "\""));
        assertThrows(RefusedException.class, () -> with("\"about\":\"two\\nlines\""));
        with("\"commands\":[\"" + "x".repeat(40) + "\"]");
        assertThrows(RefusedException.class, () -> with("\"commands\":[\"" + "x".repeat(41) + "\"]"));
        String most = "{\"name\":\"echo\",\"version\":\"1.0.0\"}";
        parse(most + " ".repeat(ServiceManifest.BYTES_MAX - most.length()));
        assertRefused(most + " ".repeat(ServiceManifest.BYTES_MAX - most.length() + 1), "more than 16384 bytes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.0", "1.0.0.0", "01.0.0", "1.0.-1", "1.0.1000000", "v1.0.0", "", "1.0.0 "})
    void versionIsThreeNumbers(String version) {
        assertRefused("{\"name\":\"echo\",\"version\":\"" + version + "\"}", "version");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Echo", "1echo", "-echo", "echo_1", "e cho", "../echo",
        "a23456789012345678901234567890123"})
    void nameIsSmallLetters(String name) {
        assertRefused("{\"name\":\"" + name + "\",\"version\":\"1.0.0\"}", "name");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "{\"name\":\"echo\"} | version",
        "{\"version\":\"1.0.0\"} | name",
        "[] | not an object",
        "{ | not JSON",
        "{\"name\":\"echo\",\"version\":\"1.0.0\",\"limit\":{}} | unknown member limit",
        "{\"name\":\"echo\",\"version\":\"1.0.0\",\"limits\":{\"feul\":1}} | limits: unknown member feul",
        "{\"name\":\"echo\",\"version\":\"1.0.0\",\"limits\":7} | limits: an object",
        "{\"name\":\"echo\",\"version\":\"1.0.0\",\"price\":{\"Call\":1}} | price: unknown member Call",
        "{\"name\":\"echo\",\"version\":\"1.0.0\",\"capabilities\":{\"files\":{}}} | files is none",
        "{\"name\":\"echo\",\"version\":\"1.0.0\",\"capabilities\":{\"log\":true}} | log: an object",
        "{\"name\":\"echo\",\"version\":\"1.0.0\",\"capabilities\":{\"log\":{\"x\":1}}} | log: unknown member x",
        "{\"name\":\"echo\",\"version\":\"1.0.0\",\"capabilities\":{\"http\":{}}} | http: hosts",
        "{\"name\":\"echo\",\"version\":\"1.0.0\",\"capabilities\":{\"http\":{\"hosts\":[\"a/b\"]}}} | hosts",
        "{\"name\":\"echo\",\"version\":\"1.0.0\",\"capabilities\":{\"http\":{\"hosts\":[\"*\"]}}} | hosts",
        "{\"name\":\"echo\",\"version\":\"1.0.0\",\"commands\":[\"service_install\"]} | is the node's own",
        "{\"name\":\"echo\",\"version\":\"1.0.0\",\"commands\":[\"a b\"]} | commands",
        "{\"name\":\"echo\",\"version\":\"1.0.0\",\"commands\":\"a\"} | commands: a list",
        "{\"name\":\"echo\",\"version\":\"1.0.0\",\"stateVersion\":0} | stateVersion"})
    void whatBreaksARuleIsRefusedWithTheRule(String json, String detail) {
        assertRefused(json, detail);
    }

    @Test
    void damagedManifestsAreReadOrRefusedAndNothingElse() {
        Random random = new Random(4);
        byte[] whole = WHOLE.getBytes(StandardCharsets.UTF_8);
        int refused = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] damaged = whole.clone();
            for (int hits = 1 + random.nextInt(3); hits > 0; hits--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            }
            try {
                ServiceManifest.parse(damaged);
            } catch (RefusedException expected) {
                assertEquals(RefuseReason.MANIFEST_MALFORMED, expected.reason());
                assertTrue(expected.getMessage().chars().allMatch(c -> c >= ' ' && c <= '~'), expected.getMessage());
                refused++;
            }
        }
        assertTrue(refused > 10_000, refused + " refused");
    }
}
