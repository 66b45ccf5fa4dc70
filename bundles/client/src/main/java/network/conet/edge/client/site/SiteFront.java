package network.conet.edge.client.site;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import network.conet.edge.client.ClientException;
import network.conet.edge.crypto.WalletSignatures;
import network.conet.edge.protocol.WalletAddress;
import network.conet.edge.protocol.WalletName;

/**
 * Shows sites in any browser on this machine: each wallet is a host name of its own, so browsers keep sites apart as
 * they do with any others. Serves only requests whose host is such a name, so no page from elsewhere can read it by a
 * name that it lets point here.
 */
final class SiteFront implements AutoCloseable {
    private static final Pattern HOST =
            Pattern.compile("(?:(0x[0-9a-f]{40}|[a-z0-9-]+\\.conet)\\.)?localhost(?::\\d{1,5})?");
    private static final Set<String> SENT = Set.of("accept", "accept-language", "content-type", "if-none-match",
            "if-modified-since", "range", "cookie");
    private static final Set<String> FRAMING = Set.of("content-length", "transfer-encoding", "connection");
    /** A page that loads from elsewhere would tell others who visits it, from where; forms and frames likewise. */
    private static final String POLICY = "default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:; "
            + "form-action 'self'; base-uri 'self'; frame-ancestors 'self'; object-src 'none'; webrtc 'block'";
    private static final int BUFFER_BYTES = 32 * 1024;
    private static final WalletSignatures SIGNATURES = new WalletSignatures();

    private final HttpServer server;
    private final SiteVisitor visitor;
    private final SiteCache cache;
    private final SiteNames names;
    private final ThreadPoolExecutor threads = new ThreadPoolExecutor(SiteLimits.OPEN_MAX, SiteLimits.OPEN_MAX, 30,
            TimeUnit.SECONDS, new ArrayBlockingQueue<>(4 * SiteLimits.OPEN_MAX), task -> {
                Thread thread = new Thread(task, "conet-browse");
                thread.setDaemon(true);
                return thread;
            });

    SiteFront(InetSocketAddress listen, SiteVisitor visitor, SiteCache cache, SiteNames names) throws IOException {
        this.visitor = visitor;
        this.cache = cache;
        this.names = names;
        threads.allowCoreThreadTimeOut(true);
        server = HttpServer.create(listen, 64);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    InetSocketAddress address() {
        return server.getAddress();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String host = Optional.ofNullable(exchange.getRequestHeaders().getFirst("Host")).orElse("");
            Matcher name = HOST.matcher(host.toLowerCase(Locale.ROOT));
            if (!name.matches()) {
                page(exchange, 421, "This address shows sites under http://WALLET.localhost and"
                        + " http://NAME.conet.localhost only.");
            } else if (name.group(1) == null) {
                page(exchange, 200, "Open http://WALLET.localhost:" + address().getPort()
                        + "/ where WALLET is the address of a site: 0x and 40 digits, in lower case; or its name, as in"
                        + " alice.conet.");
            } else {
                show(exchange, name.group(1));
            }
        }
    }

    private void show(HttpExchange exchange, String host) throws IOException {
        byte[] body = exchange.getRequestBody().readNBytes(SiteLimits.REQUEST_BODY_BYTES_MAX + 1);
        if (body.length > SiteLimits.REQUEST_BODY_BYTES_MAX) {
            page(exchange, 413, "The request is larger than sites take.");
            return;
        }
        Map<String, String> headers = new LinkedHashMap<>();
        exchange.getRequestHeaders().forEach((name, values) -> {
            if (SENT.contains(name.toLowerCase(Locale.ROOT))) {
                headers.put(name.toLowerCase(Locale.ROOT), values.get(0));
            }
        });
        try {
            fetch(exchange, site(host), headers, body);
        } catch (ClientException failed) {
            page(exchange, failed.kind() == ClientException.Kind.REFUSED ? 404 : 502, failed.getMessage());
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    private WalletAddress site(String host) throws ClientException {
        Optional<WalletAddress> wallet = WalletAddress.parse(host, SIGNATURES);
        if (wallet.isPresent()) {
            return wallet.get();
        }
        return names.resolve(WalletName.parse(host).orElseThrow(
                () -> new ClientException(ClientException.Kind.REFUSED, host + " is no name of a wallet")));
    }

    private void fetch(HttpExchange exchange, WalletAddress site, Map<String, String> headers, byte[] body)
            throws IOException, ClientException, InterruptedException {
        String method = exchange.getRequestMethod();
        String path = exchange.getRequestURI().getRawPath();
        String query = Optional.ofNullable(exchange.getRequestURI().getRawQuery()).orElse("");
        String address = site + " " + path + "?" + query;
        // What a visitor's own conditions, ranges and cookies get is not for the next visit.
        boolean isPlain = method.equals("GET") && !headers.containsKey("range") && !headers.containsKey("cookie")
                && !headers.containsKey("if-none-match") && !headers.containsKey("if-modified-since");
        Optional<SiteCache.Kept> kept = isPlain ? cache.find(address) : Optional.empty();
        if (kept.isPresent() && cache.isFresh(kept.get())) {
            give(exchange, kept.get());
            return;
        }
        kept.map(answer -> answer.headers().get("etag")).ifPresent(tag -> headers.put("if-none-match", tag));
        SiteAnswer answer;
        try {
            answer = visitor.ask(site, method, path, query, headers, body);
        } catch (IOException late) {
            page(exchange, 504, "The site does not answer: " + late.getMessage() + ".");
            return;
        }
        try (InputStream in = answer.body()) {
            if (answer.status() == 304 && kept.isPresent()) {
                cache.keep(address, kept.get().headers(), kept.get().body());
                give(exchange, kept.get());
                return;
            }
            pass(exchange, answer, in, isPlain ? address : null);
        }
    }

    private void give(HttpExchange exchange, SiteCache.Kept kept) throws IOException {
        head(exchange, 200, kept.headers(), kept.body().length == 0 ? -1 : kept.body().length);
        exchange.getResponseBody().write(kept.body());
    }

    /** @param address to keep it under, or null */
    private void pass(HttpExchange exchange, SiteAnswer answer, InputStream in, String address) throws IOException {
        boolean hasBody = answer.status() != 204 && answer.status() != 304
                && !exchange.getRequestMethod().equals("HEAD");
        head(exchange, answer.status(), answer.headers(), hasBody ? 0 : -1);
        if (!hasBody) {
            return;
        }
        boolean isKept = address != null && SiteCache.mayKeep(answer.status(), answer.headers());
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        OutputStream out = exchange.getResponseBody();
        byte[] buffer = new byte[BUFFER_BYTES];
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            out.write(buffer, 0, read);
            if (in.available() == 0) {
                out.flush();
            }
            isKept &= whole.size() + read <= SiteLimits.CACHED_BYTES_MAX;
            if (isKept) {
                whole.write(buffer, 0, read);
            }
        }
        if (isKept) {
            cache.keep(address, answer.headers(), whole.toByteArray());
        }
    }

    private static void head(HttpExchange exchange, int status, Map<String, String> headers, long length)
            throws IOException {
        headers.forEach((name, value) -> {
            if (!FRAMING.contains(name)) {
                exchange.getResponseHeaders().set(name, value);
            }
        });
        // Beside the site's own, not instead of it: the browser obeys both.
        exchange.getResponseHeaders().add("Content-Security-Policy", POLICY);
        exchange.getResponseHeaders().set("X-DNS-Prefetch-Control", "off");
        exchange.getResponseHeaders().set("Referrer-Policy", "no-referrer");
        exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
        exchange.sendResponseHeaders(status, length);
    }

    private static void page(HttpExchange exchange, int status, String text) throws IOException {
        byte[] body = (text + "\n").getBytes(StandardCharsets.UTF_8);
        head(exchange, status, Map.of("content-type", "text/plain; charset=utf-8", "cache-control", "no-store"),
                body.length);
        exchange.getResponseBody().write(body);
    }
}
