package network.conet.edge.services.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import network.conet.edge.crypto.Wallet;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.RefusedException;
import network.conet.edge.protocol.service.Capability;
import network.conet.edge.protocol.service.ServiceBundle;
import network.conet.edge.protocol.service.ServiceName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class VersionsTest {
    private static final String STATE = ",\"capabilities\":{\"clock\":{},\"random\":{},\"caller\":{},\"kv\":{},"
            + "\"stream\":{},\"mail\":{},\"http\":{\"hosts\":[\"example.org\"]},\"tunnel\":{}},\"stateVersion\":";
    private final ServicesBench bench = new ServicesBench();

    @AfterEach
    void close() {
        bench.close();
    }

    private Installed named(String version, String eight) throws RefusedException {
        return bench.install("named", version, "", ServicesBench.named(eight));
    }

    private static RefuseReason refusal(Executable action) {
        return assertThrows(RefusedException.class, action).reason();
    }

    @Test
    void highestVersionAnswersAndTheOthersWhoAskForThem() throws Exception {
        named("1.0.0", "number-1");
        named("1.10.0", "number10");
        named("1.9.0", "number-9");
        assertEquals("number10", bench.call("named", "").text());
        assertEquals("number-9", bench.call(ServicesBench.wallet().address(), "named", "1.9.0", "").text());
        assertEquals("number-1", bench.call(ServicesBench.wallet().address(), "named", "1.0.0", "").text());
    }

    @Test
    void bundleOfNobodyOfStrangersOrChangedIsRefused() throws Exception {
        ServiceBundle bundle = ServicesBench.bundle("named", "1.0.0", "", ServicesBench.named("number-1"));
        assertEquals(RefuseReason.BUNDLE_UNSIGNED, refusal(() -> bench.installer.install(bundle)));
        Wallet stranger = ServicesBench.wallet();
        assertEquals(RefuseReason.PUBLISHER_UNKNOWN,
                refusal(() -> bench.installer.install(ServicesBench.signed(bundle, stranger))));
        ServiceBundle other = ServicesBench.bundle("named", "1.0.0", "", ServicesBench.named("number-2"));
        ServiceBundle.Signed signature = ServicesBench.signed(bundle, ServicesBench.PUBLISHER)
                .signed(ServicesBench.SIGNATURES).orElseThrow();
        assertEquals(RefuseReason.BUNDLE_CHANGED, refusal(() -> bench.installer.install(other.with(signature))));
        assertTrue(bench.book.all().isEmpty());
        bench.installer.install(bundle.with(signature));
        assertEquals("number-1", bench.call("named", "").text());
    }

    @Test
    void unsignedBundleIsTakenInDevelopmentAndHealthSaysSo() throws Exception {
        try (ServicesBench development = new ServicesBench(true, EnumSet.allOf(Capability.class))) {
            development.installer.install(
                    ServicesBench.bundle("named", "1.0.0", "", ServicesBench.named("number-1")));
            assertEquals("number-1", development.call("named", "").text());
            assertEquals("services.development", development.health.check().get(0).code());
        }
    }

    @Test
    void otherContentsUnderTheSameVersionAreRefusedAlsoWhenTheFirstHasGone() throws Exception {
        bench.book.retire(named("1.0.0", "number-1"));
        assertEquals(RefuseReason.SERVICE_VERSION_CHANGED, refusal(() -> named("1.0.0", "number-2")));
        named("1.0.0", "number-1");
        assertEquals("number-1", bench.call("named", "").text());
    }

    @Test
    void capabilityThatTheOwnerDoesNotGrantIsRefused() throws Exception {
        try (ServicesBench strict = new ServicesBench(false, Set.of(Capability.KV))) {
            RefusedException refused = assertThrows(RefusedException.class, () -> strict.install(
                    "able", "1.0.0", STATE + "1", ServicesBench.module("able")));
            assertEquals(RefuseReason.CAPABILITY_UNGRANTED, refused.reason());
        }
    }

    @Test
    void importThatTheManifestDoesNotAskForIsRefused() {
        assertEquals(RefuseReason.CAPABILITY_UNGRANTED,
                refusal(() -> bench.install("able", "1.0.0", "", ServicesBench.module("able"))));
    }

    @Test
    void asManyServicesAsMayBeAndNotOneMore() throws Exception {
        for (String name : List.of("a", "b", "c", "d")) {
            bench.install(name, "1.0.0", "", ServicesBench.named("number-1"));
        }
        assertEquals(RefuseReason.SERVICES_FULL,
                refusal(() -> bench.install("e", "1.0.0", "", ServicesBench.named("number-1"))));
        bench.install("d", "1.0.1", "", ServicesBench.named("number-2"));
    }

    @Test
    void versionThatFailsItsSelfTestNeverServes() throws Exception {
        named("1.0.0", "number-1");
        assertEquals(RefuseReason.SELF_TEST_FAILED, refusal(() -> named("2.0.0", "Selftest")));
        assertEquals("number-1", bench.call("named", "").text());
    }

    @Test
    void versionThatFailsWhereTheOneBeforeAnswersIsTakenBackAndNoCallFails() throws Exception {
        named("1.0.0", "number-1");
        named("2.0.0", "Trapping");
        for (int i = 0; i < 10; i++) {
            SealedExchange.Answer answer = bench.call("named", "");
            assertTrue(answer.isOk());
            assertEquals("number-1", answer.text());
        }
        assertEquals(List.of("taken back 2.0.0"), bench.told);
        assertEquals("services.taken_back", bench.health.check().get(0).code());
    }

    @Test
    void versionThatWasTakenBackStaysSoAfterARestart() throws Exception {
        Installed first = named("1.0.0", "number-1");
        Installed second = named("2.0.0", "Trapping");
        bench.call("named", "");
        bench.book.retire(second);
        bench.book.retire(first);
        named("1.0.0", "number-1");
        named("2.0.0", "Trapping");
        assertEquals("1.0.0", bench.call("named", "").outcome().string("version").orElseThrow());
    }

    @Test
    void versionThatWasTakenBackStaysSoWhenItComesFirstAfterARestart() throws Exception {
        Installed first = named("1.0.0", "number-1");
        Installed second = named("2.0.0", "Trapping");
        bench.call("named", "");
        bench.book.retire(first);
        bench.book.retire(second);
        named("2.0.0", "Trapping");
        assertEquals("guest_trapped", bench.call("named", "").reason(), "there is no other");
        named("1.0.0", "number-1");
        assertEquals("number-1", bench.call("named", "").text());
        named("2.0.1", "number-2");
        assertEquals("number-2", bench.call("named", "").text());
    }

    @Test
    void stateOfAVersionThatWasTakenBackIsNeverCarriedOver() throws Exception {
        Installed first = bench.install("able", "1.0.0", STATE + "1", ServicesBench.module("able"));
        bench.call("able", "p41");
        Installed second = bench.install("able", "2.0.0", STATE + "2", ServicesBench.module("able"));
        bench.call("able", "p1000");
        bench.book.regressed(second);
        bench.book.retire(first);
        bench.book.retire(second);
        bench.install("able", "2.0.0", STATE + "2", ServicesBench.module("able"));
        bench.install("able", "1.0.0", STATE + "1", ServicesBench.module("able"));
        assertEquals("41", bench.call("able", "g").text());
        bench.install("able", "3.0.0", STATE + "3", ServicesBench.module("able"));
        assertEquals("41!", bench.call("able", "g").text());
    }

    @Test
    void callerWhoFailsBothVersionsDoesNotTakeTheNewOneBack() throws Exception {
        bench.install("moody", "1.0.0", "", ServicesBench.module("moody"));
        bench.install("moody", "2.0.0", ",\"about\":\"next\"", ServicesBench.module("moody"));
        for (int i = 0; i < 10; i++) {
            assertEquals("guest_trapped", bench.call("moody", "t").reason());
        }
        assertEquals("2.0.0", bench.call("moody", "e").outcome().string("version").orElseThrow());
        assertEquals(List.of(), bench.told);
    }

    @Test
    void newVersionHasProvenItselfAfterItsCalls() throws Exception {
        named("1.0.0", "number-1");
        Installed second = named("2.0.0", "number-2");
        for (int i = 0; i < ServicesLimits.PROBATION_CALLS; i++) {
            bench.book.tick();
            assertEquals(Installed.Phase.PROBATION, second.phase());
            bench.call("named", "");
        }
        bench.book.tick();
        assertEquals(List.of("proven 2.0.0"), bench.told);
        assertEquals(Installed.Phase.SERVING, second.phase());
    }

    @Test
    void newVersionHasProvenItselfWhenNothingWentWrongForLong() throws Exception {
        named("1.0.0", "number-1");
        named("2.0.0", "number-2");
        bench.clock.advanceMillis(ServicesLimits.PROBATION.toMillis() - 1);
        bench.book.tick();
        assertEquals(List.of(), bench.told);
        bench.clock.advanceMillis(1);
        bench.book.tick();
        assertEquals(List.of("proven 2.0.0"), bench.told);
    }

    @Test
    void stateIsCarriedOverAndTheOldOneGoesWhenTheNewVersionHasProvenItself() throws Exception {
        bench.install("able", "1.0.0", STATE + "1", ServicesBench.module("able"));
        bench.call("able", "p41");
        bench.install("able", "2.0.0", STATE + "2", ServicesBench.module("able"));
        assertEquals("41!", bench.call("able", "g").text());
        assertEquals("41", bench.call(ServicesBench.wallet().address(), "able", "1.0.0", "g").text());
        assertEquals(List.of("count"), bench.values.keys("svc.able.1"));
        bench.clock.advanceMillis(ServicesLimits.PROBATION.toMillis());
        bench.book.tick();
        assertEquals(List.of(), bench.values.keys("svc.able.1"));
        assertEquals("41!", bench.call("able", "g").text());
    }

    @Test
    void versionThatCannotCarryTheStateOverNeverServesAndTheStateStays() throws Exception {
        bench.install("able", "1.0.0", STATE + "1", ServicesBench.module("able"));
        assertEquals(RefuseReason.MIGRATION_FAILED,
                refusal(() -> bench.install("able", "2.0.0", STATE + "2", ServicesBench.module("able"))),
                "there is no value to carry over, which this guest cannot do without");
        bench.call("able", "p7");
        assertEquals("7", bench.call("able", "g").text());
        assertEquals(List.of(), bench.values.keys("svc.able.2"));
    }

    @Test
    void versionWhoseBundleHasGoneLingersUntilItsTimeIsOver() throws Exception {
        Installed version = named("1.0.0", "number-1");
        bench.book.attach(7, version);
        bench.book.bundleGone(7);
        bench.clock.advanceMillis(ServicesLimits.LINGER.toMillis() - 1);
        bench.book.tick();
        assertEquals("number-1", bench.call("named", "").text());
        bench.clock.advanceMillis(1);
        bench.book.tick();
        assertEquals("service_unknown", bench.call("named", "").reason());
        assertEquals(Optional.empty(), bench.book.find(new ServiceName("named"), Optional.empty()));
    }

    @Test
    void versionBeforeServesOnWhenItsBundleWasReplacedByOneThatWasTakenBack() throws Exception {
        bench.book.attach(7, named("1.0.0", "number-1"));
        bench.book.bundleGone(7);
        bench.book.attach(7, named("2.0.0", "Trapping"));
        assertEquals("number-1", bench.call("named", "").text());
        bench.clock.advanceMillis(ServicesLimits.LINGER.toMillis());
        bench.book.tick();
        assertEquals("number-1", bench.call("named", "").text());
        bench.book.bundleGone(7);
        bench.clock.advanceMillis(ServicesLimits.LINGER.toMillis());
        bench.book.tick();
        bench.book.tick();
        assertEquals("service_unknown", bench.call("named", "").reason());
    }

    @Test
    void noCallFailsWhileVersionsAreSwapped() throws Exception {
        named("1.0.0", "number-0");
        AtomicBoolean isOver = new AtomicBoolean();
        ExecutorService callers = Executors.newFixedThreadPool(3);
        try {
            List<Future<Integer>> counts = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                counts.add(callers.submit((Callable<Integer>) () -> {
                    int calls = 0;
                    while (!isOver.get()) {
                        SealedExchange.Answer answer = bench.call("named", "");
                        assertTrue(answer.isOk(), answer.reason());
                        assertTrue(answer.text().startsWith("number-"));
                        calls++;
                    }
                    return calls;
                }));
            }
            for (int swap = 1; swap <= 9; swap++) {
                Installed before = bench.book.find(new ServiceName("named"), Optional.empty()).orElseThrow();
                named("1.0." + swap, "number-" + swap);
                bench.book.retire(before);
            }
            isOver.set(true);
            for (Future<Integer> count : counts) {
                assertTrue(count.get() > 0);
            }
            assertEquals("number-9", bench.call("named", "").text());
        } finally {
            isOver.set(true);
            callers.shutdownNow();
        }
    }
}
