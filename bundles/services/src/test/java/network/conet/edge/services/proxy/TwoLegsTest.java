package network.conet.edge.services.proxy;

import static network.conet.edge.services.proxy.ProxyBench.read;
import static network.conet.edge.services.proxy.ProxyBench.readToEnd;
import static network.conet.edge.services.proxy.ProxyBench.write;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.security.SecureRandom;
import network.conet.edge.crypto.Wallet;
import network.conet.edge.protocol.JsonValue;
import network.conet.edge.protocol.RefuseReason;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The command of two connections (5.5), with sockets. */
@Timeout(60)
class TwoLegsTest {
    private static final String COMMAND = "SaaS_Sock5_v2";

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

    private JsonValue.Builder leg(String pairing, String buffer) {
        return bench.command(COMMAND, buffer).put("Securitykey", pairing);
    }

    @Test
    void joinsTheSameCommandThroughTwoEntries() throws Exception {
        byte[] command = bench.request(leg("pair", "hello").build(), bench.caller);
        try (Socket up = bench.send(command, ""); Socket outside = bench.accept()) {
            assertEquals("hello", read(outside, 5));
            write(outside, "early");
            try (Socket down = bench.send(command, "nobody reads this")) {
                assertEquals("early", read(down, 5));
                write(up, "up");
                assertEquals("up", read(outside, 2));
                write(outside, "down");
                assertEquals("down", read(down, 4));
                try (Socket third = bench.send(command, "")) {
                    assertTrue(readToEnd(third).startsWith("HTTP/1.1 404 "));
                }
                ProxyBench.end(outside);
                assertEquals("", readToEnd(down));
                assertEquals("", readToEnd(up));
            }
        }
        assertEquals(1, bench.counters.refusals(RefuseReason.COMMAND_REPLAYED));
    }

    @Test
    void theUpLegMayEndItsSideWhileTheAnswerComes() throws Exception {
        try (Socket up = bench.post(leg("pair", "ask")); Socket outside = bench.accept();
                Socket down = bench.post(leg("pair", ""))) {
            up.shutdownOutput();
            assertEquals("ask", readToEnd(outside));
            write(outside, "answer");
            outside.shutdownOutput();
            assertEquals("answer", readToEnd(down));
        }
    }

    @Test
    void theLegWithoutBytesMayComeFirst() throws Exception {
        try (Socket down = bench.post(leg("pair", ""))) {
            ProxyBench.await("it waits", () -> bench.proxy.pairs() == 1);
            try (Socket up = bench.post(leg("pair", "x")); Socket outside = bench.accept()) {
                assertEquals("x", read(outside, 1));
                write(outside, "y");
                assertEquals("y", read(down, 1));
                down.shutdownOutput();
                assertTrue(readToEnd(up).isEmpty());
            }
        }
    }

    @Test
    void twoLegsWithoutBytesAreRefused() throws Exception {
        try (Socket first = bench.post(leg("pair", ""))) {
            ProxyBench.await("it waits", () -> bench.proxy.pairs() == 1);
            assertTrue(bench.answer(leg("pair", null)).startsWith("HTTP/1.1 404 "));
            assertTrue(readToEnd(first).startsWith("HTTP/1.1 404 "));
        }
        assertEquals(2, bench.counters.refusals(RefuseReason.PAIRING_FAILED));
    }

    @Test
    void aLegAloneWaitsHalfAMinuteAndNoLonger() throws Exception {
        try (Socket up = bench.post(leg("up", "x")); Socket outside = bench.accept();
                Socket down = bench.post(leg("down", ""))) {
            assertEquals("x", read(outside, 1));
            ProxyBench.await("both wait", () -> bench.proxy.pairs() == 2);
            bench.clock.advanceMillis(29_999);
            bench.proxy.tick();
            assertEquals(2, bench.proxy.pairs());
            bench.clock.advanceMillis(1);
            bench.proxy.tick();
            assertEquals(0, bench.proxy.pairs());
            assertEquals("", readToEnd(outside));
            assertEquals("", readToEnd(up));
            assertTrue(readToEnd(down).startsWith("HTTP/1.1 404 "));
        }
    }

    @Test
    void aPairOutlivesTheHalfMinute() throws Exception {
        try (Socket up = bench.post(leg("pair", "x")); Socket outside = bench.accept();
                Socket down = bench.post(leg("pair", ""))) {
            write(outside, "y");
            assertEquals("y", read(down, 1));
            bench.clock.advanceMillis(60_000);
            bench.proxy.tick();
            write(outside, "z");
            assertEquals("z", read(down, 1));
            assertEquals("x", read(outside, 1));
            ProxyBench.end(up);
            ProxyBench.end(down);
        }
    }

    @Test
    void anotherWalletWithTheSameIdGetsAnotherPair() throws Exception {
        Wallet other = Wallet.generate(new SecureRandom());
        JsonValue.Builder theirs = bench.command(COMMAND, other, "127.0.0.1",
                JsonValue.of(bench.target.getLocalPort()), "").put("Securitykey", "pair");
        try (Socket up = bench.post(leg("pair", "x")); Socket outside = bench.accept();
                Socket stranger = bench.post(theirs, other, "")) {
            ProxyBench.await("two pairs", () -> bench.proxy.pairs() == 2);
            try (Socket down = bench.post(leg("pair", ""))) {
                write(outside, "mine");
                assertEquals("mine", read(down, 4));
                bench.clock.advanceMillis(30_000);
                bench.proxy.tick();
                assertTrue(readToEnd(stranger).startsWith("HTTP/1.1 404 "));
            }
            assertEquals("", readToEnd(up));
        }
    }

    @Test
    void aThirdLegAndOneToAnotherTargetAreRefused() throws Exception {
        try (Socket up = bench.post(leg("pair", "x")); Socket outside = bench.accept()) {
            assertTrue(bench.answer(bench.command(COMMAND, bench.caller, "127.0.0.2",
                    JsonValue.of(bench.target.getLocalPort()), "").put("Securitykey", "pair"))
                    .startsWith("HTTP/1.1 404 "));
            try (Socket down = bench.post(leg("pair", ""))) {
                write(outside, "y");
                assertEquals("y", read(down, 1));
                assertTrue(bench.answer(leg("pair", "z")).startsWith("HTTP/1.1 404 "));
                assertTrue(bench.answer(leg("pair", "")).startsWith("HTTP/1.1 404 "));
                write(up, "w");
                assertEquals("xw", read(outside, 2));
            }
            assertEquals("", readToEnd(up));
        }
    }

    @Test
    void anIdCanBeUsedAgainWhenItsPairHasEnded() throws Exception {
        for (int round = 0; round < 2; round++) {
            try (Socket up = bench.post(leg("pair", "x")); Socket outside = bench.accept();
                    Socket down = bench.post(leg("pair", ""))) {
                write(outside, "y");
                assertEquals("y", read(down, 1));
                ProxyBench.end(outside);
                assertEquals("", readToEnd(up));
            }
            bench.assertNothingLeft();
        }
    }

    @Test
    void aLegThatWaitsHearsWhyThereIsNoTarget() throws Exception {
        int closedPort = bench.target.getLocalPort();
        bench.target.close();
        try (Socket down = bench.post(bench.command(COMMAND, bench.caller, "127.0.0.1", JsonValue.of(closedPort), "")
                .put("Securitykey", "pair"))) {
            ProxyBench.await("it waits", () -> bench.proxy.pairs() == 1);
            assertEquals("", bench.answer(bench.command(COMMAND, bench.caller, "127.0.0.1",
                    JsonValue.of(closedPort), "x").put("Securitykey", "pair")));
            assertEquals("", readToEnd(down));
        }
        assertEquals(2, bench.counters.refusals(RefuseReason.TARGET_UNREACHABLE));
    }
}
