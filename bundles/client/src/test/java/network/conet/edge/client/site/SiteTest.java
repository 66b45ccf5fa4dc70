package network.conet.edge.client.site;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import network.conet.edge.api.Clock;
import network.conet.edge.client.ClientException;
import network.conet.edge.crypto.Wallet;
import network.conet.edge.protocol.JsonException;
import network.conet.edge.protocol.JsonValue;
import network.conet.edge.protocol.WalletAddress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Both sides of a site, with a network between them that shuffles and repeats messages. */
class SiteTest {
    private static final Wallet SITE = Wallet.generate(new SecureRandom());
    private static final Wallet VISITOR = Wallet.generate(new SecureRandom());
    private static final Wallet STRANGER = Wallet.generate(new SecureRandom());

    private final Random dice = new Random(7);
    private final AtomicInteger nonces = new AtomicInteger();
    private final AtomicInteger answered = new AtomicInteger();
    private final List<byte[]> late = new ArrayList<>();
    private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
    private byte[] content = new byte[0];
    private Map<String, String> answerHeaders = Map.of("content-type", "text/plain", "etag", "\"1\"");
    private long nowSeconds = 1_700_000_000;
    private boolean isShuffling;
    private final Clock clock = new Clock() {
        @Override
        public long epochMillis() {
            return nowSeconds * 1000;
        }

        @Override
        public long monotonicNanos() {
            return System.nanoTime();
        }
    };
    private final SiteServer server = new SiteServer(SITE, this::answer, this::toVisitor, clock, this::nonce,
            told::add);
    private final SiteVisitor visitor = new SiteVisitor(VISITOR, this::toSite, clock, this::nonce);

    @AfterEach
    void close() {
        server.close();
    }

    private String nonce() {
        return "nonce" + nonces.incrementAndGet() + "abcdefgh";
    }

    private SiteAnswer answer(SiteRequest request) {
        answered.incrementAndGet();
        Map<String, String> headers = new HashMap<>(answerHeaders);
        if (request.headers().getOrDefault("if-none-match", "").equals(headers.get("etag"))) {
            return SiteAnswer.empty(304, headers);
        }
        byte[] body = request.body().length > 0 ? request.body() : content;
        return new SiteAnswer(200, headers, new ByteArrayInputStream(body));
    }

    private void toSite(WalletAddress to, byte[] plaintext) {
        assertEquals(SITE.address(), to);
        server.received(new String(plaintext, StandardCharsets.UTF_8));
        server.received(new String(plaintext, StandardCharsets.UTF_8));
    }

    /** The last part makes those before it come: in another order, and twice. */
    private void toVisitor(WalletAddress to, byte[] plaintext) {
        assertEquals(VISITOR.address(), to);
        synchronized (late) {
            late.add(plaintext);
            String text = new String(plaintext, StandardCharsets.UTF_8);
            if (!isShuffling || text.contains("\"last\":true")) {
                List<byte[]> all = new ArrayList<>(late);
                all.addAll(late);
                Collections.shuffle(all, dice);
                late.clear();
                all.forEach(each -> visitor.received(new String(each, StandardCharsets.UTF_8)));
            }
        }
    }

    private byte[] get(String path) throws Exception {
        SiteAnswer answer = visitor.ask(SITE.address(), "GET", path, "", Map.of(), new byte[0]);
        try (InputStream in = answer.body()) {
            return in.readAllBytes();
        }
    }

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        dice.nextBytes(bytes);
        return bytes;
    }

    @Test
    void answerOfManyPartsComesWholeThoughTheNetworkShufflesAndRepeats() throws Exception {
        isShuffling = true;
        for (int length : new int[] {0, 1, SiteLimits.PART_BYTES - 1, SiteLimits.PART_BYTES, SiteLimits.PART_BYTES + 1,
            5 * SiteLimits.PART_BYTES + 7}) {
            content = bytes(length);
            assertArrayEquals(content, get("/"), "of " + length);
        }
        assertEquals(6, answered.get(), "a repeated request is answered once");
    }

    @Test
    void bodyOfARequestTravelsInParts() throws Exception {
        byte[] body = bytes(3 * SiteLimits.PART_BYTES + 1);
        SiteAnswer answer = visitor.ask(SITE.address(), "POST", "/x", "", Map.of(), body);
        try (InputStream in = answer.body()) {
            assertArrayEquals(body, in.readAllBytes());
        }
    }

    private SiteRequest request(WalletAddress from, WalletAddress target, String path, long expires) {
        return new SiteRequest("request-1", from, target, "GET", path, "", Map.of(), new byte[0], 0, true, true,
                expires);
    }

    private int answersTo(SiteRequest request, Wallet signer) {
        return SiteCodec.request(new String(SiteCodec.encode(request, signer, "n"), StandardCharsets.UTF_8))
                .map(read -> 1).orElse(0);
    }

    @Test
    void requestOfAnotherSignerIsNone() {
        SiteRequest request = request(VISITOR.address(), SITE.address(), "/", nowSeconds);
        assertEquals(1, answersTo(request, VISITOR));
        assertEquals(0, answersTo(request, STRANGER));
        assertEquals(0, answersTo(request(VISITOR.address(), SITE.address(), "no-slash", nowSeconds), VISITOR));
        assertEquals(0, answersTo(request(VISITOR.address(), SITE.address(), "/a\r\nb", nowSeconds), VISITOR));
        String longest = "/" + "x".repeat(SiteLimits.TARGET_CHARS_MAX - 1);
        assertEquals(1, answersTo(request(VISITOR.address(), SITE.address(), longest, nowSeconds), VISITOR));
        assertEquals(0, answersTo(request(VISITOR.address(), SITE.address(), longest + "x", nowSeconds), VISITOR));
    }

    @Test
    void everyChangedCharacterOfARequestIsNoticed() {
        String text = new String(SiteCodec.encode(request(VISITOR.address(), SITE.address(), "/", nowSeconds), VISITOR,
                "n"), StandardCharsets.UTF_8);
        SiteRequest whole = SiteCodec.request(text).orElseThrow();
        for (int i = 0; i < text.length(); i++) {
            String changed = text.substring(0, i) + (char) (text.charAt(i) ^ 1) + text.substring(i + 1);
            Optional<SiteRequest> read = SiteCodec.request(changed);
            // Letters of a signature's hexadecimal digits may change their case.
            assertTrue(read.isEmpty() || read.get().path().equals(whole.path()) && changed.equalsIgnoreCase(text),
                    changed);
        }
    }

    @Test
    void requestsForOthersOrOutOfTimeAreNotAnswered() throws Exception {
        long limit = 2 * SiteLimits.VALIDITY.toSeconds();
        for (SiteRequest request : List.of(request(VISITOR.address(), STRANGER.address(), "/", nowSeconds),
                request(VISITOR.address(), SITE.address(), "/", nowSeconds - 1),
                request(VISITOR.address(), SITE.address(), "/", nowSeconds + limit + 1))) {
            server.received(new String(SiteCodec.encode(request, VISITOR, "n"), StandardCharsets.UTF_8));
        }
        get("/");
        assertEquals(1, answered.get());
    }

    @Test
    void clientThatTakesNoPartsGetsOneMessageOrIsToldThatItIsTooLarge() throws Exception {
        BlockingQueue<JsonValue> sent = new LinkedBlockingQueue<>();
        try (SiteServer old = new SiteServer(SITE, this::answer, (to, plaintext) -> sent.add(json(plaintext)), clock,
                this::nonce, told::add)) {
            for (int length : new int[] {SiteLimits.PART_BYTES, SiteLimits.PART_BYTES + 1}) {
                content = bytes(length);
                SiteRequest request = new SiteRequest("request-" + length, VISITOR.address(), SITE.address(), "GET",
                        "/", "", Map.of(), new byte[0], 0, true, false, nowSeconds);
                old.received(new String(SiteCodec.encode(request, VISITOR, "n"), StandardCharsets.UTF_8));
                JsonValue response = sent.poll(10, TimeUnit.SECONDS);
                byte[] body = Base64.getDecoder().decode(response.string("bodyBase64").orElseThrow());
                boolean fits = length == SiteLimits.PART_BYTES;
                assertEquals(fits ? 200 : 502, response.integer("status").orElseThrow());
                assertEquals(fits, Arrays.equals(content, body));
            }
        }
        assertTrue(sent.isEmpty());
    }

    private static JsonValue json(byte[] plaintext) {
        try {
            return JsonValue.parse(plaintext);
        } catch (JsonException broken) {
            throw new AssertionError(broken);
        }
    }

    @Test
    void ownerHearsOnceThatAnswersDoNotArrive() throws Exception {
        CountDownLatch tried = new CountDownLatch(3);
        try (SiteServer cut = new SiteServer(SITE, this::answer, (to, plaintext) -> {
            tried.countDown();
            throw new ClientException(ClientException.Kind.UNREACHABLE, "no node answers");
        }, clock, this::nonce, told::add)) {
            for (int i = 0; i < 3; i++) {
                SiteRequest request = new SiteRequest("request-" + i, VISITOR.address(), SITE.address(), "GET", "/", "",
                        Map.of(), new byte[0], 0, true, true, nowSeconds);
                cut.received(new String(SiteCodec.encode(request, VISITOR, "n"), StandardCharsets.UTF_8));
            }
            assertTrue(tried.await(10, TimeUnit.SECONDS));
            assertEquals("an answer did not reach its visitor, 1 so far: no node answers",
                    told.poll(10, TimeUnit.SECONDS));
        }
        assertTrue(told.isEmpty());
    }

    @Test
    void answerThatAnotherWalletSignedIsNotTaken() throws Exception {
        SiteVisitor[] fooled = new SiteVisitor[1];
        fooled[0] = new SiteVisitor(VISITOR, (to, plaintext) -> {
            String id = SiteCodec.request(new String(plaintext, StandardCharsets.UTF_8)).orElseThrow().id();
            for (Wallet signer : List.of(STRANGER, SITE)) {
                byte[] body = (signer == SITE ? "genuine" : "forged").getBytes(StandardCharsets.UTF_8);
                byte[] answer = SiteCodec.encode(new SiteResponse(id, 200, Map.of(), body, 0, true), signer, "n",
                        nowSeconds, true);
                fooled[0].received(new String(answer, StandardCharsets.UTF_8));
            }
        }, clock, this::nonce);
        SiteAnswer answer = fooled[0].ask(SITE.address(), "GET", "/", "", Map.of(), new byte[0]);
        assertEquals("genuine", new String(answer.body().readAllBytes(), StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/../secret", "/%2e%2e/secret", "/..%2fsecret", "/.hidden", "/a/../../secret", "/link",
        "/linked/secret", "/%00", "/a%5c..", "/nothing", "/%", "/a/.hidden"})
    void nothingOutsideOfTheDirectoryIsReached(String path, @TempDir Path directory) throws Exception {
        Path root = Files.createDirectories(directory.resolve("public/a")).getParent();
        Files.writeString(directory.resolve("secret"), "secret");
        Files.writeString(root.resolve(".hidden"), "secret");
        Files.writeString(root.resolve("a/.hidden"), "secret");
        Files.createSymbolicLink(root.resolve("link"), directory.resolve("secret"));
        Files.createSymbolicLink(root.resolve("linked"), directory);
        SiteAnswer answer = new StaticFiles(root).answer(request(VISITOR.address(), SITE.address(), path, 0));
        assertEquals(404, answer.status());
    }

    @Test
    void filesComeWithTypeTagAndRanges(@TempDir Path root) throws Exception {
        Files.writeString(root.resolve("a b+c.html"), "0123456789");
        StaticFiles files = new StaticFiles(root);
        SiteAnswer whole = files.answer(request(VISITOR.address(), SITE.address(), "/a%20b+c.html", 0));
        assertEquals("text/html; charset=utf-8", whole.headers().get("content-type"));
        assertEquals("0123456789", new String(whole.body().readAllBytes(), StandardCharsets.UTF_8));
        assertEquals(304, files.answer(with("/a%20b+c.html", "if-none-match", whole.headers().get("etag"))).status());
        SiteAnswer part = files.answer(with("/a%20b+c.html", "range", "bytes=8-99"));
        assertEquals(206, part.status());
        assertEquals("bytes 8-9/10", part.headers().get("content-range"));
        assertEquals("89", new String(part.body().readAllBytes(), StandardCharsets.UTF_8));
        assertEquals(416, files.answer(with("/a%20b+c.html", "range", "bytes=10-")).status());
    }

    private SiteRequest with(String path, String header, String value) {
        return new SiteRequest("request-1", VISITOR.address(), SITE.address(), "GET", path, "", Map.of(header, value),
                new byte[0], 0, true, true, 0);
    }

    @Test
    void frontShowsASiteKeepsWhatItMayAndAsksAgainForTheRest() throws Exception {
        content = "page".getBytes(StandardCharsets.UTF_8);
        InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (SiteFront front = new SiteFront(anyPort, visitor, new SiteCache(clock), names)) {
            String name = SITE.address().toString() + ".localhost";
            assertEquals("200 page", fetch(front, name));
            assertEquals("200 page", fetch(front, name));
            assertEquals(2, answered.get(), "asked again with its tag");
            answerHeaders = Map.of("cache-control", "max-age=60");
            content = "fresh".getBytes(StandardCharsets.UTF_8);
            assertEquals("200 fresh", fetch(front, name));
            assertEquals("200 fresh", fetch(front, name));
            assertEquals(3, answered.get(), "the last one came from the cache");
            assertTrue(fetch(front, "evil.example").startsWith("421"));
            assertTrue(fetch(front, name + ".evil.example").startsWith("421"));
            assertTrue(fetch(front, "localhost").startsWith("200 Open "));
        }
    }

    private final SiteNames names = name -> {
        if (!name.toString().equals("site.conet")) {
            throw new ClientException(ClientException.Kind.REFUSED, name + " points to no wallet");
        }
        return SITE.address();
    };

    @Test
    void frontShowsASiteByItsName() throws Exception {
        content = "page".getBytes(StandardCharsets.UTF_8);
        InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (SiteFront front = new SiteFront(anyPort, visitor, new SiteCache(clock), names)) {
            assertEquals("200 page", fetch(front, "site.conet.localhost"));
            assertTrue(fetch(front, "nobody.conet.localhost").startsWith("404"));
            assertTrue(fetch(front, "0xab.conet.localhost").startsWith("404"));
            assertTrue(fetch(front, "site.conet").startsWith("421"));
        }
    }

    @Test
    void pageMayLoadNothingFromElsewhereWhateverTheSiteSays() throws Exception {
        answerHeaders = Map.of("content-security-policy", "default-src *");
        InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (SiteFront front = new SiteFront(anyPort, visitor, new SiteCache(clock), names)) {
            List<String> policies = answerOf(front, SITE.address() + ".localhost").lines()
                    .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("content-security-policy: ")).toList();
            assertEquals(2, policies.size(), "both hold: " + policies);
            assertTrue(policies.stream().anyMatch(policy -> policy.contains("default-src 'self'")), "" + policies);
        }
    }

    private static String fetch(SiteFront front, String host) throws IOException {
        String answer = answerOf(front, host);
        return answer.split(" ")[1] + " " + answer.substring(answer.indexOf("\r\n\r\n") + 4);
    }

    private static String answerOf(SiteFront front, String host) throws IOException {
        try (Socket socket = new Socket(front.address().getAddress(), front.address().getPort())) {
            socket.getOutputStream().write(("GET / HTTP/1.0\r\nHost: " + host + ":80\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void upstreamIsReachedAndNothingElseAndItsNameStaysInside() throws Exception {
        HttpServer web = HttpServer.create(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        String own = "http://127.0.0.1:" + web.getAddress().getPort();
        web.createContext("/", exchange -> {
            exchange.getResponseHeaders().set("Server", "home box");
            exchange.getResponseHeaders().set("Location", own + "/there");
            exchange.sendResponseHeaders(302, -1);
            exchange.close();
        });
        web.start();
        try {
            Upstream upstream = new Upstream(URI.create(own));
            SiteAnswer answer = upstream.answer(request(VISITOR.address(), SITE.address(), "/a", 0));
            assertEquals(302, answer.status());
            assertEquals("/there", answer.headers().get("location"));
            assertFalse(answer.headers().containsKey("server"));
            SiteAnswer doubled = upstream.answer(request(VISITOR.address(), SITE.address(), "//example.org/", 0));
            assertEquals(HttpURLConnection.HTTP_MOVED_TEMP, doubled.status(), "still the same server");
        } finally {
            web.stop(0);
        }
    }

    @Test
    void siteThatNeverAnswersIsGivenUp() {
        SiteVisitor lonely = new SiteVisitor(VISITOR, (to, plaintext) -> { }, new Clock() {
            private long nanos;

            @Override
            public long epochMillis() {
                return 0;
            }

            @Override
            public synchronized long monotonicNanos() {
                nanos += SiteLimits.PATIENCE.toNanos();
                return nanos;
            }
        }, this::nonce);
        assertThrows(IOException.class,
                () -> lonely.ask(SITE.address(), "GET", "/", "", Map.of(), new byte[0]));
    }
}
