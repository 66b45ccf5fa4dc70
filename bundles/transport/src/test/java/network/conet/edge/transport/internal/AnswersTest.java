package network.conet.edge.transport.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicInteger;
import network.conet.edge.api.EventStream;
import network.conet.edge.api.Exchange;
import network.conet.edge.protocol.RefuseReason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The one answer of a request (2.3, 2.4), without sockets. */
class AnswersTest {
    private static final String EDGE = "POST /post HTTP/1.1\r\nX-CoNET-Edge: 1\r\nContent-Length: 2\r\n\r\n{}";
    private static final String PLAIN = "POST /post HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}";

    /** A fault that does not fill the test log. */
    private static final class Untraced extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Untraced(String message) {
            super(message, null, false, false);
        }
    }

    private static final class Events implements EventStream.Events {
        final AtomicInteger writable = new AtomicInteger();
        final AtomicInteger closed = new AtomicInteger();

        @Override
        public void writable() {
            writable.incrementAndGet();
        }

        @Override
        public void closed() {
            closed.incrementAndGet();
        }
    }

    @Test
    void walletAnswerIsTheRecordedOneLessItsUncountedEnd() {
        try (EmbeddedFront front = EmbeddedFront.answeringOk()) {
            front.send(Recorded.request("01-get-nodewallet"));
            assertRecorded("01-get-nodewallet", front.answers());
        }
    }

    @Test
    void refusalIsTheRecordedOneLessItsUncountedEnd() {
        for (String id : new String[] {"04-post-not-json", "05-post-not-pgp", "06-post-no-data"}) {
            try (EmbeddedFront front = new EmbeddedFront(call -> call.exchange().refuse(RefuseReason.BODY_NOT_JSON))) {
                front.send(Recorded.request(id));
                assertRecorded(id, front.answers());
            }
        }
        try (EmbeddedFront front = EmbeddedFront.answeringOk()) {
            front.send(Recorded.request("03-put"));
            assertRecorded("03-put", front.answers());
        }
    }

    @Test
    void okIsTheRecordedOne() {
        try (EmbeddedFront front = new EmbeddedFront(call -> call.exchange().ok(new byte[0]))) {
            front.send(Recorded.request("11-send-live"));
            assertEquals(Recorded.comparable(Recorded.text(Recorded.answer("11-send-live"))),
                    Recorded.comparable(front.answers()));
        }
    }

    @Test
    void closeIsNoByteAsRecorded() {
        try (EmbeddedFront front = new EmbeddedFront(
                call -> call.exchange().refuse(RefuseReason.LAYER_FOR_SAME_NODE))) {
            front.send(Recorded.request("19-onion-same-node"));
            assertEquals(Recorded.text(Recorded.answer("19-onion-same-node")), front.answers());
            assertFalse(front.isOpen());
            front.assertRefusedOnce(RefuseReason.LAYER_FOR_SAME_NODE);
        }
    }

    @Test
    void streamBeginsAsRecorded() {
        Events events = new Events();
        try (EmbeddedFront front = new EmbeddedFront(call -> {
            EventStream stream = call.exchange().stream(events);
            stream.write(Recorded.bytes("data: {}\r\n\r\n"));
        })) {
            front.send(Recorded.request("22-listen-direct"));
            String recorded = Recorded.text(Recorded.answer("22-listen-direct"));
            String head = recorded.substring(0, recorded.indexOf("\r\n\r\n") + 4);
            assertEquals(Recorded.comparable(head + "data: {}\r\n\r\n"), Recorded.comparable(front.answers()));
            front.endOfPeer();
            assertTrue(front.isOpen());
            front.passMillis(120_000);
            assertTrue(front.isOpen());
            front.channel.close();
            assertEquals(1, events.closed.get());
        }
    }

    @Test
    void closedStreamEndsBehindItsFrames() {
        Events events = new Events();
        try (EmbeddedFront front = new EmbeddedFront(call -> {
            EventStream stream = call.exchange().stream(events);
            assertTrue(stream.write(Recorded.bytes("a")));
            stream.close();
            stream.close();
            assertFalse(stream.write(Recorded.bytes("b")));
            assertFalse(stream.isWritable());
        })) {
            front.send(PLAIN);
            assertTrue(front.answers().endsWith("\r\n\r\na"));
            assertFalse(front.isOpen());
            assertEquals(1, events.closed.get());
        }
    }

    @ParameterizedTest
    @EnumSource(RefuseReason.class)
    void everyReasonHasItsAnswerAndIsCountedOnce(RefuseReason reason) {
        try (EmbeddedFront front = new EmbeddedFront(call -> call.exchange().refuse(reason))) {
            front.send(PLAIN);
            front.assertRefusedOnce(reason);
            String answer = front.answers();
            String expected = switch (reason.answer()) {
                case NOT_FOUND -> "HTTP/1.1 404 Not Found\r\n";
                case PAYMENT_REQUIRED -> "HTTP/1.1 402 Payment Required\r\n";
                case CLOSE -> "";
                case BAD_GATEWAY -> "HTTP/1.1 502 Bad Gateway\r\n";
                case UNAVAILABLE, LATER -> "HTTP/1.1 503 Service Temporarily Unavailable\r\n";
                case INSUFFICIENT_STORAGE -> "HTTP/1.1 507 Insufficient Storage\r\n";
            };
            assertTrue(answer.startsWith(expected));
            assertEquals(expected.isEmpty(), answer.isEmpty());
            assertEquals(reason.answer() == RefuseReason.Answer.INSUFFICIENT_STORAGE,
                    answer.contains("\r\nRetry-After: 60\r\n"));
            assertEquals(reason.answer() == RefuseReason.Answer.LATER,
                    answer.contains("\r\nRetry-After: 3600\r\n"));
            if (!answer.isEmpty()) {
                assertLengthIsRight(answer);
            }
            assertFalse(front.isOpen());
        }
    }

    @Test
    void secondAnswerIsABrokenInvariant() {
        try (EmbeddedFront front = new EmbeddedFront(call -> { })) {
            front.send(PLAIN);
            Exchange exchange = front.handler.calls.get(0).exchange();
            exchange.ok(new byte[0]);
            assertThrows(IllegalStateException.class, () -> exchange.ok(new byte[0]));
            assertThrows(IllegalStateException.class, () -> exchange.refuse(RefuseReason.INTERNAL));
            assertThrows(IllegalStateException.class, () -> exchange.stream(new Events()));
            assertEquals(0, front.refusals());
        }
    }

    @Test
    void answersToAPeerThatHasGoneGoNowhereAndAreCounted() {
        Events events = new Events();
        for (int kind = 0; kind < 3; kind++) {
            try (EmbeddedFront front = new EmbeddedFront(call -> { })) {
                front.send(PLAIN);
                front.channel.close();
                Exchange exchange = front.handler.calls.get(0).exchange();
                switch (kind) {
                    case 0 -> exchange.ok(new byte[0]);
                    case 1 -> exchange.refuse(RefuseReason.STORAGE_FAILED);
                    default -> assertFalse(exchange.stream(events).isWritable());
                }
                assertEquals(kind == 1 ? 1 : 0, front.refusals());
                assertThrows(IllegalStateException.class, () -> exchange.ok(new byte[0]));
            }
        }
        assertEquals(1, events.closed.get());
    }

    @Test
    void aHandlerThatFailsIsAnInternalFault() {
        try (EmbeddedFront front = new EmbeddedFront(call -> {
            throw new Untraced("of the test");
        })) {
            front.send(PLAIN);
            front.assertRefusedOnce(RefuseReason.INTERNAL);
            assertTrue(front.answers().startsWith("HTTP/1.1 503 "));
            assertFalse(front.answers().contains("of the test"));
        }
    }

    @Test
    void aHandlerThatFailsBehindItsAnswerChangesNothing() {
        try (EmbeddedFront front = new EmbeddedFront(call -> {
            call.exchange().ok(new byte[0]);
            throw new Untraced("of the test");
        })) {
            front.send(PLAIN);
            assertTrue(front.answers().startsWith("HTTP/1.1 200 OK"));
            assertEquals(0, front.refusals());
        }
    }

    @Test
    void aNodeOfOursUsesTheConnectionAgain() {
        try (EmbeddedFront front = EmbeddedFront.answeringOk()) {
            for (int i = 1; i <= 5; i++) {
                front.send(EDGE);
                assertEquals(i, front.handler.calls.size());
                assertTrue(front.isOpen());
            }
            assertEquals(5, front.answers().split("\r\nX-CoNET-Edge: 1\r\n", -1).length - 1);
            assertLengthIsRight(front.answers().substring(front.answers().lastIndexOf("HTTP/1.1")));
        }
    }

    @Test
    void aNodeOfOursGetsRefusalsOnTheSameConnection() {
        try (EmbeddedFront front = new EmbeddedFront(call -> call.exchange().refuse(RefuseReason.ROUTE_UNKNOWN))) {
            front.send(EDGE).send("\r\n\r\n").send(EDGE);
            assertEquals(2, front.handler.calls.size());
            assertTrue(front.isOpen());
            assertEquals(2, front.counters.refusals(RefuseReason.ROUTE_UNKNOWN));
        }
    }

    @Test
    void bytesBehindTheBodyEndTheUseOfAConnection() {
        try (EmbeddedFront front = EmbeddedFront.answeringOk()) {
            front.send(EDGE + EDGE);
            assertEquals(1, front.handler.calls.size());
            assertFalse(front.answers().contains("X-CoNET-Edge"));
            assertFalse(front.isOpen());
        }
    }

    @Test
    void halfALineEndBehindTheBodyIsNotLost() {
        try (EmbeddedFront front = EmbeddedFront.answeringOk()) {
            front.send(EDGE + "\r\n\r").send("\n" + EDGE);
            assertEquals(2, front.handler.calls.size());
            assertEquals(0, front.refusals());
        }
    }

    @Test
    void theConnectionOfAClientIsNotUsedAgain() {
        try (EmbeddedFront front = EmbeddedFront.answeringOk()) {
            front.send(PLAIN + PLAIN);
            assertEquals(1, front.handler.calls.size());
            assertTrue(front.answers().contains("\r\nConnection: close\r\n"));
            assertFalse(front.isOpen());
        }
    }

    @Test
    void refusesWithoutAHandlerWhenStopping() {
        try (EmbeddedFront front = EmbeddedFront.answeringOk()) {
            front.parts.stopping = true;
            front.send(EDGE);
            front.assertRefusedOnce(RefuseReason.STOPPING);
            assertEquals(0, front.handler.calls.size());
            assertFalse(front.isOpen());
        }
    }

    // ---- time

    @Test
    void closesASilentConnectionAfterTheIdleTime() {
        try (EmbeddedFront front = EmbeddedFront.answeringOk()) {
            front.passMillis(TransportLimits.IDLE_MILLIS - 1);
            assertTrue(front.isOpen());
            front.passMillis(1);
            assertFalse(front.isOpen());
            assertEquals(0, front.refusals());
        }
    }

    @Test
    void lineEndsDoNotKeepAConnectionAlive() {
        try (EmbeddedFront front = EmbeddedFront.answeringOk()) {
            front.passMillis(TransportLimits.IDLE_MILLIS - 1).send("\r\n\r\n").passMillis(1);
            assertFalse(front.isOpen());
        }
    }

    @Test
    void givesAHeaderBlockItsTimeFromItsFirstByte() {
        byte[] request = Recorded.request("11-send-live");
        try (EmbeddedFront front = EmbeddedFront.answeringOk()) {
            front.passMillis(30_000).send(request, 0, 1).passMillis(TransportLimits.HEADER_MILLIS - 2);
            front.send(request, 1, 1).passMillis(1);
            assertTrue(front.isOpen());
            front.passMillis(1);
            assertFalse(front.isOpen());
            assertEquals("", front.answers());
            front.assertRefusedOnce(RefuseReason.REQUEST_TIMEOUT);
        }
    }

    @Test
    void givesARequestItsTimeHoweverItDribbles() {
        byte[] request = Recorded.request("11-send-live");
        try (EmbeddedFront front = EmbeddedFront.answeringOk()) {
            int at = request.length - 100;
            front.send(request, 0, at);
            for (long passed = 1_000; passed < TransportLimits.REQUEST_MILLIS; passed += 1_000) {
                front.passMillis(1_000).send(request, at++, 1);
                assertTrue(front.isOpen());
            }
            front.passMillis(1_000);
            assertFalse(front.isOpen());
            front.assertRefusedOnce(RefuseReason.REQUEST_TIMEOUT);
        }
    }

    @Test
    void aHandlerThatNeverAnswersIsAnInternalFault() {
        try (EmbeddedFront front = new EmbeddedFront(call -> { })) {
            front.send(PLAIN).passMillis(TransportLimits.ANSWER_MILLIS - 1);
            assertEquals(0, front.refusals());
            front.passMillis(1);
            front.assertRefusedOnce(RefuseReason.INTERNAL);
            assertTrue(front.answers().startsWith("HTTP/1.1 503 "));
            Exchange late = front.handler.calls.get(0).exchange();
            late.ok(new byte[0]);
            assertFalse(late.forward(Forwards.node("127.0.0.1", 1), new byte[0], null).toCompletableFuture()
                    .isCompletedExceptionally());
        }
    }

    @Test
    void aHeaderValueOfTwoLinesIsABrokenInvariant() {
        try (EmbeddedFront front = new EmbeddedFront(call -> { })) {
            front.send(PLAIN);
            Exchange exchange = front.handler.calls.get(0).exchange();
            assertThrows(IllegalArgumentException.class,
                    () -> exchange.forward(Forwards.node("127.0.0.1", 1), new byte[0], "a\r\nb"));
            exchange.ok(new byte[0]);
        }
    }

    private static void assertRecorded(String id, String answer) {
        String recorded = Recorded.text(Recorded.answer(id));
        assertEquals("\r\n", recorded.substring(recorded.length() - 2));
        assertEquals(Recorded.comparable(recorded.substring(0, recorded.length() - 2)), Recorded.comparable(answer));
        assertLengthIsRight(answer);
    }

    private static void assertLengthIsRight(String answer) {
        int at = answer.indexOf("\r\nContent-Length: ") + 18;
        int length = Integer.parseInt(answer.substring(at, answer.indexOf('\r', at)));
        assertEquals(length, answer.length() - answer.indexOf("\r\n\r\n") - 4);
    }
}
