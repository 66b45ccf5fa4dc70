package network.conet.edge.chain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import network.conet.edge.protocol.JsonValue;
import network.conet.edge.testkit.SettableClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class HttpJsonRpcTest {
    private static final JsonValue NONE = JsonValue.array(List.of());
    private static final HttpJsonRpc.Timeouts PATIENT = new HttpJsonRpc.Timeouts(10_000, 10_000, 20_000);

    private final SettableClock clock = new SettableClock(0);
    private final List<HttpServer> servers = new ArrayList<>();
    private final AtomicInteger requests = new AtomicInteger();
    private final CountDownLatch testOver = new CountDownLatch(1);
    private ExecutorService executor;

    /** Answers a parsed request body; the chain id is answered before. */
    @FunctionalInterface
    private interface Answerer {
        void answer(HttpExchange exchange, JsonValue request) throws Exception;
    }

    @BeforeEach
    void open() {
        executor = Executors.newCachedThreadPool();
    }

    @AfterEach
    void close() {
        testOver.countDown();
        servers.forEach(server -> server.stop(0));
        executor.shutdownNow();
    }

    private URI server(Answerer answerer) throws IOException {
        return server("0x1", answerer);
    }

    private URI server(String chainId, Answerer answerer) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(executor);
        server.createContext("/", exchange -> {
            try {
                JsonValue request = JsonValue.parse(exchange.getRequestBody().readAllBytes());
                if (request.string("method").orElse("").equals("eth_chainId")) {
                    reply(exchange, 200, result(request, JsonValue.of(chainId)));
                } else {
                    requests.incrementAndGet();
                    answerer.answer(exchange, request);
                }
            } catch (Exception broken) {
                throw new IOException(broken);
            } finally {
                exchange.close();
            }
        });
        server.start();
        servers.add(server);
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
    }

    private static String result(JsonValue request, JsonValue result) {
        return JsonValue.object().put("jsonrpc", "2.0").put("id", request.member("id").orElseThrow())
                .put("result", result).build().toString();
    }

    private static void reply(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private HttpJsonRpc client(URI... urls) {
        return new HttpJsonRpc(List.of(urls), 1, clock, PATIENT);
    }

    private static final Answerer GOOD =
            (exchange, request) -> reply(exchange, 200, result(request, JsonValue.of("0x2a")));

    @Test
    void readsAResult() throws Exception {
        assertEquals("0x2a", client(server(GOOD)).call("eth_blockNumber", NONE).asString().orElseThrow());
    }

    @Test
    void errorObjectIsAnAnswerAndNoOtherServerIsAsked() throws Exception {
        URI failing = server((exchange, request) -> reply(exchange, 200,
                "{\"jsonrpc\":\"2.0\",\"id\":" + request.member("id").orElseThrow()
                        + ",\"error\":{\"code\":3,\"message\":\"execution reverted\",\"data\":\"0x01\"}}"));
        HttpJsonRpc rpc = client(failing, server(GOOD));
        RpcException error = assertThrows(RpcException.class, () -> rpc.call("eth_call", NONE));
        assertTrue(error.isRevert());
        assertEquals("0x01", error.data());
        assertEquals(1, requests.get());
    }

    @Test
    void failuresOfAServerLeadToTheNext() throws Exception {
        List<Answerer> bad = List.of(
                (exchange, request) -> reply(exchange, 500, "{}"),
                (exchange, request) -> reply(exchange, 200, "<html>"),
                (exchange, request) -> reply(exchange, 200, ""),
                (exchange, request) -> reply(exchange, 200, "{\"jsonrpc\":\"2.0\",\"id\":-7,\"result\":\"0x1\"}"),
                (exchange, request) -> reply(exchange, 200, "{\"id\":" + request.member("id").orElseThrow() + "}"),
                (exchange, request) -> reply(exchange, 200, "{\"jsonrpc\":\"2.0\",\"id\":"
                        + request.member("id").orElseThrow() + ",\"error\":{\"code\":-32005,\"message\":\"busy\"}}"));
        for (Answerer answerer : bad) {
            URI failing = server(answerer);
            assertThrows(IOException.class, () -> client(failing).call("eth_x", NONE));
            assertEquals("0x2a", client(failing, server(GOOD)).call("eth_x", NONE).asString().orElseThrow());
        }
    }

    @Test
    void silentServerIsGivenUp() throws Exception {
        URI silent = server((exchange, request) -> testOver.await());
        HttpJsonRpc rpc = new HttpJsonRpc(List.of(silent), 1, clock, new HttpJsonRpc.Timeouts(10_000, 250, 10_000));
        assertThrows(IOException.class, () -> rpc.call("eth_x", NONE));
    }

    @Test
    void refusedConnectionLeadsToTheNext() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        URI closed = URI.create("http://127.0.0.1:" + port);
        assertThrows(IOException.class, () -> client(closed).call("eth_x", NONE));
        assertEquals("0x2a", client(closed, server(GOOD)).call("eth_x", NONE).asString().orElseThrow());
    }

    @Test
    void serverThatAnsweredLastIsAskedFirst() throws Exception {
        AtomicInteger failures = new AtomicInteger();
        HttpJsonRpc rpc = client(server((exchange, request) -> {
            failures.incrementAndGet();
            reply(exchange, 503, "");
        }), server(GOOD));
        rpc.call("eth_x", NONE);
        rpc.call("eth_x", NONE);
        assertEquals(1, failures.get());
    }

    @Test
    void serverOfAnotherChainIsNotUsed() throws Exception {
        URI wrong = server("0x2", GOOD);
        assertThrows(WrongChainException.class, () -> client(wrong).call("eth_x", NONE));
        assertEquals(0, requests.get());
        assertEquals("0x2a", client(wrong, server(GOOD)).call("eth_x", NONE).asString().orElseThrow());
    }

    @Test
    void redirectionIsNotFollowed() throws Exception {
        URI other = server(GOOD);
        URI redirecting = server((exchange, request) -> {
            exchange.getResponseHeaders().add("Location", other.toString());
            reply(exchange, 307, "");
        });
        assertThrows(IOException.class, () -> client(redirecting).call("eth_x", NONE));
        assertEquals(1, requests.get());
    }

    @Test
    void acceptsAnswerOfExactlyMaxAndRefusesOneByteMore() throws Exception {
        AtomicInteger size = new AtomicInteger(ChainLimits.ANSWER_BYTES_MAX);
        URI url = server((exchange, request) -> {
            String frame = result(request, JsonValue.of(""));
            String text = result(request, JsonValue.of("a".repeat(size.get() - frame.length())));
            reply(exchange, 200, text);
        });
        HttpJsonRpc rpc = client(url);
        assertTrue(rpc.call("eth_x", NONE).asString().isPresent());
        size.incrementAndGet();
        RpcException tooLarge = assertThrows(RpcException.class, () -> rpc.call("eth_x", NONE));
        assertEquals(RpcException.ANSWER_TOO_LARGE, tooLarge.code());
    }

    @Test
    void serverThatTricklesIsGivenUp() throws Exception {
        HttpJsonRpc rpc = client(server((exchange, request) -> {
            exchange.sendResponseHeaders(200, 0);
            OutputStream out = exchange.getResponseBody();
            for (int i = 0; i < 100_000; i++) {
                clock.advanceMillis(1_000);
                out.write(' ');
                out.flush();
            }
        }));
        assertThrows(IOException.class, () -> rpc.call("eth_x", NONE));
    }

    @Test
    void batchIsOneRequestWithAnswersInAnyOrder() throws Exception {
        HttpJsonRpc rpc = client(server((exchange, request) -> {
            List<JsonValue> all = request.elements();
            String second = result(all.get(1), JsonValue.of("0x2"));
            String first = "{\"id\":" + all.get(0).member("id").orElseThrow()
                    + ",\"error\":{\"code\":3,\"message\":\"execution reverted\"}}";
            reply(exchange, 200, "[" + second + "," + first + "]");
        }));
        JsonRpc.Question question = new JsonRpc.Question("eth_x", NONE);
        List<JsonRpc.Answer> answers = rpc.batch(List.of(question, question));
        assertTrue(answers.get(0).failure().isRevert());
        assertEquals("0x2", answers.get(1).get().asString().orElseThrow());
        assertEquals(1, requests.get());
    }

    @Test
    void serverWithoutBatchesIsAskedOneByOne() throws Exception {
        HttpJsonRpc rpc = client(server((exchange, request) -> {
            if (request.isObject()) {
                reply(exchange, 200, result(request, JsonValue.of("0x2a")));
            } else {
                reply(exchange, 200, "{\"id\":null,\"error\":{\"code\":-32600,\"message\":\"no batches\"}}");
            }
        }));
        JsonRpc.Question question = new JsonRpc.Question("eth_x", NONE);
        assertEquals(2, rpc.batch(List.of(question, question)).size());
        assertEquals(3, requests.get());
    }

    @Test
    void incompleteBatchIsAFailure() throws Exception {
        JsonRpc.Question question = new JsonRpc.Question("eth_x", NONE);
        HttpJsonRpc one = client(server((exchange, request) ->
                reply(exchange, 200, "[" + result(request.elements().get(0), JsonValue.of("0x1")) + "]")));
        assertThrows(IOException.class, () -> one.batch(List.of(question, question)));
        HttpJsonRpc twice = client(server((exchange, request) -> {
            String first = result(request.elements().get(0), JsonValue.of("0x1"));
            reply(exchange, 200, "[" + first + "," + first + "]");
        }));
        assertThrows(IOException.class, () -> twice.batch(List.of(question, question)));
    }

    @Test
    void refusesUrlsOfOtherKinds() {
        for (String url : List.of("ftp://h/", "file:///etc/passwd", "http:///x", "https://user:secret@h/", "h:8545")) {
            assertThrows(IllegalArgumentException.class, () -> client(URI.create(url)), url);
        }
        assertThrows(IllegalArgumentException.class, this::client);
    }
}
