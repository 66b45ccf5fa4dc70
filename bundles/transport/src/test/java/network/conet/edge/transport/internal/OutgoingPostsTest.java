package network.conet.edge.transport.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.RefusedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class OutgoingPostsTest {
    private static final byte[] BODY = Recorded.bytes("{\"data\":\"x\"}");

    @Test
    void handsOverTheBodyAndTellsTheStatus() throws Exception {
        try (TestFront keeper = TestFront.answeringOk(); TestFront us = TestFront.answeringOk()) {
            for (int round = 0; round < 3; round++) {
                assertEquals(200, us.front.posts().post(keeper.node(), BODY).toCompletableFuture().get());
            }
            assertArrayEquals(BODY, keeper.handler.calls.get(2).body());
            keeper.handler.answer = call -> call.exchange().refuse(RefuseReason.MAILBOX_FULL);
            assertEquals(507, us.front.posts().post(keeper.node(), BODY).toCompletableFuture().get());
        }
    }

    @Test
    void refusesWhomItCannotConnect() throws Exception {
        TestTarget nobody = new TestTarget();
        nobody.close();
        try (TestFront us = TestFront.answeringOk()) {
            CompletableFuture<Integer> post = us.front.posts()
                    .post(Forwards.node("127.0.0.1", nobody.port()), BODY).toCompletableFuture();
            assertEquals(RefuseReason.NEXT_NODE_UNREACHABLE, reason(post));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "HTTP/1.1 20", "HTTP/1.1 2000 OK\r\n", "HTTP/2.0 200 OK\r\n", "garbage and more of it"})
    void refusesAnswersThatAreNone(String answer) throws Exception {
        try (TestFront us = TestFront.answeringOk(); TestTarget keeper = new TestTarget()) {
            CompletableFuture<Integer> post = us.front.posts()
                    .post(Forwards.node("127.0.0.1", keeper.port()), BODY).toCompletableFuture();
            try (Socket accepted = keeper.accept()) {
                TestTarget.write(accepted, answer);
                accepted.shutdownOutput();
                assertEquals(RefuseReason.NEXT_NODE_SILENT, reason(post));
            }
        }
    }

    @Test
    void readsAStatusThatComesByteByByte() throws Exception {
        try (TestFront us = TestFront.answeringOk(); TestTarget keeper = new TestTarget()) {
            CompletableFuture<Integer> post = us.front.posts()
                    .post(Forwards.node("127.0.0.1", keeper.port()), BODY).toCompletableFuture();
            try (Socket accepted = keeper.accept()) {
                for (char c : "HTTP/1.1 404 Not Found\r\n\r\n".substring(0, 13).toCharArray()) {
                    TestTarget.write(accepted, String.valueOf(c));
                }
                assertEquals(404, post.get(30, TimeUnit.SECONDS));
            }
        }
    }

    private static RefuseReason reason(CompletableFuture<Integer> post) {
        ExecutionException failed = assertThrows(ExecutionException.class, () -> post.get(30, TimeUnit.SECONDS));
        return ((RefusedException) failed.getCause()).reason();
    }
}
