package network.conet.edge.services.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Base64;
import java.util.Map;
import network.conet.edge.protocol.JsonValue;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.WalletAddress;
import network.conet.edge.protocol.service.ServiceBundle;
import network.conet.edge.protocol.service.ServiceCommands;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ManagementTest {
    private final ServicesBench bench = new ServicesBench();
    private final WalletAddress owner = ServicesBench.OWNER.address();
    private final WalletAddress stranger = ServicesBench.wallet().address();

    @AfterEach
    void close() {
        bench.close();
    }

    private static Map<String, JsonValue> bundle(String version) throws Exception {
        ServiceBundle bundle = ServicesBench.signed(
                ServicesBench.bundle("named", version, "", ServicesBench.named("number-1")), ServicesBench.PUBLISHER);
        return Map.of("bundle", JsonValue.of(Base64.getEncoder().encodeToString(bundle.toJar())));
    }

    @Test
    void ownerInstallsListsAndRemoves() throws Exception {
        SealedExchange.Answer installed = bench.manage(owner, ServiceCommands.INSTALL, bundle("1.0.0"));
        assertTrue(installed.isOk());
        assertEquals("1.0.0", installed.outcome().string("version").orElseThrow());
        assertTrue(bench.call("named", "").isOk());
        String list = bench.manage(owner, ServiceCommands.LIST, Map.of()).outcome().toString();
        assertTrue(list.contains("\"service\":\"named\"") && list.contains("digest"), list);
        assertTrue(bench.manage(owner, ServiceCommands.REMOVE, Map.of("service", JsonValue.of("named"))).isOk());
        assertEquals("service_unknown", bench.call("named", "").reason());
    }

    @Test
    void strangerSeesWhatHeCanCallAndNoMore() throws Exception {
        bench.manage(owner, ServiceCommands.INSTALL, bundle("1.0.0"));
        String list = bench.manage(stranger, ServiceCommands.LIST, Map.of()).outcome().toString();
        assertTrue(list.contains("\"price\""), list);
        assertFalse(list.contains("digest"), list);
    }

    @ParameterizedTest
    @ValueSource(strings = {ServiceCommands.INSTALL, ServiceCommands.UPDATE, ServiceCommands.REMOVE,
        ServiceCommands.RELEASE})
    void strangerManagesNothingAndLearnsNoDetail(String command) throws Exception {
        SealedExchange.Answer answer = bench.manage(stranger, command, bundle("1.0.0"));
        assertEquals("owner_only", answer.reason());
        assertTrue(answer.outcome().member("detail").isEmpty());
        assertTrue(bench.book.all().isEmpty());
    }

    @Test
    void ownerIsToldWhatIsWrongWithABundle() throws Exception {
        SealedExchange.Answer answer = bench.manage(owner, ServiceCommands.INSTALL,
                Map.of("bundle", JsonValue.of(Base64.getEncoder().encodeToString(new byte[] {1, 2, 3}))));
        assertEquals("manifest_malformed", answer.reason());
        assertEquals("manifest_malformed: no file META-INF/MANIFEST.MF", answer.outcome().string("detail").orElse(""));
        assertEquals("command_malformed",
                bench.manage(owner, ServiceCommands.INSTALL, Map.of("bundle", JsonValue.of("*"))).reason());
    }

    @Test
    void faultOfTheHostEndsTheReplyToo() throws Exception {
        bench.fault = new IllegalStateException("as a test wants it");
        assertEquals("internal", bench.manage(owner, ServiceCommands.INSTALL, bundle("1.0.0")).reason());
        assertEquals(1, bench.counters.refusals(RefuseReason.INTERNAL));
        bench.fault = null;
        assertTrue(bench.manage(owner, ServiceCommands.INSTALL, bundle("1.0.0")).isOk());
    }

    @Test
    void removingWhatIsNotThereIsSaid() throws Exception {
        assertEquals("service_unknown",
                bench.manage(owner, ServiceCommands.REMOVE, Map.of("service", JsonValue.of("named"))).reason());
        assertEquals("command_malformed", bench.manage(owner, ServiceCommands.REMOVE, Map.of()).reason());
    }
}
