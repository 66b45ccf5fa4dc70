package network.conet.edge.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import network.conet.edge.client.ClientException.Kind;
import network.conet.edge.crypto.WalletSignatures;
import network.conet.edge.protocol.WalletAddress;
import network.conet.edge.protocol.WalletName;
import network.conet.edge.testkit.SettableClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What names point to, while the chain answers and while it does not. */
class NameBookTest {
    private static final WalletSignatures KECCAK = new WalletSignatures();
    private static final WalletName ALICE = new WalletName("alice");

    @TempDir
    Path directory;

    private final SettableClock clock = new SettableClock(1_790_000_000_000L);
    private final AtomicInteger asked = new AtomicInteger();
    private volatile String wallet = "11".repeat(20);
    private HttpServer server;
    private NameBook book;

    @BeforeEach
    void startChain() throws Exception {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            String request = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            boolean isCall = request.contains("eth_call");
            asked.addAndGet(isCall ? 1 : 0);
            String result = isCall ? "0x" + "00".repeat(12) + wallet : "0x7";
            String id = request.replaceAll("(?s).*\"id\":(\\d+).*", "$1");
            byte[] answer = ("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":\"" + result + "\"}")
                    .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.start();
        open();
    }

    private void open() throws Exception {
        WalletAddress some = address("22".repeat(20));
        Network.OnChain network = new Network.OnChain("test",
                List.of("http://127.0.0.1:" + server.getAddress().getPort()), 7, some, some, Optional.of(some),
                Optional.of(some));
        book = new NameBook(directory.resolve("names.json"), Chain.of(network, clock), clock);
    }

    @AfterEach
    void stopChain() {
        server.stop(0);
    }

    private static WalletAddress address(String digits) {
        return WalletAddress.parse("0x" + digits, KECCAK).orElseThrow();
    }

    @Test
    void isAskedOnceInAnHourAlsoByAnotherProcess() throws Exception {
        assertEquals(address("11".repeat(20)), book.resolve(ALICE));
        wallet = "33".repeat(20);
        clock.advanceMillis(3_599_000);
        open();
        assertEquals(address("11".repeat(20)), book.resolve(ALICE));
        assertEquals(1, asked.get());
        clock.advanceMillis(1_000);
        assertEquals(address("33".repeat(20)), book.resolve(ALICE), "it was handed over meanwhile");
    }

    @Test
    void worksWithoutTheChainAsLongAsItIsFreshAndNotASecondLonger() throws Exception {
        book.resolve(ALICE);
        server.stop(0);
        clock.advanceMillis(3_599_000);
        assertEquals(address("11".repeat(20)), book.resolve(ALICE));
        clock.advanceMillis(1_000);
        assertEquals(Kind.UNREACHABLE, assertThrows(ClientException.class, () -> book.resolve(ALICE)).kind());
    }

    @Test
    void clockThatWasSetBackIsNotBelieved() throws Exception {
        book.resolve(ALICE);
        clock.jumpTo(1_789_999_999_000L);
        book.resolve(ALICE);
        assertEquals(2, asked.get());
    }

    @Test
    void nameThatPointsNowhereIsSaidAndNotRemembered() throws Exception {
        wallet = "00".repeat(20);
        assertEquals(Kind.REFUSED, assertThrows(ClientException.class, () -> book.resolve(ALICE)).kind());
        wallet = "11".repeat(20);
        assertEquals(address("11".repeat(20)), book.resolve(ALICE));
    }

    @Test
    void fileThatCannotBeReadIsMadeAnew() throws Exception {
        Files.writeString(directory.resolve("names.json"), "{[");
        assertEquals(address("11".repeat(20)), book.resolve(ALICE));
        open();
        book.resolve(ALICE);
        assertEquals(1, asked.get());
        book.forget(ALICE);
        book.resolve(ALICE);
        assertEquals(2, asked.get());
    }
}
