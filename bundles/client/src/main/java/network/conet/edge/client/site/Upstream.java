package network.conet.edge.client.site;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One web server near the publisher. Visitors reach it and nothing else: of a request only method, path, query, body
 * and a few headers go on, and of an answer only headers that say nothing of the machine. Redirects to the server's own
 * address become redirects within the site.
 */
final class Upstream implements SiteSource {
    private static final Set<String> SENT = Set.of("accept", "accept-language", "content-type", "if-none-match",
            "if-modified-since", "range", "cookie");
    private static final Set<String> PASSED = Set.of("content-type", "content-language", "content-disposition",
            "content-length", "content-encoding", "content-range", "accept-ranges", "cache-control", "etag",
            "last-modified", "expires", "vary", "set-cookie", "content-security-policy");
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final URI base;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    /** @param base scheme, host and port, no path */
    Upstream(URI base) {
        this.base = base;
    }

    @Override
    public SiteAnswer answer(SiteRequest request) throws IOException, InterruptedException {
        URI target;
        try {
            target = URI.create(base.getScheme() + "://" + base.getRawAuthority() + request.path()
                    + (request.query().isEmpty() ? "" : "?" + request.query()));
        } catch (IllegalArgumentException malformed) {
            return SiteAnswer.text(400, "bad request");
        }
        // A path like //host or @host must not change where it goes.
        if (!base.getRawAuthority().equals(target.getRawAuthority())) {
            return SiteAnswer.text(400, "bad request");
        }
        HttpRequest.Builder builder = HttpRequest.newBuilder(target).timeout(PATIENCE).method(request.method(),
                request.body().length == 0 ? HttpRequest.BodyPublishers.noBody()
                        : HttpRequest.BodyPublishers.ofByteArray(request.body()));
        request.headers().forEach((name, value) -> {
            if (SENT.contains(name)) {
                builder.header(name, value);
            }
        });
        HttpResponse<InputStream> answer = http.send(builder.build(), HttpResponse.BodyHandlers.ofInputStream());
        return new SiteAnswer(answer.statusCode(), headers(answer.headers().map()), answer.body());
    }

    private Map<String, String> headers(Map<String, List<String>> all) {
        Map<String, String> headers = new LinkedHashMap<>();
        all.forEach((name, values) -> {
            String value = values.get(0);
            boolean isTaken = value.length() <= SiteLimits.HEADER_CHARS_MAX && headers.size() < SiteLimits.HEADERS_MAX
                    && value.chars().allMatch(letter -> letter >= ' ' && letter < 127);
            if (PASSED.contains(name) && isTaken) {
                headers.put(name, value);
            } else if (name.equals("location") && isTaken) {
                headers.put(name, within(value));
            }
        });
        return headers;
    }

    private String within(String location) {
        String own = base.getScheme() + "://" + base.getRawAuthority();
        if (!location.startsWith(own)) {
            return location;
        }
        String path = location.substring(own.length());
        return path.isEmpty() ? "/" : path;
    }
}
