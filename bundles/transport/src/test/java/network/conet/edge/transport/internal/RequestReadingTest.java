package network.conet.edge.transport.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.stream.Stream;
import network.conet.edge.protocol.ProtocolLimits;
import network.conet.edge.protocol.RefuseReason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is a request and what is not (2.2), without sockets. */
class RequestReadingTest {
    static Stream<String> posts() {
        return Recorded.POSTS.stream();
    }

    @ParameterizedTest
    @MethodSource("posts")
    void takesRecordedRequestInOnePiece(String id) {
        byte[] request = Recorded.request(id);
        try (EmbeddedFront front = EmbeddedFront.answeringOk()) {
            front.send(request);
            assertArrayEquals(Recorded.body(request), front.handler.calls.get(0).body());
            assertNull(front.handler.calls.get(0).hopHeader());
            assertTrue(front.answers().startsWith("HTTP/1.1 200 OK\r\n"));
            assertFalse(front.isOpen());
        }
    }

    @ParameterizedTest
    @MethodSource("posts")
    void takesRecordedRequestByteByByte(String id) {
        byte[] request = Recorded.request(id);
        try (EmbeddedFront front = EmbeddedFront.answeringOk()) {
            for (int i = 0; i < request.length; i++) {
                assertEquals(0, front.handler.calls.size());
                front.send(request, i, 1);
            }
            assertArrayEquals(Recorded.body(request), front.handler.calls.get(0).body());
            assertTrue(front.answers().startsWith("HTTP/1.1 200 OK\r\n"));
        }
    }

    @ParameterizedTest
    @MethodSource("posts")
    void takesRecordedRequestBehindOptionsInOneRead(String id) {
        byte[] request = Recorded.request(id);
        try (EmbeddedFront front = EmbeddedFront.answeringOk()) {
            front.send(Recorded.text(Recorded.request("02-options")) + "\r\n\r\n" + Recorded.text(request)
                    + "\r\n\r\n");
            assertArrayEquals(Recorded.body(request), front.handler.calls.get(0).body());
            String answers = front.answers();
            assertTrue(answers.startsWith(Recorded.text(Recorded.answer("02-options")) + "HTTP/1.1 200 OK\r\n"));
            assertFalse(front.isOpen());
        }
    }

    @Test
    void takesTheRequestThatNodesSend() {
        byte[] request = Recorded.file("11-send-live.tap.0003.up.bin");
        try (EmbeddedFront front = EmbeddedFront.answeringOk()) {
            front.send(request);
            TestHandler.Call call = front.handler.calls.get(0);
            assertEquals(444, call.body().length);
            assertTrue(call.hopHeader().startsWith("W3sidyI6") && call.hopHeader().endsWith("ifQ==")
                    || call.hopHeader().endsWith("=="));
            assertEquals(0, front.refusals());
        }
    }

    @Test
    void everyTruncationOfARequestIsCountedAndLeavesNothing() {
        byte[] request = Recorded.file("11-send-live.tap.0003.up.bin");
        int complete = request.length - 4;
        for (int length = 0; length < complete; length++) {
            try (EmbeddedFront front = EmbeddedFront.answeringOk()) {
                front.send(request, 0, length).endOfPeer();
                assertFalse(front.isOpen());
                assertEquals("", front.answers());
                assertEquals(0, front.handler.calls.size());
                assertEquals(length == 0 ? 0 : 1, front.counters.refusals(RefuseReason.REQUEST_TRUNCATED));
                assertEquals(length == 0 ? 0 : 1, front.refusals());
            }
        }
    }

    @Test
    void everyResetInsideARequestIsCountedAndLeavesNothing() {
        byte[] request = Recorded.request("11-send-live");
        for (int length = 1; length < request.length; length += 7) {
            try (EmbeddedFront front = EmbeddedFront.answeringOk()) {
                front.send(request, 0, length);
                front.channel.close();
                front.assertRefusedOnce(RefuseReason.REQUEST_TRUNCATED);
            }
        }
    }

    static Stream<Arguments> malformed() {
        String post = "POST /post HTTP/1.1\r\nHost: a\r\n";
        return Stream.of(
                Arguments.of("POST /post\r\n\r\n", RefuseReason.REQUEST_MALFORMED),
                Arguments.of("POST  /post HTTP/1.1\r\n\r\n", RefuseReason.REQUEST_MALFORMED),
                Arguments.of("POST /post HTTP/2.0\r\n\r\n", RefuseReason.REQUEST_MALFORMED),
                Arguments.of("POST /post HTTP/1.1 \r\n\r\n", RefuseReason.REQUEST_MALFORMED),
                Arguments.of(" POST /post HTTP/1.1\r\n\r\n", RefuseReason.REQUEST_MALFORMED),
                Arguments.of("POST\r\n\r\n", RefuseReason.REQUEST_MALFORMED),
                Arguments.of("X\r\n\r\n", RefuseReason.REQUEST_MALFORMED),
                Arguments.of("post /post HTTP/1.1\r\n\r\n", RefuseReason.METHOD_UNSUPPORTED),
                Arguments.of("PUT /post HTTP/1.1\r\n\r\n", RefuseReason.METHOD_UNSUPPORTED),
                Arguments.of("DELETE /post HTTP/1.1\r\n\r\n", RefuseReason.METHOD_UNSUPPORTED),
                Arguments.of("HEAD /nodeWallet HTTP/1.1\r\n\r\n", RefuseReason.METHOD_UNSUPPORTED),
                Arguments.of("GET / HTTP/1.1\r\n\r\n", RefuseReason.PATH_UNKNOWN),
                Arguments.of("GET /nodeWalle HTTP/1.1\r\n\r\n", RefuseReason.PATH_UNKNOWN),
                Arguments.of("GET /post HTTP/1.1\r\n\r\n", RefuseReason.PATH_UNKNOWN),
                Arguments.of(post + "Content-Length: -1\r\n\r\n", RefuseReason.REQUEST_MALFORMED),
                Arguments.of(post + "Content-Length: +1\r\n\r\n", RefuseReason.REQUEST_MALFORMED),
                Arguments.of(post + "Content-Length:\r\n\r\n", RefuseReason.REQUEST_MALFORMED),
                Arguments.of(post + "Content-Length: 1,1\r\n\r\n", RefuseReason.REQUEST_MALFORMED),
                Arguments.of(post + "Content-Length: 1\r\nContent-Length: 1\r\n\r\n", RefuseReason.REQUEST_MALFORMED),
                Arguments.of(post + "Content-Length: 0\r\ncontent-length: 5\r\n\r\n", RefuseReason.REQUEST_MALFORMED),
                Arguments.of(post + "Content-Length : 1\r\n\r\n", RefuseReason.REQUEST_MALFORMED),
                Arguments.of(post + "Content-Length: 9999999999999999999999\r\n\r\n",
                        RefuseReason.REQUEST_MALFORMED),
                Arguments.of(post + "Content-Length: 999999999999999\r\n\r\n", RefuseReason.BODY_TOO_LARGE),
                Arguments.of(post + "Content-Length: " + (ProtocolLimits.BODY_BYTES_MAX + 1) + "\r\n\r\n",
                        RefuseReason.BODY_TOO_LARGE),
                Arguments.of(post + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                        RefuseReason.TRANSFER_ENCODING_UNSUPPORTED),
                Arguments.of(post + "Content-Length: 3\r\ntransfer-encoding:identity\r\n\r\nabc",
                        RefuseReason.TRANSFER_ENCODING_UNSUPPORTED),
                Arguments.of(post + "no colon\r\n\r\n", RefuseReason.REQUEST_MALFORMED),
                Arguments.of(post + ": no name\r\n\r\n", RefuseReason.REQUEST_MALFORMED),
                Arguments.of(post + "A: folded\r\n line\r\n\r\n", RefuseReason.REQUEST_MALFORMED),
                Arguments.of(post + "A: \0\r\n\r\n", RefuseReason.REQUEST_MALFORMED),
                Arguments.of("\0\0\0\0", RefuseReason.REQUEST_MALFORMED),
                Arguments.of("\026\003\001\002", RefuseReason.REQUEST_MALFORMED),
                Arguments.of("POST /post HTTP/1.1\nHost: a\n\n", RefuseReason.REQUEST_MALFORMED),
                Arguments.of("POST /post HTTP/1.1\rHost: a\r\r", RefuseReason.REQUEST_MALFORMED),
                Arguments.of("\n", RefuseReason.REQUEST_MALFORMED),
                Arguments.of("\r\n\rX", RefuseReason.REQUEST_MALFORMED),
                Arguments.of("OPTIONS * HTTP/1.1\r\nContent-Length: 1\r\n\r\n", RefuseReason.REQUEST_MALFORMED),
                Arguments.of(post + "X-CoNET-Hop-Sigs: a\r\nX-CoNET-Hop-Sigs: a\r\n\r\n", RefuseReason.HOPS_MALFORMED));
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void refusesWhatIsNoRequest(String text, RefuseReason reason) {
        for (int piece : new int[] {text.length(), 1}) {
            try (EmbeddedFront front = EmbeddedFront.answeringOk()) {
                byte[] bytes = Recorded.bytes(text);
                for (int at = 0; at < bytes.length; at += piece) {
                    front.send(bytes, at, Math.min(piece, bytes.length - at));
                }
                front.assertRefusedOnce(reason);
                assertEquals(reason.answer() == RefuseReason.Answer.CLOSE ? "" : "HTTP/1.1 404 Not Found",
                        front.answers().lines().findFirst().orElse(""));
                assertFalse(front.isOpen());
                assertEquals(0, front.handler.calls.size());
            }
        }
    }

    @Test
    void refusesSecondOptions() {
        try (EmbeddedFront front = EmbeddedFront.answeringOk()) {
            byte[] options = Recorded.request("02-options");
            front.send(options);
            assertEquals(Recorded.text(Recorded.answer("02-options")), front.answers());
            assertTrue(front.isOpen());
            front.send(options);
            front.assertRefusedOnce(RefuseReason.METHOD_UNSUPPORTED);
            assertFalse(front.isOpen());
        }
    }

    private static String headerOf(int bytes) {
        String begin = "POST /post HTTP/1.1\r\nContent-Length: 2\r\nA: ";
        return begin + "x".repeat(bytes - begin.length() - 4) + "\r\n\r\n";
    }

    @Test
    void takesHeaderOfExactlyMax() {
        for (int piece : new int[] {20_000, 1_000}) {
            try (EmbeddedFront front = EmbeddedFront.answeringOk()) {
                byte[] bytes = Recorded.bytes(headerOf(ProtocolLimits.HEADER_BYTES_MAX) + "{}");
                for (int at = 0; at < bytes.length; at += piece) {
                    front.send(bytes, at, Math.min(piece, bytes.length - at));
                }
                assertEquals(1, front.handler.calls.size());
            }
        }
    }

    @Test
    void refusesHeaderOneByteOverMax() {
        for (int piece : new int[] {20_000, 1_000}) {
            try (EmbeddedFront front = EmbeddedFront.answeringOk()) {
                byte[] bytes = Recorded.bytes(headerOf(ProtocolLimits.HEADER_BYTES_MAX + 1) + "{}");
                for (int at = 0; at < bytes.length; at += piece) {
                    front.send(bytes, at, Math.min(piece, bytes.length - at));
                }
                front.assertRefusedOnce(RefuseReason.HEADER_TOO_LARGE);
                assertEquals(0, front.handler.calls.size());
            }
        }
    }

    @Test
    void takesBodyOfExactlyMax() {
        try (EmbeddedFront front = EmbeddedFront.answeringOk()) {
            byte[] body = new byte[ProtocolLimits.BODY_BYTES_MAX];
            Arrays.fill(body, (byte) 7);
            front.send("POST / HTTP/1.1\r\nContent-Length: " + body.length + "\r\n\r\n");
            for (int at = 0; at < body.length; at += 50_000) {
                front.send(body, at, Math.min(50_000, body.length - at));
            }
            assertArrayEquals(body, front.handler.calls.get(0).body());
        }
    }

    @Test
    void anAnnouncedBodyCostsNothingBeforeItArrives() {
        try (EmbeddedFront front = EmbeddedFront.answeringOk()) {
            front.send("POST / HTTP/1.1\r\nContent-Length: " + ProtocolLimits.BODY_BYTES_MAX + "\r\n\r\n");
            assertEquals(0, front.parts.budget.bytesUsed());
            front.send("x");
            assertEquals(TransportLimits.BODY_STEP_BYTES, front.parts.budget.bytesUsed());
            front.channel.close();
            assertEquals(0, front.parts.budget.bytesUsed());
        }
    }

    @Test
    void takesBodiesOfExactlyTheTotalAndRefusesOneByteMore() {
        int total = TransportLimits.BODY_STEP_BYTES + 10;
        for (int more : new int[] {0, 1}) {
            try (EmbeddedFront front = new EmbeddedFront(FrontSettings.defaults().bodyBytesTotalMax(total),
                    call -> call.exchange().ok(new byte[0]))) {
                front.send("POST / HTTP/1.1\r\nContent-Length: " + (total + more) + "\r\n\r\n");
                front.send(new byte[total + more]);
                assertEquals(1 - more, front.handler.calls.size());
                assertEquals(more, front.counters.refusals(RefuseReason.MEMORY_FULL));
                assertTrue(front.answers().startsWith(more == 0 ? "HTTP/1.1 200 OK\r\n"
                        : "HTTP/1.1 503 Service Temporarily Unavailable\r\n"));
                assertEquals(more == 1, front.answers().contains("\r\nRetry-After: 5\r\n"));
            }
        }
    }

    @Test
    void aBodyCountsUntilItsAnswer() {
        try (EmbeddedFront front = new EmbeddedFront(call -> { })) {
            front.send("POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc");
            assertEquals(3, front.parts.budget.bytesUsed());
            front.handler.calls.get(0).exchange().ok(new byte[0]);
            assertEquals(0, front.parts.budget.bytesUsed());
        }
    }

    @Test
    void takesRequestWithoutLengthAsEmptyBody() {
        try (EmbeddedFront front = EmbeddedFront.answeringOk()) {
            front.send("POST /post HTTP/1.0\r\n\r\n");
            assertEquals(0, front.handler.calls.get(0).body().length);
        }
    }

    @Test
    void asksForTheBodyOfAClientThatWaits() {
        try (EmbeddedFront front = EmbeddedFront.answeringOk()) {
            front.send("POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
            assertEquals("HTTP/1.1 100 Continue\r\n\r\n", front.answers());
            front.send("{").send("}");
            assertTrue(front.answers().startsWith("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n"));
        }
    }

    @Test
    void answersTheWalletForEveryPathThatBeginsSo() {
        for (String line : new String[] {"GET /nodeWallet", "GET /NODEWALLET?x", "POST /nodewallet/y"}) {
            try (EmbeddedFront front = EmbeddedFront.answeringOk()) {
                front.send(line + " HTTP/1.1\r\nHost: a\r\n\r\n");
                assertTrue(front.answers().endsWith("\r\n\r\n" + EmbeddedFront.WALLET));
                assertEquals(0, front.handler.calls.size());
                assertFalse(front.isOpen());
            }
        }
    }
}
