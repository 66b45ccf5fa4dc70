package network.conet.edge.services.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import network.conet.edge.api.Dialer;
import network.conet.edge.api.Pipe;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.RefusedException;
import network.conet.edge.testkit.SettableClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HttpFetchTest {
    private static final List<String> HOSTS = List.of("good.example", "other.example");
    private static final char[] PASSWORD = "password".toCharArray();

    @TempDir
    Path directory;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<ServerSocket> servers = new ArrayList<>();
    private HourlyBudget budget = new HourlyBudget(new SettableClock(0), 1 << 20);

    @AfterEach
    void close() throws IOException {
        threads.shutdownNow();
        for (ServerSocket each : servers) {
            each.close();
        }
    }

    /** Every name is this machine. */
    private static final class Here implements Dialer {
        @Override
        public CompletionStage<InetAddress> resolve(String host) {
            return CompletableFuture.completedFuture(InetAddress.getLoopbackAddress());
        }

        @Override
        public CompletionStage<Pipe> dial(String host, int port) {
            throw new AssertionError("only addresses are asked for");
        }
    }

    /** A server that answers once with these bytes and hears what was asked. */
    private Future<String> serve(ServerSocket server, String answer, boolean isClosing) {
        servers.add(server);
        return threads.submit(() -> {
            Socket socket = server.accept();
            String heard = head(socket.getInputStream());
            socket.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
            if (isClosing) {
                socket.close();
            }
            return heard;
        });
    }

    private static ServerSocket plain() throws IOException {
        return new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    }

    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int read = in.read();
            if (read < 0) {
                throw new IOException("no head");
            }
            head.append((char) read);
        }
        return head.toString();
    }

    private String fetch(String request) throws RefusedException {
        byte[] answer = new HttpFetch(Here::new).fetch(
                request.getBytes(StandardCharsets.ISO_8859_1), HOSTS, budget);
        return new String(answer, StandardCharsets.ISO_8859_1);
    }

    private String get(String method, String answer, boolean isClosing) throws Exception {
        ServerSocket server = plain();
        serve(server, answer, isClosing);
        return fetch(method + " http://good.example:" + server.getLocalPort() + "/\n\n");
    }

    private static RefuseReason refusal(Executable action) {
        return assertThrows(RefusedException.class, action).reason();
    }

    @Test
    void guestsRequestGoesOutWithOurFraming() throws Exception {
        ServerSocket server = plain();
        int port = server.getLocalPort();
        Future<String> heard = serve(server, "HTTP/1.1 200 OK\r\nX-A: b\r\nContent-Length: 2\r\n\r\nhi", false);
        String answer = fetch("POST http://good.example:" + port + "/a?b=c\nAccept: text/plain\n\nbody");
        assertEquals("POST /a?b=c HTTP/1.1\r\nHost: good.example:" + port + "\r\nAccept: text/plain\r\n"
                + "Content-Length: 4\r\nConnection: close\r\n\r\n", heard.get());
        assertEquals("200\nx-a: b\ncontent-length: 2\n\nhi", answer);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "GET | Content-Length: 3~~abc | abc",
        "GET | content-length:3 ~~abcdef | abc",
        "GET | Transfer-Encoding: chunked~~3~abc~2;x=y~de~0~~ | abcde",
        "GET | Transfer-Encoding: chunked~~9~a~0~~b~0~~ | a~0~~b",
        "HEAD | Content-Length: 3~~ | ''"})
    void answerEndsWhereItSaysThatItDoes(String method, String rest, String body) throws Exception {
        String answer = get(method, "HTTP/1.1 200 OK\r\n" + rest.replace("~", "\r\n"), false);
        assertEquals(body.replace("~", "\r\n"), answer.substring(answer.indexOf("\n\n") + 2));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"204", "304"})
    void answerThatHasNoBodyIsNotWaitedFor(String status) throws Exception {
        assertEquals(status + "\ncontent-length: 9\n\n",
                get("GET", "HTTP/1.1 " + status + " None\r\nContent-Length: 9\r\n\r\n", false));
    }

    @Test
    void answerWithoutLengthEndsWithTheConnection() throws Exception {
        assertEquals("200\n\nall of it", get("GET", "HTTP/1.0 200 OK\r\n\r\nall of it", true));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "HTTP/1.1 200 OK~Content-Length: 4~~abc",
        "HTTP/1.1 200 OK~Transfer-Encoding: chunked~~4~abc",
        "HTTP/1.1 200 OK~Transfer-Encoding: chunked~~-1~abc~0~~",
        "HTTP/1.1 200 OK~Transfer-Encoding: chunked~~3~abc~",
        "HTTP/1.1 200 OK~No-End: 1",
        "SSH-2.0-x~~"})
    void answerThatIsCutOffOrNoneIsUnreachable(String answer) {
        assertEquals(RefuseReason.TARGET_UNREACHABLE, refusal(() -> get("GET", answer.replace("~", "\r\n"), true)));
    }

    @Test
    void budgetHoldsForBothDirections() throws Exception {
        String answer = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabcde";
        ServerSocket server = plain();
        String request = "GET http://good.example:" + server.getLocalPort() + "/\n\n";
        budget = new HourlyBudget(new SettableClock(0), request.length() - 1);
        assertEquals(RefuseReason.EGRESS_SPENT, refusal(() -> fetch(request)));
        budget = new HourlyBudget(new SettableClock(0), request.length() + answer.length() - 1);
        serve(server, answer, false);
        assertEquals(RefuseReason.EGRESS_SPENT, refusal(() -> fetch(request)));
        budget = new HourlyBudget(new SettableClock(0), request.length() + answer.length());
        serve(server, answer, false);
        assertTrue(fetch(request).endsWith("abcde"));
    }

    @Test
    void answerIsAsLongAsMayBeAndNotLonger() throws Exception {
        String head = "HTTP/1.0 200 OK\r\n\r\n";
        String most = "x".repeat(HttpFetch.ANSWER_BYTES_MAX - head.length());
        assertEquals(most.length(), get("GET", head + most, true).length() - "200\n\n".length());
        assertEquals(RefuseReason.EGRESS_SPENT, refusal(() -> get("GET", head + most + "x", true)));
    }

    @Test
    void interruptEndsItWhateverTheOtherSideDoes() throws Exception {
        ServerSocket server = plain();
        Future<String> heard = serve(server, "HTTP/1.1 200 OK\r\n", false);
        CompletableFuture<Thread> thread = new CompletableFuture<>();
        Future<RefuseReason> reason = threads.submit(() -> {
            thread.complete(Thread.currentThread());
            return refusal(() -> fetch("GET http://good.example:" + server.getLocalPort() + "/\n\n"));
        });
        heard.get(10, TimeUnit.SECONDS);
        thread.get().interrupt();
        assertEquals(RefuseReason.DEADLINE_PASSED, reason.get(5, TimeUnit.SECONDS));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', value = {
        "GET http://evil.example/~~ | TARGET_FORBIDDEN",
        "GET http://good.example.evil.example/~~ | TARGET_FORBIDDEN",
        "GET http://good.example@evil.example/~~ | TARGET_MALFORMED",
        "GET ftp://good.example/~~ | TARGET_MALFORMED",
        "GET http://good.example:0/~~ | TARGET_MALFORMED",
        "GET http://good.example:65536/~~ | TARGET_MALFORMED",
        "GET http:///~~ | TARGET_MALFORMED",
        "CONNECT http://good.example/~~ | TARGET_MALFORMED",
        "GET http://good.example/ HTTP/1.1~~ | TARGET_MALFORMED",
        "GET http://good.example/~Host: evil.example~~ | TARGET_MALFORMED",
        "GET http://good.example/~content-length: 7~~ | TARGET_MALFORMED",
        "GET http://good.example/~A: b\rC: d~~ | TARGET_MALFORMED",
        "GET http://good.example/~no colon~~ | TARGET_MALFORMED",
        "GET http://good.example/ | TARGET_MALFORMED"})
    void requestThatIsNotOnTheListOrWantsOtherFramingIsRefused(String request, RefuseReason reason) {
        assertEquals(reason, refusal(() -> fetch(request.replace("~", "\n").replace("\\r", "\r"))));
    }

    @Test
    void withoutADialerNothingIsReached() {
        byte[] request = "GET http://good.example/\n\n".getBytes(StandardCharsets.US_ASCII);
        assertEquals(RefuseReason.TARGET_UNREACHABLE,
                refusal(() -> new HttpFetch(() -> null).fetch(request, HOSTS, budget)));
    }

    @Test
    void certificateMustBeTrustedAndBeForTheHost() throws Exception {
        KeyStore keys = certificateOf("good.example");
        String answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";
        assertEquals("200\ncontent-length: 2\n\nhi", secure("good.example", trusting(keys), keys, answer));
        assertEquals(RefuseReason.TARGET_UNREACHABLE,
                refusal(() -> secure("other.example", trusting(keys), keys, answer)));
        assertEquals(RefuseReason.TARGET_UNREACHABLE,
                refusal(() -> secure("good.example", SSLContext.getDefault(), keys, answer)));
    }

    private String secure(String host, SSLContext trusting, KeyStore keys, String answer) throws Exception {
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        ServerSocket server =
                context.getServerSocketFactory().createServerSocket(0, 1, InetAddress.getLoopbackAddress());
        serve(server, answer, false);
        String request = "GET https://" + host + ":" + server.getLocalPort() + "/\n\n";
        byte[] read = new HttpFetch(Here::new, trusting::getSocketFactory).fetch(
                request.getBytes(StandardCharsets.US_ASCII), HOSTS, budget);
        return new String(read, StandardCharsets.ISO_8859_1);
    }

    private static SSLContext trusting(KeyStore keys) throws Exception {
        TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("it", keys.getCertificate("it"));
        managers.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, managers.getTrustManagers(), null);
        return context;
    }

    private KeyStore certificateOf(String host) throws Exception {
        Path file = directory.resolve("keys.p12");
        Process keytool = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin/keytool").toString(),
                "-genkeypair", "-alias", "it", "-keyalg", "EC", "-dname", "CN=" + host, "-ext", "san=dns:" + host,
                "-storetype", "PKCS12", "-keystore", file.toString(), "-storepass", new String(PASSWORD))
                .redirectErrorStream(true).redirectOutput(directory.resolve("keytool.out").toFile()).start();
        assertEquals(0, keytool.waitFor(), () -> read(directory.resolve("keytool.out")));
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            keys.load(in, PASSWORD);
        }
        return keys;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException failed) {
            return failed.toString();
        }
    }
}
