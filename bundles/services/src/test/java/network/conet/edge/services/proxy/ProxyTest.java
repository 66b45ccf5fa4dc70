package network.conet.edge.services.proxy;

import static network.conet.edge.services.proxy.ProxyBench.read;
import static network.conet.edge.services.proxy.ProxyBench.readToEnd;
import static network.conet.edge.services.proxy.ProxyBench.write;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import network.conet.edge.api.Counter;
import network.conet.edge.protocol.JsonValue;
import network.conet.edge.protocol.RefuseReason;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands of one connection, with sockets, keys and seals as they are. */
@Timeout(60)
class ProxyTest {
    private ProxyBench bench;

    @BeforeEach
    void start() throws IOException {
        bench = new ProxyBench();
    }

    @AfterEach
    void stop() throws IOException {
        bench.assertNothingLeft();
        bench.close();
    }

    @Test
    void sendsTheBufferFirstAndThenBytesBothWaysWithoutAHead() throws Exception {
        try (Socket client = bench.post(bench.command("SaaS_Sock5", "first"), bench.caller, "\r\n\r\n second")) {
            try (Socket outside = bench.accept()) {
                assertEquals("first second", read(outside, 12));
                write(outside, "answer");
                assertEquals("answer", read(client, 6));
                write(client, "more");
                client.shutdownOutput();
                assertEquals("more", readToEnd(outside));
                write(outside, "late");
                outside.shutdownOutput();
                assertEquals("late", readToEnd(client));
            }
        }
        assertEquals(1, bench.counters.value(Counter.TUNNELS_OPENED));
        bench.assertNothingLeft();
    }

    @Test
    void takesAPortThatIsText() throws Exception {
        JsonValue port = JsonValue.of(Integer.toString(bench.target.getLocalPort()));
        try (Socket client = bench.post(bench.command("SaaS_Sock5", bench.caller, "127.0.0.1", port, null))) {
            try (Socket outside = bench.accept()) {
                write(outside, "x");
                assertEquals("x", read(client, 1));
            }
        }
    }

    @Test
    void passesBytesOneByOne() throws Exception {
        try (Socket client = bench.post(bench.command("SaaS_Sock5", ""))) {
            try (Socket outside = bench.accept()) {
                for (int i = 0; i < 300; i++) {
                    write(client, "u");
                    assertEquals("u", read(outside, 1));
                    write(outside, "d");
                    assertEquals("d", read(client, 1));
                }
            }
        }
    }

    @Test
    void silentPassIgnoresTheBuffer() throws Exception {
        try (Socket client = bench.post(bench.command("SilentPass", "not base64 either"))) {
            try (Socket outside = bench.accept()) {
                write(client, "bytes");
                client.shutdownOutput();
                assertEquals("bytes", readToEnd(outside));
            }
        }
    }

    @Test
    void answersABadTargetAsEachCommandDoes() throws Exception {
        int closedPort = bench.target.getLocalPort();
        bench.target.close();
        assertEquals("", bench.answer(to("SaaS_Sock5", "127.0.0.1", closedPort)));
        assertTrue(bench.answer(to("SilentPass", "127.0.0.1", closedPort)).startsWith("HTTP/1.1 404 Not Found\r\n"));
        assertEquals("", bench.answer(to("SaaS_Sock5", "10.0.0.1", 80)));
        assertTrue(bench.answer(to("SilentPass", "10.0.0.1", 80)).startsWith("HTTP/1.1 404 Not Found\r\n"));
        assertEquals("", bench.answer(to("SaaS_Sock5_v2", "10.0.0.1", 80, "x")));
        assertEquals("", bench.answer(to("SaaS_Sock5", "no-such-name.invalid", 80)));
    }

    /** What needs no connection is refused, and so is what would reach this host or its network by any spelling. */
    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.1", "0x7f.1", "0177.0.0.1", "2130706433", "0.0.0.0", "[::1]", "::1",
        "::ffff:127.0.0.1", "[::ffff:7f00:1]", "64:ff9b::7f00:1", "2002:7f00:1::", "fe80::1", "fd00::1",
        "169.254.169.254", "192.168.0.1", "100.64.0.1", "224.0.0.1", "255.255.255.255", "localhost", "localhost.",
        "127.0.0.1.", "::"})
    void reachesNothingPrivateByAnySpelling(String host) throws Exception {
        bench.close();
        bench = new ProxyBench(ProxyBench.SETTINGS);
        String answer = bench.answer(to("SaaS_Sock5", host, bench.target.getLocalPort()));
        assertTrue(answer.isEmpty() || answer.startsWith("HTTP/1.1 404 "), answer);
        assertEquals(0, bench.counters.value(Counter.TUNNELS_OPENED));
    }

    @Test
    void aPolicyCannotAllowWhatTheHostForbids() throws Exception {
        bench.close();
        bench = new ProxyBench(ProxyBench.SETTINGS);
        int port = bench.target.getLocalPort();
        bench.policy = (command, caller, input, answer) -> answer.accept(
                ProxyBench.plan(ProxyBench.bytes("{\"host\":\"127.0.0.1\",\"port\":" + port + "}"), 600, 1 << 20));
        assertEquals("", bench.answer(to("SaaS_Sock5", "8.8.8.8", 80)));
        assertEquals(1, bench.counters.refusals(RefuseReason.TARGET_FORBIDDEN));
    }

    @Test
    void tellsThePolicyWhoAsksForWhat() throws Exception {
        List<String> asked = new ArrayList<>();
        bench.policy = (command, caller, input, answer) -> {
            asked.add(command + " " + caller + " " + ProxyBench.text(input));
            answer.accept(ProxyBench.no(RefuseReason.TARGET_FORBIDDEN));
        };
        assertEquals("", bench.answer(to("SaaS_Sock5", "Example.org", 443)));
        String wallet = bench.caller.address().toString();
        assertEquals(List.of("SaaS_Sock5 " + wallet + " {\"command\":\"SaaS_Sock5\",\"caller\":\"" + wallet
                + "\",\"host\":\"Example.org\",\"port\":443}"), asked);
    }

    @ParameterizedTest
    @EnumSource(value = RefuseReason.class, names = {"PAYMENT_REQUIRED", "SERVICE_QUARANTINED", "COMMAND_UNKNOWN"})
    void answersAPolicysNoWithItsReason(RefuseReason reason) throws Exception {
        bench.policy = (command, caller, input, answer) -> answer.accept(ProxyBench.no(reason));
        String answer = bench.answer(bench.command("SaaS_Sock5", "x"));
        assertTrue(answer.startsWith("HTTP/1.1 " + switch (reason.answer()) {
            case PAYMENT_REQUIRED -> "402 Payment Required";
            case UNAVAILABLE -> "503 ";
            default -> "404 ";
        }), answer);
        assertEquals(1, bench.counters.refusals(reason));
    }

    @Test
    void endsATunnelInWhichNothingMoves() throws Exception {
        bench.policy = (command, caller, input, answer) -> answer.accept(ProxyBench.plan(input, 1, 1 << 20));
        try (Socket client = bench.post(bench.command("SaaS_Sock5", "x")); Socket outside = bench.accept()) {
            assertEquals("x", readToEnd(outside));
            assertEquals("", readToEnd(client));
        }
    }

    @Test
    void aPlansBytesCountBothWaysTogetherAndWithTheBuffer() throws Exception {
        bench.policy = (command, caller, input, answer) -> answer.accept(ProxyBench.plan(input, 60, 10));
        try (Socket client = bench.post(bench.command("SaaS_Sock5", "abcd")); Socket outside = bench.accept()) {
            assertEquals("abcd", read(outside, 4));
            write(outside, "efg");
            assertEquals("efg", read(client, 3));
            write(client, "hijk");
            assertEquals("hij", readToEnd(outside));
            assertEquals("", readToEnd(client));
        }
    }

    @Test
    void holdsAsManyTunnelsOfAWalletAsItMay() throws Exception {
        List<Socket> open = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            open.add(bench.post(bench.command("SaaS_Sock5", "x")));
            open.add(bench.accept());
        }
        assertTrue(bench.answer(bench.command("SaaS_Sock5", "x")).startsWith("HTTP/1.1 503 "));
        assertEquals(1, bench.counters.refusals(RefuseReason.TUNNELS_FULL));
        open.get(0).close();
        open.get(1).close();
        ProxyBench.await("one ends", () -> bench.proxy.openTunnels() == 2);
        open.add(bench.post(bench.command("SaaS_Sock5", "x")));
        open.add(bench.accept());
        for (Socket each : open) {
            each.close();
        }
    }

    @Test
    void endsTunnelsWhenTheBytesOfTheDayAreMoved() throws Exception {
        byte[] block = new byte[1 << 19];
        Arrays.fill(block, (byte) 'z');
        try (Socket client = bench.post(bench.command("SaaS_Sock5", null)); Socket outside = bench.accept()) {
            outside.getOutputStream().write(block);
            assertEquals(block.length, read(client, block.length).length());
            write(outside, "y");
            assertEquals("", readToEnd(client));
        }
        bench.assertNothingLeft();
        assertTrue(bench.answer(bench.command("SaaS_Sock5", "x")).startsWith("HTTP/1.1 503 "));
        assertEquals(1, bench.counters.refusals(RefuseReason.EGRESS_SPENT));
        bench.clock.advanceMillis(24L * 3_600_000);
        try (Socket client = bench.post(bench.command("SaaS_Sock5", "next day")); Socket outside = bench.accept()) {
            assertEquals("next day", read(outside, 8));
            assertFalse(client.isClosed());
        }
    }

    @Test
    void aClientThatGoesInTheMiddleTakesItsTunnelAlong() throws Exception {
        Socket client = bench.post(bench.command("SaaS_Sock5", "x"));
        try (Socket outside = bench.accept()) {
            assertEquals("x", read(outside, 1));
            client.setSoLinger(true, 0);
            client.close();
            assertTrue(outside.getInputStream().read() < 0);
        }
    }

    @Test
    void aClientThatHasGoneBeforeThePolicyAnsweredLeavesNothing() throws Exception {
        List<Runnable> answers = new ArrayList<>();
        bench.policy = (command, caller, input, answer) -> {
            synchronized (answers) {
                answers.add(() -> answer.accept(ProxyBench.plan(input, 60, 1 << 20)));
            }
        };
        Socket client = bench.post(bench.command("SaaS_Sock5", "x"));
        ProxyBench.await("the policy is asked", () -> {
            synchronized (answers) {
                return answers.size() == 1;
            }
        });
        client.setSoLinger(true, 0);
        client.close();
        ProxyBench.await("the client has gone", () -> bench.front.connections() == 0);
        answers.get(0).run();
        bench.assertNothingLeft();
    }

    @Test
    void refusesCommandsWithoutATimeWhereTheyAreNotAllowed() throws Exception {
        bench.close();
        bench = new ProxyBench(new ProxySettings(8, 3, 1 << 20, 1 << 19, false), "127.0.0.0/8");
        assertTrue(bench.answer(bench.command("SaaS_Sock5", "x")).startsWith("HTTP/1.1 404 "));
        long now = bench.clock.epochMillis() / 1000;
        assertTrue(bench.answer(bench.command("SaaS_Sock5", "x").put("timestamp", now * 1000))
                .startsWith("HTTP/1.1 404 "), "milliseconds");
        try (Socket client = bench.post(bench.command("SaaS_Sock5", "x").put("timestamp", now))) {
            try (Socket outside = bench.accept()) {
                assertEquals("x", read(outside, 1));
                assertFalse(client.isClosed());
            }
        }
    }

    @Test
    void runsACommandOnce() throws Exception {
        byte[] request = bench.request(bench.command("SaaS_Sock5", "x").build(), bench.caller);
        try (Socket client = bench.send(request, ""); Socket outside = bench.accept()) {
            assertEquals("x", read(outside, 1));
            write(outside, "y");
            assertEquals("y", read(client, 1));
        }
        try (Socket again = bench.send(request, "")) {
            assertTrue(readToEnd(again).startsWith("HTTP/1.1 404 "));
        }
        assertEquals(1, bench.counters.refusals(RefuseReason.COMMAND_REPLAYED));
    }

    /** The reference answered so to a wallet that had not paid; only page and length differ (wire.md, section 2.4). */
    @Test
    void answersTheRecordedCommandOfAWalletThatHasNotPaid() throws Exception {
        bench.policy = (command, caller, input, answer) ->
                answer.accept(ProxyBench.no(RefuseReason.PAYMENT_REQUIRED));
        try (Socket client = bench.send(bench.post(file("09-cmd-sock5-no-passport.plaintext")), "")) {
            String answer = readToEnd(client);
            assertTrue(answer.startsWith("HTTP/1.1 402 Payment Required\r\nServer: nginx/1.18.0\r\n"), answer);
            String body = answer.substring(answer.indexOf("\r\n\r\n") + 4);
            assertTrue(answer.contains("\r\nContent-Length: " + body.length() + "\r\n"), answer);
        }
    }

    @Test
    void joinsTheRecordedCommandOfAWalletThatHasPaid() throws Exception {
        int port = bench.target.getLocalPort();
        bench.policy = (command, caller, input, answer) -> {
            assertTrue(ProxyBench.text(input).endsWith("\"host\":\"127.0.0.1\",\"port\":9999}"));
            answer.accept(ProxyBench.plan(
                    ProxyBench.bytes("{\"host\":\"127.0.0.1\",\"port\":" + port + "}"), 60, 1 << 20));
        };
        byte[] recorded = file("38-sock5-http-paid.res.bin");
        try (Socket client = bench.send(bench.post(file("38-sock5-http-paid.plaintext")), "")) {
            try (Socket outside = bench.accept()) {
                String get = "GET / HTTP/1.1\r\nHost: 127.0.0.1:9999\r\nConnection: close\r\n\r\n";
                assertEquals(get, read(outside, get.length()));
                outside.getOutputStream().write(recorded);
            }
            assertEquals(ProxyBench.text(recorded), readToEnd(client));
        }
    }

    /** The reference connected it: its check left this type out (section 9). */
    @Test
    void refusesTheRecordedCommandToAPrivateAddress() throws Exception {
        bench.close();
        bench = new ProxyBench(ProxyBench.SETTINGS);
        try (Socket client = bench.send(bench.post(file("38-sock5-http-paid.plaintext")), "")) {
            assertEquals("", readToEnd(client));
        }
        assertEquals(1, bench.counters.refusals(RefuseReason.TARGET_FORBIDDEN));
        assertFalse(bench.proxy.openTunnels() > 0);
    }

    private static byte[] file(String name) throws IOException {
        try (InputStream in = ProxyTest.class.getResourceAsStream(name)) {
            return in.readAllBytes();
        }
    }

    private JsonValue.Builder to(String command, String host, int port) {
        return to(command, host, port, null);
    }

    private JsonValue.Builder to(String command, String host, int port, String buffer) {
        return bench.command(command, bench.caller, host, JsonValue.of(port), buffer);
    }
}
