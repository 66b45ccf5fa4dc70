package network.conet.edge.client.proxy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import network.conet.edge.client.ClientException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The front with real sockets; the exit is a server of the test. */
class ProxyFrontTest {
    private static final String REFUSAL = "HTTP/1.1 404 Not Found\r\nServer: nginx/1.18.0\r\nDate: now\r\n"
            + "Content-Type: text/html\r\nContent-Length: 3\r\nConnection: close\r\n"
            + "Access-Control-Allow-Origin: *\r\nAccess-Control-Max-Age: 86400\r\n\r\n404";
    private final List<String> asked = Collections.synchronizedList(new ArrayList<>());
    private final List<String> complaints = Collections.synchronizedList(new ArrayList<>());
    private ServerSocket exit;
    private ProxyFront front;
    private Thread thread;
    private boolean isUnreachable;

    @BeforeEach
    void start() throws IOException {
        exit = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        front = new ProxyFront(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), this::open, 4,
                complaints::add);
        thread = new Thread(() -> {
            try {
                front.run();
            } catch (IOException | InterruptedException failed) {
                throw new IllegalStateException(failed);
            }
        });
        thread.start();
    }

    @AfterEach
    void stop() throws Exception {
        front.close();
        exit.close();
        thread.join();
    }

    private Socket open(String host, int port, byte[] first) throws ClientException {
        String text = new String(first, StandardCharsets.ISO_8859_1);
        asked.add(host + " " + port + " " + text.lines().findFirst().orElse(""));
        if (isUnreachable) {
            throw new ClientException(ClientException.Kind.UNREACHABLE, "no entry");
        }
        try {
            return new Socket(exit.getInetAddress(), exit.getLocalPort());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private Socket program() throws IOException {
        return new Socket(front.address().getAddress(), front.address().getPort());
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits.replace(" ", ""));
    }

    @Test
    void socksConnectionCarriesBytesBothWaysAndItsEnds() throws Exception {
        try (Socket program = program()) {
            program.getOutputStream().write(hex("05 01 00"));
            assertArrayEquals(hex("05 00"), program.getInputStream().readNBytes(2));
            program.getOutputStream().write(hex("05 01 00 03 0b 6578616d706c652e6f7267 01bb"));
            assertArrayEquals(hex("05 00 00 01 00000000 0000"), program.getInputStream().readNBytes(10));
            program.getOutputStream().write(ascii("hello"));
            program.shutdownOutput();
            try (Socket target = exit.accept()) {
                assertEquals("example.org 443 hello", asked.get(0));
                assertEquals(0, target.getInputStream().readAllBytes().length, "the first bytes went in the command");
                target.getOutputStream().write(ascii("bye"));
            }
            assertEquals("bye", new String(program.getInputStream().readAllBytes(), StandardCharsets.US_ASCII));
        }
    }

    @Test
    void plainRequestIsPassedOnInTheFormOfServers() throws Exception {
        try (Socket program = program()) {
            program.getOutputStream().write(ascii("GET http://example.org:8080/a?b HTTP/1.1\r\nHost: x\r\n"
                    + "Proxy-Connection: keep-alive\r\n\r\n"));
            try (Socket target = exit.accept()) {
                target.getOutputStream().write(ascii("HTTP/1.1 200 OK\r\n\r\n"));
            }
            assertTrue(new String(program.getInputStream().readAllBytes(), StandardCharsets.US_ASCII)
                    .startsWith("HTTP/1.1 200 OK"));
        }
        assertEquals(List.of("example.org 8080 GET /a?b HTTP/1.1"), asked);
    }

    @Test
    void refusalOfANodeIsToldAndNotPassedOn() throws Exception {
        try (Socket program = program()) {
            program.getOutputStream().write(ascii("GET http://example.org/ HTTP/1.1\r\n\r\n"));
            try (Socket target = exit.accept()) {
                target.getOutputStream().write(ascii(REFUSAL));
            }
            assertTrue(new String(program.getInputStream().readAllBytes(), StandardCharsets.US_ASCII)
                    .startsWith("HTTP/1.1 502 Bad Gateway"));
        }
        assertEquals(1, complaints.size());
        assertTrue(complaints.get(0).contains("404"), complaints::toString);
    }

    @Test
    void targetThatWasNotReachedEndsTheConnectionOrIsSaid() throws Exception {
        try (Socket program = program()) {
            program.getOutputStream().write(ascii("GET http://example.org/ HTTP/1.1\r\n\r\n"));
            exit.accept().close();
            assertTrue(new String(program.getInputStream().readAllBytes(), StandardCharsets.US_ASCII)
                    .startsWith("HTTP/1.1 502"));
        }
        isUnreachable = true;
        try (Socket program = program()) {
            program.getOutputStream().write(ascii("CONNECT example.org:443 HTTP/1.1\r\n\r\nx"));
            assertTrue(new String(program.getInputStream().readAllBytes(), StandardCharsets.US_ASCII)
                    .startsWith("HTTP/1.1 200"));
        }
        assertEquals(List.of("no entry"), complaints);
    }

    @ParameterizedTest
    @CsvSource({
        "05 01 02, 05ff", "05 01 00 05 02 00 01 7f000001 0050, 0500 05070001000000000000",
        "05 01 00 05 01 00 09 00, 0500 05080001000000000000",
        "05 01 00 05 01 00 01 01020304 0000, 0500 0501000100000000 0000",
        "05 01 00 05 01 00 03 00 0050, 0500 05010001000000000000",
        "05 01 00 05 01 00 03 02 0a41 0050, 0500 05010001000000000000"})
    void socksThatIsNotTakenHearsWhy(String sent, String answer) throws Exception {
        try (Socket program = program()) {
            program.getOutputStream().write(hex(sent));
            assertArrayEquals(hex(answer), program.getInputStream().readAllBytes());
        }
        assertEquals(List.of(), asked);
    }

    @ParameterizedTest
    @ValueSource(strings = {"CONNECT example.org HTTP/1.1", "CONNECT example.org:0 HTTP/1.1", "GET / HTTP/1.1",
        "CONNECT example.org:65536 HTTP/1.1", "GET https://example.org/ HTTP/1.1",
        "GET http://u:p@example.org/ HTTP/1.1", "hello",
        "GET http://example.org:0/ HTTP/1.1", "CONNECT a b:80 HTTP/1.1"})
    void httpThatIsNotTakenHearsSo(String line) {
        byte[] head = ascii(line + "\r\n\r\n");
        RefusedByFront refused = assertThrows(RefusedByFront.class, () -> HttpProxyHead.read(
                head[0], new ByteArrayInputStream(head, 1, head.length - 1)));
        assertTrue(new String(refused.answer(), StandardCharsets.US_ASCII).startsWith("HTTP/1.1 400"));
    }

    @ParameterizedTest
    @CsvSource({"CONNECT example.org:1, example.org, 1", "CONNECT example.org:65535, example.org, 65535",
        "CONNECT [2001:db8::1]:443, 2001:db8::1, 443", "GET http://[2001:db8::1]/, 2001:db8::1, 80"})
    void httpTargetsAreRead(String begin, String host, int port) throws Exception {
        byte[] head = ascii(begin + " HTTP/1.1\r\n\r\n");
        ProxyTarget target = HttpProxyHead.read(head[0], new ByteArrayInputStream(head, 1, head.length - 1));
        assertEquals(host, target.host());
        assertEquals(port, target.port());
    }

    @Test
    void headMayBeAsLongAsItsLimitAndNotLonger() throws Exception {
        String begin = "CONNECT example.org:80 HTTP/1.1\r\nX: ";
        int room = HttpProxyHead.HEAD_BYTES_MAX - begin.length() - 4;
        byte[] fits = ascii(begin + "x".repeat(room) + "\r\n\r\n");
        assertEquals(80, HttpProxyHead.read(fits[0], new ByteArrayInputStream(fits, 1, fits.length - 1)).port());
        byte[] tooLong = ascii(begin + "x".repeat(room + 1) + "\r\n\r\n");
        assertThrows(RefusedByFront.class,
                () -> HttpProxyHead.read(tooLong[0], new ByteArrayInputStream(tooLong, 1, tooLong.length - 1)));
    }

    @Test
    void everyCutOfAGreetingIsAnEndAndNothingElse() {
        byte[] whole = hex("01 00 05 01 00 03 03 612e62 0050");
        for (int length = 0; length < whole.length; length++) {
            ByteArrayInputStream cut = new ByteArrayInputStream(whole, 0, length);
            assertThrows(EOFException.class, () -> Socks5.read(cut, new ByteArrayOutputStream()), "cut to " + length);
        }
    }

    @Test
    void pageOfAnotherServerIsNotTakenForANodes() {
        byte[] other = ascii(REFUSAL.replace("Access-Control-Max-Age: 86400\r\n", ""));
        assertTrue(NodePage.status(other, other.length).isEmpty());
        byte[] node = ascii(REFUSAL);
        assertEquals("404", NodePage.status(node, node.length).orElseThrow());
        assertTrue(NodePage.status(node, -1).isEmpty());
    }
}
