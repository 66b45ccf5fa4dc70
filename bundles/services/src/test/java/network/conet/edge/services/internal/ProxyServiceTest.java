package network.conet.edge.services.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import network.conet.edge.protocol.JsonValue;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.RefusedException;
import network.conet.edge.protocol.service.Capability;
import network.conet.edge.protocol.service.ServiceBundle;
import network.conet.edge.services.proxy.ProxyBench;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The proxy service that ships, deciding about real commands over real sockets. */
@Timeout(60)
class ProxyServiceTest {
    private static final Path SHIPPED = Path.of("../../distrib/services/proxy");

    private ServicesBench services;
    private ProxyBench node;

    @BeforeEach
    void start() throws IOException {
        services = new ServicesBench();
        node = new ProxyBench();
        node.policy = (command, caller, input, answer) -> services.calls.decide(command, caller, input, answer);
    }

    @AfterEach
    void stop() throws IOException {
        node.assertNothingLeft();
        node.close();
        services.close();
    }

    /** @param price of a call, in nanotokens */
    private void install(int price) throws IOException, RefusedException {
        String manifest = Files.readString(SHIPPED.resolve("service.json"));
        String priced = manifest.replace("{\"call\": 0,", "{\"call\": " + price + ",");
        services.installer.install(ServicesBench.signed(
                ServiceBundle.of(priced.getBytes(StandardCharsets.UTF_8),
                        Files.readAllBytes(SHIPPED.resolve("service.wasm"))), ServicesBench.PUBLISHER));
    }

    @Test
    void withoutAServiceTheCommandIsUnknown() throws Exception {
        assertTrue(node.answer(node.command("SaaS_Sock5", "x")).startsWith("HTTP/1.1 404 "));
    }

    @Test
    void joinsWithAPortThatItAllows() throws Exception {
        install(0);
        try (Socket client = node.post(node.command("SaaS_Sock5", "hello")); Socket outside = node.accept()) {
            assertEquals("hello", ProxyBench.read(outside, 5));
            ProxyBench.write(outside, "you");
            assertEquals("you", ProxyBench.read(client, 3));
        }
    }

    @Test
    void refusesAPortThatItDoesNotAllow() throws Exception {
        install(0);
        assertEquals("", node.answer(node.command("SaaS_Sock5", node.caller, "127.0.0.1", JsonValue.of(25), "x")));
        assertEquals("", node.answer(node.command("SaaS_Sock5", node.caller,
                "a\",\"port\":443,\"b\":\"", JsonValue.of(25), "x")), "the port cannot hide in the host");
    }

    @Test
    void takesItsPriceAndAsksForPaymentWhenThereIsNoCredit() throws Exception {
        install(5);
        assertTrue(node.answer(node.command("SaaS_Sock5", "x")).startsWith("HTTP/1.1 402 Payment Required\r\n"));
        services.credits.grant(node.caller.address(), 12);
        for (long left : new long[] {7, 2}) {
            try (Socket client = node.post(node.command("SaaS_Sock5", "x")); Socket outside = node.accept()) {
                assertEquals("x", ProxyBench.read(outside, 1));
                assertEquals(left, services.credits.balance(node.caller.address()));
                client.shutdownOutput();
            }
        }
        assertTrue(node.answer(node.command("SaaS_Sock5", "x")).startsWith("HTTP/1.1 402 Payment Required\r\n"));
    }

    @Test
    void withoutTheGrantItServesNobody() throws Exception {
        services.close();
        EnumSet<Capability> others = EnumSet.complementOf(EnumSet.of(Capability.TUNNEL));
        services = new ServicesBench(false, others);
        RefusedException refused = assertThrows(RefusedException.class, () -> install(0));
        assertEquals(RefuseReason.CAPABILITY_UNGRANTED, refused.reason());
        assertTrue(node.answer(node.command("SaaS_Sock5", "x")).startsWith("HTTP/1.1 404 "));
    }
}
