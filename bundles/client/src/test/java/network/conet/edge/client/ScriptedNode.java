package network.conet.edge.client;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import network.conet.edge.api.NodeEntry;
import network.conet.edge.crypto.PgpPrivateKey;
import network.conet.edge.crypto.Wallet;
import network.conet.edge.protocol.Endpoint;
import network.conet.edge.protocol.Envelope;
import network.conet.edge.protocol.EnvelopeBody;
import network.conet.edge.protocol.RefusedException;

/** An HTTP server that stands for a node: it keeps what is posted and answers what the test says. */
final class ScriptedNode implements AutoCloseable {
    final PgpPrivateKey key;
    final Wallet wallet;
    final List<Envelope> posted = new CopyOnWriteArrayList<>();
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private volatile Function<Envelope, Answer> script = envelope -> new Answer(200, "");

    /** What it answers: a status below 0 closes without an answer. */
    record Answer(int status, String type, byte[] body) {
        Answer(int status, String body) {
            this(status, "application/json", body.getBytes(StandardCharsets.UTF_8));
        }
    }

    ScriptedNode(SecureRandom random) throws IOException {
        wallet = Wallet.generate(random);
        key = PgpPrivateKey.generate(wallet.address().toString(), random, 1_700_000_000L);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/post", this::handle);
        server.setExecutor(threads);
        server.start();
    }

    void answer(Function<Envelope, Answer> newScript) {
        script = newScript;
    }

    NodeEntry entry() {
        Endpoint endpoint = new Endpoint(
                server.getAddress().getAddress().getHostAddress(), server.getAddress().getPort());
        return new NodeEntry(key.keyId(), wallet.address(), endpoint, key.publicKey().armored(), "test");
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            Envelope envelope = EnvelopeBody.parse(exchange.getRequestBody().readAllBytes());
            posted.add(envelope);
            Answer answer = script.apply(envelope);
            if (answer.status < 0) {
                return;
            }
            exchange.getResponseHeaders().set("Content-Type", answer.type);
            exchange.sendResponseHeaders(answer.status, 0);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(answer.body);
            }
        } catch (RefusedException bad) {
            throw new IOException(bad);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
