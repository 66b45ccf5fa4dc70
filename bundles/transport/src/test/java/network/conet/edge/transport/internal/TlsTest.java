package network.conet.edge.transport.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import network.conet.edge.api.ByteAllowance;
import network.conet.edge.api.Dialer;
import network.conet.edge.api.FlowLimits;
import network.conet.edge.api.Pipe;
import network.conet.edge.api.PlainCounters;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.testkit.SettableClock;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The TLS listener, with a certificate made for the test. */
@ExtendWith(NoLeaks.class)
class TlsTest {
    private static final char[] PASSWORD = "not a secret".toCharArray();

    @TempDir
    static Path folder;

    private static TrustManager[] trust;

    @BeforeAll
    static void makeCertificate() throws Exception {
        Path store = folder.resolve("store.p12");
        Path tool = Path.of(System.getProperty("java.home"), "bin", "keytool");
        int exit = new ProcessBuilder(List.of(tool.toString(), "-genkeypair", "-alias", "node", "-keyalg", "EC",
                "-groupname", "secp256r1", "-dname", "CN=node", "-ext", "san=ip:127.0.0.1", "-validity", "36500",
                "-storetype", "PKCS12", "-storepass", new String(PASSWORD), "-keystore", store.toString()))
                .redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor();
        assertEquals(0, exit);
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD);
        }
        pem("chain.pem", "CERTIFICATE", keys.getCertificate("node").getEncoded());
        pem("key.pem", "PRIVATE KEY", keys.getKey("node", PASSWORD).getEncoded());
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("node", keys.getCertificate("node"));
        factory.init(trusted);
        trust = factory.getTrustManagers();
    }

    private static void pem(String file, String kind, byte[] bytes) throws IOException {
        Files.writeString(folder.resolve(file), "-----BEGIN " + kind + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes) + "\n-----END " + kind
                + "-----\n");
    }

    private static FrontSettings settings(String certificate) {
        return FrontSettings.defaults().tls(
                new FrontSettings.Tls(0, folder.resolve(certificate), folder.resolve("key.pem")));
    }

    private static RawClient client(TestFront front) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust, null);
        return new RawClient(context.getSocketFactory().createSocket(), front.front.tlsPort());
    }

    @Test
    void answersAndEnds() throws Exception {
        try (TestFront front = new TestFront(settings("chain.pem"),
                call -> call.exchange().ok(Recorded.bytes("{}")))) {
            for (String id : List.of("11-send-live", "38-sock5-http-paid")) {
                try (RawClient client = client(front)) {
                    client.send(Recorded.request(id)).send("\r\n\r\n");
                    assertTrue(client.readToEnd().endsWith("\r\n\r\n{}"));
                }
            }
            try (RawClient client = client(front)) {
                client.send(Recorded.request("01-get-nodewallet"));
                assertTrue(client.readToEnd().endsWith(EmbeddedFront.WALLET));
            }
            Await.until("connections are gone", () -> front.front.connections() == 0);
        }
    }

    @Test
    void forwardsWhatCameOverTls() throws Exception {
        try (TestFront mailbox = TestFront.answeringOk();
                TestFront entry = new TestFront(settings("chain.pem"),
                        call -> Forwards.to(call, mailbox.node(), null));
                RawClient client = client(entry)) {
            client.send(Recorded.request("11-send-live"));
            assertTrue(client.readToEnd().endsWith("\r\n\r\n{}"));
        }
    }

    @Test
    void givesAConnectionAwayThatCameOverTls() throws Exception {
        DialSettings loopback = new DialSettings(List.of(AddressRange.of("127.0.0.1")), 4);
        FlowLimits limits = new FlowLimits(ByteAllowance.of(1 << 24), Duration.ofSeconds(60));
        try (TestTarget target = new TestTarget();
                TestFront front = new TestFront(settings("chain.pem"), call -> { })) {
            Dialer dialer = front.front.dialer(loopback);
            front.handler.answer = call -> dialer.dial("127.0.0.1", target.port()).thenAccept(there -> {
                Pipe here = call.exchange().pipe();
                here.flowTo(there, limits);
                there.flowTo(here, limits);
            });
            try (RawClient client = client(front)) {
                client.send(Recorded.request("11-send-live")).send("\r\n\r\nhello");
                try (Socket outside = target.accept()) {
                    assertEquals("hello", TestTarget.read(outside, 5));
                    String large = "z".repeat(1 << 20);
                    TestTarget.write(outside, large);
                    assertEquals(large.length(), client.read(large.length()).length);
                    client.send("more");
                    assertEquals("more", TestTarget.read(outside, 4));
                    outside.shutdownOutput();
                    assertEquals("", client.readToEnd());
                }
            }
            Await.until("connections are gone", () -> front.front.connections() == 0);
        }
    }

    @Test
    void plainBytesOnTheTlsPortAreNoFaultOfOurs() throws Exception {
        try (TestFront front = new TestFront(settings("chain.pem"), call -> { });
                RawClient client = new RawClient(front.front.tlsPort())) {
            client.send(Recorded.request("11-send-live"));
            assertTrue(!client.readToEnd().startsWith("HTTP"));
            assertEquals(0, front.refusals(RefuseReason.INTERNAL));
        }
    }

    @Test
    void namesTheCertificateThatCannotBeRead() throws Exception {
        Files.writeString(folder.resolve("bad.pem"), "nothing");
        for (String file : List.of("absent.pem", "bad.pem")) {
            HttpFront front = new HttpFront(settings(file).listen(0, "127.0.0.1"), (body, hops, exchange) -> { },
                    () -> "", new PlainCounters(), new SettableClock(0));
            IOException refused = assertThrows(IOException.class, front::start);
            assertTrue(refused.getMessage().contains(file), refused.getMessage());
        }
    }

    @Test
    void aChangedCertificateIsTakenUp() throws Exception {
        Path file = folder.resolve("renewed.pem");
        Files.copy(folder.resolve("chain.pem"), file);
        SettableClock clock = new SettableClock(0);
        Certificates certificates = new Certificates(settings("renewed.pem").tls(), clock);
        Object first = certificates.context();
        Files.setLastModifiedTime(file, FileTime.fromMillis(1));
        clock.advanceMillis(TransportLimits.CERTIFICATE_CHECK_MILLIS - 1L);
        assertEquals(first, certificates.context());
        clock.advanceMillis(1);
        Object second = certificates.context();
        assertTrue(first != second);
        Files.writeString(file, "half written");
        clock.advanceMillis(TransportLimits.CERTIFICATE_CHECK_MILLIS);
        assertEquals(second, certificates.context());
    }
}
