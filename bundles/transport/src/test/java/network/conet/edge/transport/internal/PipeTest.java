package network.conet.edge.transport.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import network.conet.edge.api.ByteAllowance;
import network.conet.edge.api.Counter;
import network.conet.edge.api.FlowLimits;
import network.conet.edge.api.Pipe;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.RefusedException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Given away connections and connections to targets, with sockets. */
@Timeout(60)
@ExtendWith(NoLeaks.class)
class PipeTest {
    private static final byte[] REQUEST =
            Recorded.bytes("POST /post HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}");
    private static final FlowLimits PLENTY = new FlowLimits(ByteAllowance.of(Long.MAX_VALUE), Duration.ofSeconds(60));
    private static final long HALF_MINUTE = 30;

    private final BlockingQueue<Joined> joined = new LinkedBlockingQueue<>();
    private final DialSettings loopback = new DialSettings(List.of(AddressRange.of("127.0.0.0/8")), 3);
    private TestTarget target;
    private TestFront front;
    private TargetDialer dialer;
    private FlowLimits limits = PLENTY;

    private record Joined(Pipe client, Pipe target, CompletableFuture<Long> up, CompletableFuture<Long> down) {}

    @BeforeEach
    void start() throws IOException {
        start(1);
    }

    private void start(int loops) throws IOException {
        target = new TestTarget();
        front = new TestFront(FrontSettings.defaults().eventLoops(loops), this::join);
        dialer = (TargetDialer) front.front.dialer(loopback);
    }

    @AfterEach
    void stop() throws IOException {
        front.close();
        target.close();
    }

    private void join(TestHandler.Call call) {
        dialer.dial("127.0.0.1", target.port()).whenComplete((there, failure) -> {
            if (failure != null) {
                call.exchange().refuse(RefuseReason.TARGET_UNREACHABLE);
                return;
            }
            Pipe here = call.exchange().pipe();
            joined.add(new Joined(here, there, here.flowTo(there, limits).toCompletableFuture(),
                    there.flowTo(here, limits).toCompletableFuture()));
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void carriesBytesBothWays(int loops) throws Exception {
        stop();
        start(loops);
        for (int round = 0; round < 3; round++) {
            try (RawClient client = front.client()) {
                client.send(REQUEST);
                try (Socket outside = target.accept()) {
                    client.send("hello");
                    assertEquals("hello", TestTarget.read(outside, 5));
                    TestTarget.write(outside, "you");
                    assertEquals("you", Recorded.text(client.read(3)));
                    outside.shutdownOutput();
                    assertEquals("", client.readToEnd());
                    client.send(" again");
                    client.socket.shutdownOutput();
                    assertEquals(" again", TestTarget.readToEnd(outside));
                }
            }
            Joined pair = joined.poll(HALF_MINUTE, TimeUnit.SECONDS);
            assertEquals(11, pair.up.get(HALF_MINUTE, TimeUnit.SECONDS));
            assertEquals(3, pair.down.get(HALF_MINUTE, TimeUnit.SECONDS));
            pair.client.ended().toCompletableFuture().get(HALF_MINUTE, TimeUnit.SECONDS);
            pair.target.ended().toCompletableFuture().get(HALF_MINUTE, TimeUnit.SECONDS);
        }
        assertEquals(3, front.counters.value(Counter.TUNNELS_OPENED));
        assertEquals(3 * 14, front.counters.value(Counter.TUNNEL_BYTES));
        Await.until("targets", () -> dialer.open() == 0);
    }

    @Test
    void sendsWhatCameBehindTheRequestFirstLessItsLineEnds() throws Exception {
        try (RawClient client = front.client()) {
            client.send(Recorded.text(REQUEST) + "\r\n\r\nearly");
            try (Socket outside = target.accept()) {
                assertEquals("early", TestTarget.read(outside, 5));
            }
        }
    }

    @Test
    void dropsLineEndsThatComeOneByteAtATimeAndKeepsALoneReturn() throws Exception {
        try (RawClient client = front.client()) {
            client.send(REQUEST);
            try (Socket outside = target.accept()) {
                for (char c : "\r\n\r\n\rx\r\n".toCharArray()) {
                    client.send(String.valueOf(c));
                }
                assertEquals("\rx\r\n", TestTarget.read(outside, 4));
                client.socket.shutdownOutput();
                assertEquals("", TestTarget.readToEnd(outside));
            }
        }
    }

    @Test
    void aReturnAtTheVeryEndIsAByteLikeOthers() throws Exception {
        try (RawClient client = front.client()) {
            client.send(Recorded.text(REQUEST) + "\r\n\r");
            client.socket.shutdownOutput();
            try (Socket outside = target.accept()) {
                assertEquals("\r", TestTarget.readToEnd(outside));
            }
        }
    }

    @Test
    void writesGoAheadOfWhatFlows() throws Exception {
        front.handler.answer = call -> dialer.dial("127.0.0.1", target.port()).thenAccept(there -> {
            Pipe here = call.exchange().pipe();
            there.write(Recorded.bytes("first "));
            here.flowTo(there, limits);
            there.flowTo(here, limits);
        });
        try (RawClient client = front.client()) {
            client.send(Recorded.text(REQUEST) + "second");
            try (Socket outside = target.accept()) {
                assertEquals("first second", TestTarget.read(outside, 12));
            }
        }
    }

    @Test
    void aPeerThatReadsNothingStopsTheOtherFromBeingRead() throws Exception {
        try (RawClient client = front.client()) {
            client.socket.setSoTimeout(20_000);
            client.send(REQUEST);
            try (Socket outside = target.accept()) {
                Joined pair = joined.poll(HALF_MINUTE, TimeUnit.SECONDS);
                byte[] block = new byte[64 * 1024];
                Arrays.fill(block, (byte) 7);
                AtomicInteger written = new AtomicInteger();
                int blocks = 1_000;
                Thread writer = new Thread(() -> {
                    try {
                        for (int i = 0; i < blocks; i++) {
                            outside.getOutputStream().write(block);
                            written.incrementAndGet();
                        }
                        outside.shutdownOutput();
                    } catch (IOException gone) {
                        written.set(-1);
                    }
                });
                writer.start();
                // It stands still, well before the end: kernel buffers and 64 KiB of ours are full.
                int[] before = {-1};
                Await.until("the writer stands still", () -> {
                    writerRests(writer);
                    int now = written.get();
                    boolean stands = now == before[0];
                    before[0] = now;
                    return stands;
                });
                assertTrue(written.get() < blocks, "written: " + written);
                long unsent = ((ChannelPipe) pair.client).channel().unsafe().outboundBuffer().totalPendingWriteBytes();
                assertTrue(unsent < 4L * TransportLimits.WRITE_HIGH_BYTES, "unsent: " + unsent);
                assertEquals(blocks * block.length, client.readToEnd().length());
                writer.join();
                assertEquals(blocks, written.get());
            }
        }
    }

    private static void writerRests(Thread writer) {
        try {
            writer.join(300);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void carriesExactlyTheLimit() throws Exception {
        limits = new FlowLimits(ByteAllowance.of(5), Duration.ofSeconds(60));
        try (RawClient client = front.client()) {
            client.send(REQUEST);
            try (Socket outside = target.accept()) {
                client.send("12345");
                client.socket.shutdownOutput();
                assertEquals("12", TestTarget.read(outside, 2));
                assertEquals("345", TestTarget.readToEnd(outside));
                outside.shutdownOutput();
                assertEquals("", client.readToEnd());
            }
        }
    }

    @Test
    void closesBothAtOneByteMoreThanTheLimit() throws Exception {
        limits = new FlowLimits(ByteAllowance.of(5), Duration.ofSeconds(60));
        try (RawClient client = front.client()) {
            client.send(REQUEST);
            try (Socket outside = target.accept()) {
                client.send("123456");
                assertEquals("12345", TestTarget.readToEnd(outside));
                assertEquals("", client.readToEnd());
            }
        }
        Joined pair = joined.poll(HALF_MINUTE, TimeUnit.SECONDS);
        assertEquals(5, pair.up.get(HALF_MINUTE, TimeUnit.SECONDS));
        Await.until("targets", () -> dialer.open() == 0);
    }

    @Test
    void closesBothWhenNothingMovesForTheIdleTime() throws Exception {
        limits = new FlowLimits(ByteAllowance.of(Long.MAX_VALUE), Duration.ofMillis(200));
        try (RawClient client = front.client()) {
            client.send(REQUEST);
            try (Socket outside = target.accept()) {
                assertEquals("", TestTarget.readToEnd(outside));
                assertEquals("", client.readToEnd());
            }
        }
    }

    @Test
    void aClientThatIsGoneEndsTheTarget() throws Exception {
        RawClient client = front.client();
        client.send(REQUEST);
        try (Socket outside = target.accept()) {
            joined.poll(HALF_MINUTE, TimeUnit.SECONDS);
            client.reset();
            assertEquals("", TestTarget.readToEnd(outside));
        }
        Await.until("targets", () -> dialer.open() == 0);
    }

    @Test
    void aTargetThatIsGoneEndsTheClient() throws Exception {
        try (RawClient client = front.client()) {
            client.send(REQUEST);
            Socket outside = target.accept();
            joined.poll(HALF_MINUTE, TimeUnit.SECONDS);
            outside.setSoLinger(true, 0);
            outside.close();
            assertTrue(client.isReset());
        }
        Await.until("targets", () -> dialer.open() == 0);
    }

    @Test
    void aDiscardingPipeNoticesTheEndOfItsPeer() throws Exception {
        CompletableFuture<Pipe> given = new CompletableFuture<>();
        front.handler.answer = call -> {
            Pipe pipe = call.exchange().pipe();
            pipe.discard();
            given.complete(pipe);
        };
        try (RawClient client = front.client()) {
            client.send(Recorded.text(REQUEST) + "nobody wants this");
            Pipe pipe = given.get(HALF_MINUTE, TimeUnit.SECONDS);
            pipe.write(Recorded.bytes("down"));
            assertEquals("down", Recorded.text(client.read(4)));
            assertFalse(pipe.ended().toCompletableFuture().isDone());
            client.socket.shutdownOutput();
            pipe.ended().toCompletableFuture().get(HALF_MINUTE, TimeUnit.SECONDS);
        }
    }

    @Test
    void aPipeOfAPeerThatHasGoneHasEnded() throws Exception {
        CompletableFuture<TestHandler.Call> held = new CompletableFuture<>();
        front.handler.answer = held::complete;
        RawClient client = front.client();
        client.send(REQUEST);
        TestHandler.Call call = held.get(HALF_MINUTE, TimeUnit.SECONDS);
        client.reset();
        Await.until("connections", () -> front.front.connections() == 0);
        Pipe pipe = call.exchange().pipe();
        pipe.ended().toCompletableFuture().get(HALF_MINUTE, TimeUnit.SECONDS);
        pipe.write(new byte[] {1});
        pipe.close();
    }

    /** A target must not be able to make an entry send the next client's message into the tunnel of this one. */
    @ParameterizedTest
    @ValueSource(ints = {1, 1000})
    void anEntryUsesNoConnectionAgainThatLedToATarget(int pieceBytes) throws Exception {
        byte[] marked = Recorded.bytes("HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nX-CoNET-Edge: 1\r\n"
                + "Content-Length: 2\r\n\r\nok");
        try (TestFront entry = TestFront.entryTo(front.node(), "")) {
            try (RawClient client = entry.client()) {
                client.send(REQUEST);
                try (Socket outside = target.accept()) {
                    for (int at = 0; at < marked.length; at += pieceBytes) {
                        outside.getOutputStream().write(marked, at, Math.min(pieceBytes, marked.length - at));
                    }
                    String answer = client.readUntil("\r\n\r\nok");
                    assertEquals("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok", answer);
                    front.handler.answer = call -> call.exchange().ok(Recorded.bytes("{}"));
                    assertTrue(entry.post(REQUEST).endsWith("{}"));
                    outside.shutdownOutput();
                    client.socket.shutdownOutput();
                    assertEquals("", TestTarget.readToEnd(outside), "nothing of the other client came here");
                }
            }
        }
        assertEquals(2, front.accepted());
    }

    @Test
    void anUnfinishedHeadIsPassedOnWhenItsSenderEnds() throws Exception {
        try (TestFront entry = TestFront.entryTo(front.node(), ""); RawClient client = entry.client()) {
            client.send(REQUEST);
            try (Socket outside = target.accept()) {
                TestTarget.write(outside, "HTTP/1.1 200 OK\r\nX");
                outside.shutdownOutput();
                assertEquals("HTTP/1.1 200 OK\r\nX", client.readToEnd());
            }
        }
    }

    @Test
    void asManyTargetsAsAllowedAndNoMore() throws Exception {
        List<Pipe> open = List.of(dial(), dial(), dial());
        assertEquals(RefuseReason.TUNNELS_FULL, refused("127.0.0.1", target.port()));
        open.get(0).close();
        target.accept().close();
        Await.until("targets", () -> dialer.open() == 2);
        dial().close();
    }

    @Test
    void connectsTheAddressThatWasCheckedEvenIfTheNameChanges() throws Exception {
        stop();
        target = new TestTarget();
        AtomicInteger asked = new AtomicInteger();
        front = new TestFront(this::join);
        // The first answer is allowed, all later ones are what an attacker wants to reach.
        TargetDialer rebound = (TargetDialer) front.front.dialer(
                new DialSettings(List.of(AddressRange.of("127.0.0.1/32")), 3),
                name -> new InetAddress[] {InetAddress.getByName(
                        asked.getAndIncrement() == 0 ? "127.0.0.1" : "127.0.0.2")});
        Pipe pipe = rebound.dial("rebinding.example", target.port()).toCompletableFuture()
                .get(HALF_MINUTE, TimeUnit.SECONDS);
        assertEquals(1, asked.get());
        assertEquals(InetAddress.getByName("127.0.0.1"), target.accept().getLocalAddress());
        pipe.close();
        // Another name asks again and meets the rule.
        ExecutionException refused = assertThrows(ExecutionException.class, () -> rebound
                .dial("other.example", target.port()).toCompletableFuture().get(HALF_MINUTE, TimeUnit.SECONDS));
        assertEquals(RefuseReason.TARGET_FORBIDDEN, ((RefusedException) refused.getCause()).reason());
    }

    @Test
    void refusesWhatCannotBeConnected() throws Exception {
        int closedPort = target.port();
        target.close();
        assertEquals(RefuseReason.TARGET_UNREACHABLE, refused("127.0.0.1", closedPort));
        assertEquals(RefuseReason.TARGET_MALFORMED, refused("127.0.0.1", 0));
        assertEquals(RefuseReason.TARGET_MALFORMED, refused("127.0.0.1", 65536));
        assertEquals(RefuseReason.TARGET_FORBIDDEN, refused("10.0.0.1", 80));
        assertEquals(RefuseReason.TARGET_UNRESOLVED, refused("no-such-name.invalid", 80));
        assertEquals(0, dialer.open());
    }

    private Pipe dial() throws Exception {
        return dialer.dial("127.0.0.1", target.port()).toCompletableFuture().get(HALF_MINUTE, TimeUnit.SECONDS);
    }

    private RefuseReason refused(String host, int port) {
        ExecutionException refused = assertThrows(ExecutionException.class, () ->
                dialer.dial(host, port).toCompletableFuture().get(HALF_MINUTE, TimeUnit.SECONDS));
        return ((RefusedException) refused.getCause()).reason();
    }
}
