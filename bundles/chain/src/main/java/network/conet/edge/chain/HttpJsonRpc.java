package network.conet.edge.chain;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import network.conet.edge.api.Clock;
import network.conet.edge.protocol.JsonException;
import network.conet.edge.protocol.JsonValue;

/**
 * JSON-RPC over HTTP or HTTPS to one of several servers. The one that answered last is asked first; when it cannot be
 * reached or answers something else than the protocol, the next is tried. Each server must say that it serves the
 * right chain before its first answer counts, and again after each failure. Redirections are not followed.
 *
 * <p>Built on {@link HttpURLConnection} because it is part of {@code java.base} and keeps no thread of its own;
 * {@code java.net.http} brings a selector thread, a pool and several hundred classes for the same one request at a
 * time.
 *
 * <p>Safe for use by many threads; waits on the caller's.
 */
public final class HttpJsonRpc implements JsonRpc {
    private static final int CHUNK_BYTES = 8 * 1024;
    /** EIP-1474: the server is asked too much; another may be willing. */
    private static final int LIMIT_EXCEEDED = -32005;

    private final List<Server> servers;
    private final long chainId;
    private final Clock clock;
    private final Timeouts timeouts;
    private final AtomicLong ids = new AtomicLong();
    private volatile int preferred;

    /**
     * @param urls at least one, http or https, in order of preference
     * @param chainId the chain that the servers must serve
     * @param clock measures how long an answer takes
     */
    public HttpJsonRpc(List<URI> urls, long chainId, Clock clock) {
        this(urls, chainId, clock, Timeouts.DEFAULT);
    }

    /**
     * @param urls at least one, http or https, in order of preference
     * @param chainId the chain that the servers must serve
     * @param clock measures how long an answer takes
     * @param timeouts how long to wait
     * @throws IllegalArgumentException when a URL is of another kind, has no host, or carries a user
     */
    public HttpJsonRpc(List<URI> urls, long chainId, Clock clock, Timeouts timeouts) {
        if (urls.isEmpty()) {
            throw new IllegalArgumentException("no server is named");
        }
        for (URI url : urls) {
            boolean http = "http".equalsIgnoreCase(url.getScheme()) || "https".equalsIgnoreCase(url.getScheme());
            if (!http || url.getHost() == null || url.getUserInfo() != null) {
                throw new IllegalArgumentException("a server is named by http:// or https://, host and path");
            }
        }
        this.servers = urls.stream().map(Server::new).toList();
        this.chainId = chainId;
        this.clock = clock;
        this.timeouts = timeouts;
    }

    /** How long to wait, in milliseconds: for a connection, for the next byte, for one answer in all. */
    public record Timeouts(int connectMillis, int readMillis, int answerMillis) {
        /** What {@link ChainLimits} says. */
        public static final Timeouts DEFAULT = new Timeouts(
                ChainLimits.CONNECT_TIMEOUT_MILLIS, ChainLimits.READ_TIMEOUT_MILLIS,
                ChainLimits.ANSWER_TIMEOUT_MILLIS);
    }

    private static final class Server {
        private final URI url;
        private volatile boolean chainKnown;

        Server(URI url) {
            this.url = url;
        }
    }

    @FunctionalInterface
    private interface Request<T> {
        T to(Server server) throws IOException;
    }

    @Override
    public JsonValue call(String method, JsonValue params) throws IOException {
        Question question = new Question(method, params);
        return first(server -> ask(server, question));
    }

    @Override
    public List<Answer> batch(List<Question> questions) throws IOException {
        if (questions.size() > ChainLimits.BATCH_MAX) {
            throw new IllegalArgumentException("a batch of " + questions.size());
        }
        if (questions.size() < 2) {
            return JsonRpc.super.batch(questions);
        }
        List<Answer> answers = first(server -> askAll(server, questions));
        // A server may refuse batches as such, with one error object for all.
        return answers.isEmpty() ? JsonRpc.super.batch(questions) : answers;
    }

    private <T> T first(Request<T> request) throws IOException {
        int start = preferred;
        IOException last = null;
        for (int i = 0; i < servers.size(); i++) {
            int index = (start + i) % servers.size();
            Server server = servers.get(index);
            try {
                if (!server.chainKnown) {
                    checkChain(server);
                }
                T answer = request.to(server);
                preferred = index;
                return answer;
            } catch (RpcException answered) {
                if (answered.code() != LIMIT_EXCEEDED) {
                    preferred = index;
                    throw answered;
                }
                last = answered;
            } catch (IOException failed) {
                server.chainKnown = false;
                // Of all that went wrong, a wrong chain is what the operator must hear of.
                last = last instanceof WrongChainException ? last : failed;
            }
        }
        throw last;
    }

    private void checkChain(Server server) throws IOException {
        JsonValue answer = ask(server, new Question("eth_chainId", JsonValue.array(List.of())));
        long served = Quantity.read(answer).longValue();
        if (served != chainId) {
            throw new WrongChainException(server.url.getHost(), served, chainId);
        }
        server.chainKnown = true;
    }

    private JsonValue ask(Server server, Question question) throws IOException {
        long id = ids.incrementAndGet();
        JsonValue answer = post(server, request(id, question));
        if (!answer.isObject() || answer.integer("id").orElse(-1) != id) {
            throw new IOException("the chain's server answered another question");
        }
        return read(answer).get();
    }

    private List<Answer> askAll(Server server, List<Question> questions) throws IOException {
        Map<Long, Integer> indexes = new HashMap<>();
        List<JsonValue> requests = new ArrayList<>(questions.size());
        for (Question question : questions) {
            long id = ids.incrementAndGet();
            indexes.put(id, requests.size());
            requests.add(request(id, question));
        }
        JsonValue body = post(server, JsonValue.array(requests));
        if (body.isObject() && body.member("error").isPresent()) {
            return List.of();
        }
        Answer[] answers = new Answer[questions.size()];
        for (JsonValue answer : body.elements()) {
            Integer index = indexes.remove(answer.integer("id").orElse(-1));
            if (index == null) {
                throw new IOException("the chain's server answered another question");
            }
            answers[index] = read(answer);
        }
        if (!indexes.isEmpty()) {
            throw new IOException("the chain's server left questions of a batch without an answer");
        }
        return List.of(answers);
    }

    private static JsonValue request(long id, Question question) {
        return JsonValue.object().put("jsonrpc", "2.0").put("id", id).put("method", question.method())
                .put("params", question.params()).build();
    }

    private static Answer read(JsonValue answer) throws IOException {
        JsonValue error = answer.member("error").filter(JsonValue::isObject).orElse(null);
        if (error != null) {
            return new Answer(null, new RpcException(
                    (int) error.integer("code").orElse(0), error.string("message").orElse("no text"),
                    error.string("data").orElse("")));
        }
        JsonValue result = answer.member("result")
                .orElseThrow(() -> new IOException("the chain's server answered neither result nor error"));
        return new Answer(result, null);
    }

    private JsonValue post(Server server, JsonValue body) throws IOException {
        long deadline = clock.monotonicNanos() + TimeUnit.MILLISECONDS.toNanos(timeouts.answerMillis());
        URLConnection opened = server.url.toURL().openConnection();
        if (!(opened instanceof HttpURLConnection connection)) {
            throw new IOException("this framework opens " + server.url.getScheme() + " by other means");
        }
        connection.setInstanceFollowRedirects(false);
        connection.setConnectTimeout(timeouts.connectMillis());
        connection.setReadTimeout(timeouts.readMillis());
        connection.setUseCaches(false);
        connection.setRequestMethod("POST");
        connection.setRequestProperty("Content-Type", "application/json");
        connection.setRequestProperty("Accept", "application/json");
        byte[] bytes = body.toString().getBytes(StandardCharsets.UTF_8);
        connection.setFixedLengthStreamingMode(bytes.length);
        connection.setDoOutput(true);
        boolean complete = false;
        try {
            try (OutputStream out = connection.getOutputStream()) {
                out.write(bytes);
            }
            int status = connection.getResponseCode();
            if (status != HttpURLConnection.HTTP_OK) {
                throw new IOException("the chain's server answered HTTP " + status);
            }
            byte[] answer = readBounded(connection, deadline);
            complete = true;
            return JsonValue.parse(answer, ChainLimits.JSON_VALUES_MAX);
        } catch (JsonException notJson) {
            throw new IOException("the chain's server answered something else than JSON", notJson);
        } finally {
            if (!complete) {
                connection.disconnect();
            }
        }
    }

    private byte[] readBounded(HttpURLConnection connection, long deadline) throws IOException {
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        byte[] chunk = new byte[CHUNK_BYTES];
        try (InputStream in = connection.getInputStream()) {
            for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
                answer.write(chunk, 0, n);
                if (answer.size() > ChainLimits.ANSWER_BYTES_MAX) {
                    // Not by close(): that would read the rest first, to use the connection again.
                    connection.disconnect();
                    throw new RpcException(RpcException.ANSWER_TOO_LARGE, "the answer is too large", "");
                }
                if (clock.monotonicNanos() - deadline > 0) {
                    connection.disconnect();
                    throw new IOException("the chain's server took too long to answer");
                }
            }
        }
        return answer.toByteArray();
    }
}
