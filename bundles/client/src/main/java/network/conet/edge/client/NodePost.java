package network.conet.edge.client;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import network.conet.edge.protocol.Endpoint;
import network.conet.edge.protocol.Envelope;
import network.conet.edge.protocol.EnvelopeBody;

/** Posts sealed messages to entry nodes. Safe for use by many threads. */
final class NodePost {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(12);
    private static final int ANSWER_BYTES_MAX = 64 * 1024;

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_TIMEOUT)
            .build();

    /**
     * A complete answer.
     *
     * @param status HTTP status
     * @param body the body, at most 64 KiB of it
     */
    record Answer(int status, byte[] body) {
        boolean isOk() {
            return status / 100 == 2;
        }
    }

    /** Posts and waits for the whole answer. */
    Answer post(Endpoint entry, Envelope envelope, Duration timeout) throws IOException, InterruptedException {
        HttpResponse<InputStream> response = send(entry, envelope, timeout);
        try (InputStream body = response.body()) {
            return new Answer(response.statusCode(), body.readNBytes(ANSWER_BYTES_MAX));
        }
    }

    /** Posts and gives the answer as it comes; it stays open until either side closes it. */
    HttpResponse<InputStream> open(Endpoint entry, Envelope envelope, Duration timeout)
            throws IOException, InterruptedException {
        return send(entry, envelope, timeout);
    }

    private HttpResponse<InputStream> send(Endpoint entry, Envelope envelope, Duration timeout)
            throws IOException, InterruptedException {
        URI uri = URI.create("http://" + entry.host() + ":" + entry.port() + "/post");
        HttpRequest request = HttpRequest.newBuilder(uri)
                .timeout(timeout)
                .header("Content-Type", "application/json;charset=UTF-8")
                .POST(HttpRequest.BodyPublishers.ofByteArray(EnvelopeBody.encode(envelope)))
                .build();
        return http.send(request, HttpResponse.BodyHandlers.ofInputStream());
    }
}
