package network.conet.edge.transport.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.util.internal.PlatformDependent;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import network.conet.edge.api.EventStream;
import network.conet.edge.api.NodeEntry;
import network.conet.edge.protocol.RefuseReason;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Forwarding and tunnels (3.5) with real sockets. */
@ExtendWith(NoLeaks.class)
class ForwardTest {
    private static final byte[] REQUEST = Recorded.request("11-send-live");
    private static final String OF_OURS = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: keep-alive\r\n"
            + "X-CoNET-Edge: 1\r\nA: b\r\n\r\n{}";
    private static final String TO_CLIENT =
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\nA: b\r\n\r\n{}";
    private static final int TUNNEL_BYTES = 5 * 1024 * 1024;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private ServerSocket next;

    @BeforeEach
    void listen() throws IOException {
        next = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.3"));
        next.setSoTimeout(10_000);
    }

    @AfterEach
    void stop() throws IOException {
        next.close();
        threads.shutdownNow();
    }

    private NodeEntry nextNode() {
        return Forwards.node("127.0.0.3", next.getLocalPort());
    }

    /** A connection that arrived at the next node. */
    private RawPeer accept() throws IOException {
        Socket accepted = next.accept();
        accepted.setSoTimeout(10_000);
        return new RawPeer(accepted);
    }

    private static final class RawPeer implements AutoCloseable {
        final Socket socket;

        RawPeer(Socket socket) {
            this.socket = socket;
        }

        String readUntil(String end) throws IOException {
            StringBuilder read = new StringBuilder();
            while (read.length() < end.length() || read.indexOf(end, read.length() - end.length()) < 0) {
                int c = socket.getInputStream().read();
                if (c < 0) {
                    throw new IOException("ended early: " + read);
                }
                read.append((char) c);
            }
            return read.toString();
        }

        String readRequest() throws IOException {
            String head = readUntil("\r\n\r\n");
            int at = head.indexOf("\r\nContent-Length: ") + 18;
            int length = Integer.parseInt(head.substring(at, head.indexOf('\r', at)));
            return head + Recorded.text(socket.getInputStream().readNBytes(length));
        }

        RawPeer send(String text) throws IOException {
            socket.getOutputStream().write(Recorded.bytes(text));
            return this;
        }

        int read() throws IOException {
            return socket.getInputStream().read();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    @Test
    void sendsTheRequestThatNodesSend() throws IOException {
        String recorded = Recorded.text(Recorded.file("11-send-live.tap.0003.up.bin"));
        String hops = recorded.substring(recorded.indexOf("Sigs: ") + 6, recorded.indexOf("\r\nContent-Type"));
        try (TestFront entry = TestFront.entryTo(nextNode(), hops); RawClient client = entry.client()) {
            client.send(REQUEST);
            try (RawPeer peer = accept()) {
                String expected = recorded.substring(0, recorded.length() - 4)
                        .replace("Host: 127.0.0.3\r\n", "Host: 127.0.0.3:" + next.getLocalPort() + "\r\n")
                        .replace("\r\nContent-Type", "\r\nX-CoNET-Edge: 1\r\nContent-Type");
                assertEquals(expected, peer.readRequest());
                byte[] answer = Recorded.file("11-send-live.tap.0003.down.bin");
                peer.socket.getOutputStream().write(answer);
                assertArrayEquals(answer, client.read(answer.length));
            }
            assertEquals("", client.readToEnd());
            assertEquals(0, entry.front.bodyBytesHeld());
        }
    }

    @Test
    void leavesOutTheHopHeaderWhenThereIsNone() throws IOException {
        for (String none : new String[] {null, ""}) {
            try (TestFront entry = TestFront.entryTo(nextNode(), none); RawClient client = entry.client()) {
                client.send(REQUEST);
                try (RawPeer peer = accept()) {
                    assertFalse(peer.readRequest().contains("Sigs"));
                }
                assertEquals("", client.readToEnd());
            }
        }
    }

    @Test
    void oneConnectionCarriesAHundredMessagesBetweenNodesOfOurs() throws IOException {
        try (TestFront mailbox = TestFront.answeringOk();
                TestFront entry = TestFront.entryTo(mailbox.node(), "hop")) {
            for (int i = 0; i < 100; i++) {
                String answer = entry.post(REQUEST);
                assertTrue(answer.endsWith("\r\n\r\n{}"));
                assertFalse(answer.contains("X-CoNET-Edge"));
                assertTrue(answer.contains("\r\nConnection: close\r\n"));
            }
            assertEquals(100, mailbox.handler.calls.size());
            assertEquals("hop", mailbox.handler.calls.get(99).hopHeader());
            assertEquals(1, mailbox.accepted());
        }
    }

    @Test
    void aChainOfNodesOfOursKeepsOneConnectionEach() throws IOException {
        try (TestFront mailbox = new TestFront(call -> call.exchange().refuse(RefuseReason.ROUTE_UNKNOWN));
                TestFront middle = TestFront.entryTo(mailbox.node(), "b");
                TestFront entry = TestFront.entryTo(middle.node(), "a")) {
            for (int i = 0; i < 20; i++) {
                assertTrue(entry.post(REQUEST).startsWith("HTTP/1.1 404 Not Found\r\n"));
            }
            assertEquals(1, middle.accepted());
            assertEquals(1, mailbox.accepted());
        }
    }

    @Test
    void aNodeThatDoesNotSayThatItIsOneOfOursIsNotUsedAgain() throws IOException {
        try (TestFront entry = TestFront.entryTo(nextNode(), null)) {
            for (int i = 0; i < 2; i++) {
                try (RawClient client = entry.client()) {
                    client.send(REQUEST);
                    try (RawPeer peer = accept()) {
                        peer.readRequest();
                        peer.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: keep-alive\r\n\r\n{}");
                        client.readMessage();
                    }
                    assertEquals("", client.readToEnd());
                }
            }
        }
    }

    @Test
    void aStaleConnectionIsReplacedOnce() throws IOException {
        try (TestFront entry = TestFront.entryTo(nextNode(), null)) {
            try (RawClient first = entry.client(); RawClient second = entry.client()) {
                first.send(REQUEST);
                RawPeer peer = accept();
                peer.readRequest();
                peer.send(OF_OURS);
                assertEquals(TO_CLIENT, first.readToEnd());
                second.send(REQUEST);
                peer.readRequest();
                peer.close();
                try (RawPeer fresh = accept()) {
                    fresh.readRequest();
                    fresh.send(OF_OURS);
                    assertEquals(TO_CLIENT, second.readToEnd());
                }
            }
            assertEquals(0, entry.refusals(RefuseReason.NEXT_NODE_SILENT));
            assertEquals(0, entry.front.bodyBytesHeld());
        }
    }

    @Test
    void aStaleConnectionToANodeThatIsGoneIsARefusal() throws IOException {
        try (TestFront entry = TestFront.entryTo(nextNode(), null);
                RawClient first = entry.client(); RawClient second = entry.client()) {
            first.send(REQUEST);
            RawPeer peer = accept();
            peer.readRequest();
            peer.send(OF_OURS);
            first.readToEnd();
            second.send(REQUEST);
            peer.readRequest();
            next.close();
            peer.close();
            assertTrue(second.readToEnd().startsWith("HTTP/1.1 404 Not Found\r\n"));
            assertEquals(1, entry.refusals(RefuseReason.NEXT_NODE_UNREACHABLE));
        }
    }

    @Test
    void aConnectionThatEndedInThePoolIsNotTaken() throws IOException {
        try (TestFront entry = TestFront.entryTo(nextNode(), null)) {
            for (int i = 0; i < 3; i++) {
                try (RawClient client = entry.client()) {
                    client.send(REQUEST);
                    try (RawPeer peer = accept()) {
                        peer.readRequest();
                        peer.send(OF_OURS);
                        assertEquals(TO_CLIENT, client.readToEnd());
                    }
                }
            }
        }
    }

    @Test
    void unannouncedBytesEndTheUseOfAConnection() throws IOException {
        try (TestFront entry = TestFront.entryTo(nextNode(), null); RawClient client = entry.client()) {
            client.send(REQUEST);
            RawPeer peer = accept();
            peer.readRequest();
            peer.send(OF_OURS + "more");
            assertEquals(TO_CLIENT + "more", Recorded.text(client.read(TO_CLIENT.length() + 4)));
            peer.close();
            assertEquals("", client.readToEnd());
        }
    }

    @Test
    void anAnswerInPiecesIsPassedOnWhole() throws IOException {
        try (TestFront entry = TestFront.entryTo(nextNode(), null); RawClient client = entry.client()) {
            client.send(REQUEST);
            try (RawPeer peer = accept()) {
                peer.socket.setTcpNoDelay(true);
                peer.readRequest();
                for (char c : OF_OURS.toCharArray()) {
                    peer.send(String.valueOf(c));
                }
                assertEquals(TO_CLIENT, client.readToEnd());
            }
        }
    }

    @Test
    void whatIsNotHttpIsPassedOnAsItIs() throws IOException {
        String longHead = "HTTP/1.1 200 OK\r\nA: " + "x".repeat(TransportLimits.ANSWER_HEADER_BYTES_MAX);
        for (String answer : new String[] {"\0\1raw\r\n\r\nX-CoNET-Edge: 1\r\n", "HTTP/1.1 200", "H", longHead,
            "HTTP/1.1 200 OK\nA: b\n\n"}) {
            try (TestFront entry = TestFront.entryTo(nextNode(), null); RawClient client = entry.client()) {
                client.send(REQUEST);
                try (RawPeer peer = accept()) {
                    peer.readRequest();
                    peer.send(answer);
                }
                assertEquals(answer, client.readToEnd());
            }
        }
    }

    @Test
    void refusesWhenTheNextNodeIsNotThere() throws IOException {
        next.close();
        try (TestFront entry = TestFront.entryTo(nextNode(), null)) {
            assertTrue(entry.post(REQUEST).startsWith("HTTP/1.1 404 Not Found\r\n"));
            assertEquals(1, entry.refusals(RefuseReason.NEXT_NODE_UNREACHABLE));
            assertEquals(0, entry.front.bodyBytesHeld());
        }
    }

    @Test
    void refusesWhenTheNextNodesNameIsUnknown() throws IOException {
        try (TestFront entry = TestFront.entryTo(Forwards.node("no-such-name.invalid", 80), null)) {
            assertTrue(entry.post(REQUEST).startsWith("HTTP/1.1 404 Not Found\r\n"));
            assertEquals(1, entry.refusals(RefuseReason.NEXT_NODE_UNREACHABLE));
        }
    }

    @Test
    void findsANextNodeByItsName() throws IOException {
        try (TestFront mailbox = TestFront.answeringOk();
                TestFront entry = TestFront.entryTo(Forwards.node("localhost", mailbox.port()), null)) {
            assertTrue(entry.post(REQUEST).endsWith("{}"));
        }
    }

    @Test
    void passesOnThatTheNextNodeClosesWithoutAByte() throws IOException {
        try (TestFront mailbox = new TestFront(call -> call.exchange().refuse(RefuseReason.HOP_LOOP));
                TestFront entry = TestFront.entryTo(mailbox.node(), null)) {
            assertEquals("", entry.post(REQUEST));
            assertEquals(1, entry.refusals(RefuseReason.NEXT_NODE_SILENT));
        }
    }

    @Test
    void keepsWhatFollowsTheBodyLessItsLineEnds() throws Exception {
        for (String[] pieces : new String[][] {{"\r\n\r\nHELLO\r\n"}, {"\r\n\r", "\nHEL", "LO\r\n"}, {"HELLO\r\n"},
            {"\r", "\n", "HELLO\r\n"}}) {
            CompletableFuture<TestHandler.Call> handed = new CompletableFuture<>();
            try (TestFront entry = new TestFront(handed::complete); RawClient client = entry.client()) {
                client.send(Recorded.text(REQUEST) + pieces[0]);
                TestHandler.Call call = handed.get(5, TimeUnit.SECONDS);
                for (int i = 1; i < pieces.length; i++) {
                    client.send(pieces[i]);
                }
                Forwards.to(call, nextNode(), null);
                try (RawPeer peer = accept()) {
                    peer.readRequest();
                    assertEquals("HELLO\r\n", peer.readUntil("\r\n"));
                    client.send("\r\nmore");
                    assertEquals("\r\nmore", peer.readUntil("more"));
                    peer.send("down");
                    assertEquals("down", Recorded.text(client.read(4)));
                }
            }
        }
    }

    @Test
    void aClientThatEndsItsSideStillGetsAPromptAnswerAndEndsTheNextNode() throws IOException {
        try (TestFront entry = TestFront.entryTo(nextNode(), null); RawClient client = entry.client()) {
            client.send(REQUEST);
            try (RawPeer peer = accept()) {
                peer.readRequest();
                client.socket.shutdownOutput();
                assertEquals(-1, peer.read());
                peer.send("prompt");
                assertEquals("prompt", client.readToEnd());
            }
        }
    }

    @Test
    void aClientThatIsGoneEndsTheNextNode() throws IOException {
        try (TestFront entry = TestFront.entryTo(nextNode(), null)) {
            RawClient client = entry.client();
            client.send(REQUEST);
            try (RawPeer peer = accept()) {
                peer.readRequest();
                client.reset();
                assertEquals(-1, peer.read());
            }
            Await.until("it is forgotten", () -> entry.front.connections() == 0);
        }
    }

    @Test
    void aStreamPassesThroughUntilItsEnd() throws Exception {
        CompletableFuture<EventStream> stream = new CompletableFuture<>();
        try (TestFront mailbox = new TestFront(call -> stream.complete(call.exchange().stream(
                new EventStream.Events() {
                    @Override
                    public void writable() { }

                    @Override
                    public void closed() { }
                })));
                TestFront entry = TestFront.entryTo(mailbox.node(), null);
                RawClient client = entry.client()) {
            client.send(REQUEST);
            EventStream opened = stream.get(5, TimeUnit.SECONDS);
            assertTrue(client.readUntil("\r\n\r\n").contains("text/event-stream"));
            for (int i = 0; i < 3; i++) {
                opened.write(Recorded.bytes("data: " + i + "\r\n\r\n"));
                assertEquals("data: " + i + "\r\n\r\n", client.readUntil("\r\n\r\n"));
            }
            opened.close();
            assertEquals("", client.readToEnd());
        }
    }

    @Test
    void carriesMuchBothWaysWithLittleMemory() throws Exception {
        byte[] up = new byte[TUNNEL_BYTES];
        byte[] down = new byte[TUNNEL_BYTES];
        new Random(1).nextBytes(up);
        new Random(2).nextBytes(down);
        down[0] = 'x';
        up[0] = 'x';
        try (TestFront entry = TestFront.entryTo(nextNode(), null)) {
            Socket small = new Socket();
            small.setReceiveBufferSize(32 * 1024);
            try (RawClient client = new RawClient(small, entry.port())) {
                client.send(REQUEST);
                try (RawPeer peer = accept()) {
                    peer.readRequest();
                    // Both write before anybody reads: all buffers fill, and must hold at their bounds.
                    CompletableFuture<Void> wroteUp = run(() -> client.socket.getOutputStream().write(up));
                    CompletableFuture<Void> wroteDown = run(() -> peer.socket.getOutputStream().write(down));
                    byte[] gotDown = slowly(client.socket);
                    wroteDown.get(10, TimeUnit.SECONDS);
                    byte[] gotUp = slowly(peer.socket);
                    wroteUp.get(10, TimeUnit.SECONDS);
                    assertArrayEquals(down, gotDown);
                    assertArrayEquals(up, gotUp);
                }
                assertEquals("", client.readToEnd());
            }
        }
    }

    private interface Work {
        void run() throws IOException;
    }

    private CompletableFuture<Void> run(Work work) {
        return CompletableFuture.runAsync(() -> {
            try {
                work.run();
            } catch (IOException failed) {
                throw new AssertionError(failed);
            }
        }, threads);
    }

    /** Reads in small pieces, and looks at what the front holds meanwhile. */
    private static byte[] slowly(Socket socket) throws IOException {
        long bytesMax = 4L * 1024 * 1024;
        byte[] all = new byte[TUNNEL_BYTES];
        int at = 0;
        while (at < all.length) {
            int read = socket.getInputStream().read(all, at, Math.min(8_192, all.length - at));
            assertTrue(read > 0);
            at += read;
            assertTrue(PlatformDependent.usedDirectMemory() < bytesMax,
                    () -> "direct memory: " + PlatformDependent.usedDirectMemory());
        }
        return all;
    }
}
