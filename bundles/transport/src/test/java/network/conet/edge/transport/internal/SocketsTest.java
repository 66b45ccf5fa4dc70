package network.conet.edge.transport.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import network.conet.edge.api.Counter;
import network.conet.edge.api.EventStream;
import network.conet.edge.api.Exchange;
import network.conet.edge.api.PlainCounters;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.testkit.SettableClock;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The front with real sockets. */
@ExtendWith(NoLeaks.class)
class SocketsTest {
    private static final FrontSettings.Times SHORT =
            new FrontSettings.Times(150, 400, 300, 60_000, 2_000, 300, 500);
    private static final ExecutorService OTHER_THREAD = Executors.newSingleThreadExecutor();

    @AfterAll
    static void stopThread() {
        OTHER_THREAD.shutdownNow();
    }

    private static final class Events implements EventStream.Events {
        final Semaphore writable = new Semaphore(0);
        final CountDownLatch closed = new CountDownLatch(1);

        @Override
        public void writable() {
            writable.release();
        }

        @Override
        public void closed() {
            assertEquals(1, closed.getCount());
            closed.countDown();
        }
    }

    @Test
    void answersAndEnds() throws IOException {
        try (TestFront front = TestFront.answeringOk()) {
            for (String id : Recorded.POSTS) {
                String answer = front.post(Recorded.request(id));
                assertTrue(answer.startsWith("HTTP/1.1 200 OK\r\n") && answer.endsWith("\r\n\r\n{}"));
            }
            assertEquals(Recorded.POSTS.size(), front.counters.value(Counter.REQUESTS_RECEIVED));
            assertEquals("127.0.0.1", front.handler.calls.get(0).exchange().peerAddress());
            Await.until("connections are gone", () -> front.front.connections() == 0);
        }
    }

    @Test
    void answersFromAnotherThread() throws IOException {
        try (TestFront front = new TestFront(call ->
                OTHER_THREAD.execute(() -> call.exchange().refuse(RefuseReason.STORAGE_FAILED)))) {
            assertTrue(front.post(Recorded.request("11-send-live")).startsWith("HTTP/1.1 503 "));
            assertEquals(1, front.refusals(RefuseReason.STORAGE_FAILED));
        }
    }

    @Test
    void anAnswerReachesAClientThatStillSends() throws IOException {
        try (TestFront front = TestFront.answeringOk(); RawClient client = front.client()) {
            client.send("PUT /post HTTP/1.1\r\nContent-Length: 300000\r\n\r\n").send(new byte[300_000]);
            assertTrue(client.readToEnd().startsWith("HTTP/1.1 404 Not Found\r\n"));
        }
    }

    @Test
    void answersAClientThatHasEndedItsSide() throws IOException {
        try (TestFront front = TestFront.answeringOk(); RawClient client = front.client()) {
            client.send(Recorded.request("11-send-live")).socket.shutdownOutput();
            assertTrue(client.readToEnd().endsWith("{}"));
        }
    }

    @Test
    void optionsAndPostOnOneConnection() throws IOException {
        try (TestFront front = TestFront.answeringOk(); RawClient client = front.client()) {
            client.send(Recorded.request("02-options"));
            assertEquals(Recorded.text(Recorded.answer("02-options")), client.readUntil("\r\n\r\n"));
            client.send(Recorded.request("11-send-live"));
            assertTrue(client.readToEnd().endsWith("{}"));
        }
    }

    @Test
    void endsSlowClients() throws IOException {
        try (TestFront front = new TestFront(FrontSettings.defaults().times(SHORT), call -> { });
                RawClient silent = front.client();
                RawClient header = front.client();
                RawClient body = front.client()) {
            header.send("POST /post HT");
            body.send("POST /post HTTP/1.1\r\nContent-Length: 10\r\n\r\n{");
            assertEquals("", header.readToEnd());
            assertEquals("", silent.readToEnd());
            assertEquals("", body.readToEnd());
            assertEquals(2, front.refusals(RefuseReason.REQUEST_TIMEOUT));
        }
    }

    @Test
    void holdsExactlyTheConfiguredConnections() throws IOException {
        FrontSettings settings = FrontSettings.defaults().connections(2, 1, 9);
        try (TestFront front = new TestFront(settings, call -> call.exchange().ok(new byte[0]))) {
            try (RawClient first = front.client(); RawClient second = front.client()) {
                Await.until("both are accepted", () -> front.front.connections() == 2);
                try (RawClient third = front.client()) {
                    assertTrue(third.isReset());
                }
                assertEquals(1, front.refusals(RefuseReason.CONNECTIONS_FULL));
                assertTrue(second.send(Recorded.request("11-send-live")).readToEnd().startsWith("HTTP/1.1 200"));
                assertTrue(first.send(Recorded.request("11-send-live")).readToEnd().startsWith("HTTP/1.1 200"));
            }
            Await.until("places are free", () -> front.front.connections() == 0);
            assertTrue(front.post(Recorded.request("11-send-live")).startsWith("HTTP/1.1 200"));
            assertEquals(3, front.accepted());
        }
    }

    @Test
    void holdsExactlyTheConfiguredConnectionsOfOneAddress() throws IOException {
        FrontSettings settings = FrontSettings.defaults().connections(9, 9, 1);
        try (TestFront front = new TestFront(settings, call -> call.exchange().ok(new byte[0]));
                RawClient first = front.client()) {
            Await.until("it is accepted", () -> front.front.connections() == 1);
            try (RawClient second = front.client()) {
                assertTrue(second.isReset());
            }
            assertEquals(1, front.refusals(RefuseReason.CONNECTIONS_FULL));
            assertTrue(first.send(Recorded.request("11-send-live")).readToEnd().startsWith("HTTP/1.1 200"));
        }
    }

    @Test
    void streamTellsItsWriterToWaitAndToGoOn() throws Exception {
        Events events = new Events();
        try (TestFront front = new TestFront(call -> { }); RawClient client = front.client()) {
            client.send(Recorded.request("22-listen-direct"));
            Exchange exchange = front.handler.queue.poll(5, TimeUnit.SECONDS).exchange();
            EventStream stream = exchange.stream(events);
            client.readUntil("\r\n\r\n");
            byte[] frame = new byte[10_000];
            long written = 0;
            // What waits in the loop can still go into the system's buffers; the writer is told, and goes on.
            do {
                while (stream.write(frame)) {
                    written += frame.length;
                }
                written += frame.length;
            } while (events.writable.tryAcquire(300, TimeUnit.MILLISECONDS));
            assertFalse(stream.isWritable());
            client.read((int) written);
            assertTrue(events.writable.tryAcquire(5, TimeUnit.SECONDS));
            assertTrue(stream.write(Recorded.bytes("end")));
            assertEquals("end", Recorded.text(client.read(3)));
            assertEquals(0, front.counters.value(Counter.LISTENERS_EVICTED));
            client.socket.close();
            while (events.closed.getCount() > 0) {
                stream.write(frame);
                events.closed.await(10, TimeUnit.MILLISECONDS);
            }
            assertFalse(stream.write(frame));
        }
    }

    @Test
    void streamEndsSoonAfterItsPeerHasClosed() throws Exception {
        Events events = new Events();
        try (TestFront front = new TestFront(call -> call.exchange().stream(events))) {
            try (RawClient client = front.client()) {
                client.send(Recorded.request("22-listen-direct")).readUntil("\r\n\r\n");
            }
            // Nobody writes a frame.
            assertTrue(events.closed.await(10, TimeUnit.SECONDS));
        }
    }

    @Test
    void streamGoesOnForAPeerThatOnlySendsNoMore() throws Exception {
        Events events = new Events();
        String emptyFrame = "\r\n\r\n";
        try (TestFront front = new TestFront(call -> { }); RawClient client = front.client()) {
            client.send(Recorded.request("22-listen-direct")).socket.shutdownOutput();
            EventStream stream = front.handler.queue.poll(5, TimeUnit.SECONDS).exchange().stream(events);
            client.readUntil("\r\n\r\n");
            assertEquals(emptyFrame + emptyFrame, Recorded.text(client.read(2 * emptyFrame.length())));
            assertTrue(stream.write(Recorded.bytes("end")));
            assertEquals("end", client.readUntil("end").strip());
            assertEquals(1, events.closed.getCount());
        }
    }

    @Test
    void streamIsClosedWhenItsPeerTakesNothing() throws Exception {
        Events events = new Events();
        try (TestFront front = new TestFront(FrontSettings.defaults().times(SHORT),
                call -> call.exchange().stream(events)); RawClient client = front.client()) {
            client.send(Recorded.request("22-listen-direct"));
            Exchange exchange = front.handler.queue.poll(5, TimeUnit.SECONDS).exchange();
            assertNotNull(exchange);
            client.readUntil("\r\n\r\n");
        }
        Events stalled = new Events();
        try (TestFront front = new TestFront(FrontSettings.defaults().times(SHORT), call -> { });
                RawClient client = front.client()) {
            client.send(Recorded.request("22-listen-direct"));
            EventStream stream = front.handler.queue.poll(5, TimeUnit.SECONDS).exchange().stream(stalled);
            while (stalled.closed.getCount() > 0) {
                if (!stream.write(new byte[10_000])) {
                    stalled.writable.tryAcquire(50, TimeUnit.MILLISECONDS);
                }
            }
            assertEquals(1, front.counters.value(Counter.LISTENERS_EVICTED));
            assertTrue(events.closed.await(5, TimeUnit.SECONDS));
        }
    }

    @Test
    void framesOfManyThreadsStayWhole() throws Exception {
        Events events = new Events();
        try (TestFront front = new TestFront(call -> { }); RawClient client = front.client()) {
            client.send(Recorded.request("22-listen-direct"));
            EventStream stream = front.handler.queue.poll(5, TimeUnit.SECONDS).exchange().stream(events);
            client.readUntil("\r\n\r\n");
            int frames = 500;
            Thread[] writers = new Thread[4];
            for (int i = 0; i < writers.length; i++) {
                byte[] frame = Recorded.bytes(String.valueOf((char) ('a' + i)).repeat(40_000 - 9_000 * i));
                writers[i] = new Thread(() -> {
                    for (int n = 0; n < frames / 25; n++) {
                        stream.write(frame);
                    }
                });
                writers[i].start();
            }
            int total = frames / 25 * (40_000 + 31_000 + 22_000 + 13_000);
            String all = Recorded.text(client.read(total));
            for (int at = 0; at < all.length(); ) {
                int kind = all.charAt(at) - 'a';
                int length = 40_000 - 9_000 * kind;
                assertEquals(all.substring(at, at + 1).repeat(length), all.substring(at, at + length));
                at += length;
            }
            for (Thread writer : writers) {
                writer.join();
            }
            stream.close();
            assertEquals("", client.readToEnd());
            assertTrue(events.closed.await(5, TimeUnit.SECONDS));
        }
    }

    @Test
    void stopLetsAnExchangeFinishAndFreesThePort() throws Exception {
        TestFront front = new TestFront(call -> { });
        try (RawClient client = front.client(); RawClient idle = front.client()) {
            client.send(Recorded.request("11-send-live"));
            Exchange exchange = front.handler.queue.poll(5, TimeUnit.SECONDS).exchange();
            Thread stopping = new Thread(front::close);
            stopping.start();
            Await.until("new connections are refused", () -> {
                try {
                    front.client().close();
                    return false;
                } catch (IOException refused) {
                    return true;
                }
            });
            exchange.ok(Recorded.bytes("{}"));
            assertTrue(client.readToEnd().endsWith("{}"));
            assertTrue(idle.isReset());
            stopping.join(10_000);
            assertFalse(stopping.isAlive());
            new ServerSocket(front.port()).close();
            assertThrows(IllegalStateException.class, () -> exchange.ok(new byte[0]));
        }
    }

    @Test
    void answersAfterTheStopGoNowhere() throws Exception {
        TestFront front = new TestFront(FrontSettings.defaults().times(SHORT), call -> { });
        try (RawClient client = front.client()) {
            client.send(Recorded.request("11-send-live"));
            Exchange exchange = front.handler.queue.poll(5, TimeUnit.SECONDS).exchange();
            client.send(Recorded.request("11-send-live"));
            front.close();
            Events events = new Events();
            assertFalse(exchange.stream(events).write(new byte[1]));
            assertTrue(events.closed.await(0, TimeUnit.SECONDS));
            assertEquals(0, front.front.bodyBytesHeld());
        }
    }

    @Test
    void namesThePortThatCannotBeHad() throws IOException {
        try (ServerSocket taken = new ServerSocket(0)) {
            HttpFront front = new HttpFront(FrontSettings.defaults().listen(taken.getLocalPort(), "0.0.0.0"),
                    (body, hops, exchange) -> { }, () -> "", new PlainCounters(),
                    new SettableClock(0));
            IOException refused = assertThrows(IOException.class, front::start);
            assertTrue(refused.getMessage().contains("0.0.0.0 port " + taken.getLocalPort()));
        }
    }
}
