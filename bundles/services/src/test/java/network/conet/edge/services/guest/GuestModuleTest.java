package network.conet.edge.services.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import network.conet.edge.api.Clock;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.RefusedException;
import network.conet.edge.protocol.service.Capability;
import network.conet.edge.services.engine.TestEngines;
import network.conet.edge.services.engine.WasmEngine;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class GuestModuleTest {
    private static final long FUEL = 20_000_000;
    private static final GuestLimits LIMITS = new GuestLimits(FUEL, Duration.ofSeconds(30), 16, 100_000, 4);
    private static final Set<Capability> ALL = EnumSet.allOf(Capability.class);

    private static Watchdog watchdog;
    private static byte[] moody;
    private static byte[] able;
    private final RecordingHost host = new RecordingHost();

    @BeforeAll
    static void prepare() throws IOException {
        watchdog = new Watchdog(new RealClock());
        moody = resource("moody");
        able = resource("able");
    }

    @AfterAll
    static void close() {
        watchdog.close();
    }

    /** Deadlines are wall time by nature; the tests wait for none that is not sure to come. */
    private static final class RealClock implements Clock {
        @Override
        public long epochMillis() {
            return 0;
        }

        @Override
        public long monotonicNanos() {
            return System.nanoTime();
        }
    }

    private static byte[] resource(String name) throws IOException {
        String path = "/network/conet/edge/services/" + name + ".wasm";
        try (InputStream in = GuestModuleTest.class.getResourceAsStream(path)) {
            return in.readAllBytes();
        }
    }

    static Stream<WasmEngine> engines() {
        return Stream.of(TestEngines.compiling(), TestEngines.interpreting());
    }

    private static GuestModule moody(GuestLimits limits, WasmEngine engine) throws RefusedException {
        return GuestModule.load(moody, Set.of(), limits, engine, watchdog);
    }

    private static GuestModule able() throws RefusedException {
        return GuestModule.load(able, ALL, LIMITS, TestEngines.compiling(), watchdog);
    }

    private GuestResult call(GuestModule module, String input) {
        return module.call(GuestEntry.CALL, input.getBytes(StandardCharsets.UTF_8), host);
    }

    /** On a thread with the stack that callers of guests must have. */
    private GuestResult callDeep(GuestModule module, String input) throws InterruptedException {
        GuestResult[] result = new GuestResult[1];
        Thread thread = new Thread(null, () -> result[0] = call(module, input), "deep", GuestModule.STACK_BYTES);
        thread.start();
        thread.join();
        return result[0];
    }

    private static GuestLimits limits(long fuel, Duration deadline, int pages, int outputBytes) {
        return new GuestLimits(fuel, deadline, pages, outputBytes, 1);
    }

    @ParameterizedTest
    @MethodSource("engines")
    void repliesWithWhatTheGuestWrites(WasmEngine engine) throws RefusedException {
        GuestResult result = call(moody(LIMITS, engine), "ehello");
        assertTrue(result.isOk());
        assertEquals("hello", host.text());
        assertTrue(result.fuel() > 0);
    }

    @ParameterizedTest
    @CsvSource({
        "l, FUEL_SPENT", "f, FUEL_SPENT", "r, STACK_EXHAUSTED", "p, STACK_EXHAUSTED", "t, GUEST_TRAPPED",
        "d, GUEST_TRAPPED", "c, GUEST_TRAPPED", "b, GUEST_TRAPPED", "o, OUTPUT_TOO_LARGE", "y, GUEST_FAILED",
        "z, GUEST_FAILED",
        "v, GUEST_TRAPPED", "i, GUEST_TRAPPED", "h, GUEST_FAILED"})
    void hostileGuestIsStoppedAlikeByBothEngines(String mood, RefuseReason reason)
            throws RefusedException, InterruptedException {
        List<Long> fuel = new ArrayList<>();
        for (WasmEngine engine : engines().toList()) {
            GuestModule module = moody(LIMITS, engine);
            GuestResult result = callDeep(module, mood);
            assertEquals(Optional.of(reason), result.fault());
            assertEquals("", host.text(), "nothing of a failed call is sent");
            fuel.add(result.fuel());
            assertTrue(call(module, "eafter").isOk(), "the module serves on");
            host.replied.reset();
        }
        assertEquals(fuel.get(0), fuel.get(1));
        assertTrue(fuel.get(0) > 0 && fuel.get(0) <= FUEL, fuel::toString);
        assertEquals(reason == RefuseReason.FUEL_SPENT, fuel.get(0) == FUEL);
    }

    @Test
    void sameCallTakesTheSameFuelEachTime() throws RefusedException {
        GuestModule module = moody(LIMITS, TestEngines.compiling());
        GuestResult first = call(module, "ehello");
        assertEquals(first, call(module, "ehello"));
        assertEquals(first, call(module, "ehello"));
    }

    @Test
    void exactlyEnoughFuelIsEnoughAndOneUnitLessIsNot() throws RefusedException {
        long needed = call(moody(LIMITS, TestEngines.compiling()), "n").fuel();
        assertTrue(call(moody(limits(needed, Duration.ofSeconds(30), 1, 0), TestEngines.compiling()), "n").isOk());
        GuestResult short_ =
                call(moody(limits(needed - 1, Duration.ofSeconds(30), 1, 0), TestEngines.compiling()), "n");
        assertEquals(new GuestResult(Optional.of(RefuseReason.FUEL_SPENT), needed - 1), short_);
    }

    @ParameterizedTest
    @MethodSource("engines")
    void deadlineStopsALoopThatHasFuelLeft(WasmEngine engine) throws RefusedException {
        GuestModule module = moody(limits(GuestLimits.FUEL_MAX, Duration.ofMillis(50), 1, 0), engine);
        assertEquals(Optional.of(RefuseReason.DEADLINE_PASSED), call(module, "l").fault());
        assertFalse(Thread.currentThread().isInterrupted(), "the interrupt does not leak");
        assertTrue(call(module, "x").isOk());
    }

    @Test
    void interruptFromElsewhereEndsTheCallToo() throws RefusedException {
        Thread.currentThread().interrupt();
        GuestResult result = call(moody(LIMITS, TestEngines.compiling()), "l");
        assertEquals(Optional.of(RefuseReason.DEADLINE_PASSED), result.fault());
        assertTrue(Thread.interrupted(), "who interrupted is still heard");
    }

    @Test
    void memoryGrowsToItsLimitAndNotBeyond() throws RefusedException {
        GuestResult result = call(moody(limits(FUEL, Duration.ofSeconds(30), 5, 10), TestEngines.compiling()), "g");
        assertTrue(result.isOk());
        assertEquals(5, host.replied.toByteArray()[0]);
    }

    @Test
    void refusesMemoryThatBeginsOnePageOverItsLimit() throws RefusedException {
        GuestLimits three = limits(FUEL, Duration.ofSeconds(30), 3, 10);
        GuestModule.load(able, ALL, three, TestEngines.compiling(), watchdog);
        GuestLimits two = limits(FUEL, Duration.ofSeconds(30), 2, 10);
        RefusedException refused = assertThrows(RefusedException.class,
                () -> GuestModule.load(able, ALL, two, TestEngines.compiling(), watchdog));
        assertEquals(RefuseReason.MODULE_LIMIT_EXCEEDED, refused.reason());
    }

    @Test
    void outputMayBeExactlyAsLongAsItsLimit() throws RefusedException {
        GuestModule module = moody(limits(FUEL, Duration.ofSeconds(30), 1, 5), TestEngines.compiling());
        assertTrue(call(module, "ehello").isOk());
        assertEquals(Optional.of(RefuseReason.OUTPUT_TOO_LARGE), call(module, "ehello!").fault());
        assertEquals("hello", host.text());
    }

    @Test
    void guestThatExitsWithZeroHasSucceeded() throws RefusedException {
        assertTrue(call(moody(LIMITS, TestEngines.compiling()), "x").isOk());
    }

    @Test
    void eachCallHasAnInstanceOfItsOwn() throws RefusedException {
        GuestModule module = moody(LIMITS, TestEngines.compiling());
        call(module, "k");
        call(module, "k");
        call(module, "t");
        call(module, "k");
        assertEquals("[1, 1, 1]", Arrays.toString(host.replied.toByteArray()));
    }

    @Test
    void callsBeyondThoseInFlightAreRefusedAtOnce() throws Exception {
        GuestModule module = moody(limits(FUEL, Duration.ofSeconds(30), 1, 100), TestEngines.compiling());
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch mayLeave = new CountDownLatch(1);
        Thread other = new Thread(() -> module.call(GuestEntry.CALL, "eslow".getBytes(StandardCharsets.UTF_8),
                new SlowHost(inside, mayLeave).host()));
        other.start();
        inside.await();
        assertEquals(Optional.of(RefuseReason.SERVICE_BUSY), call(module, "enow").fault());
        mayLeave.countDown();
        other.join();
        assertTrue(call(module, "enow").isOk());
    }

    /** A caller that takes its reply when it is told to. */
    private record SlowHost(CountDownLatch inside, CountDownLatch mayLeave) {
        GuestHost host() {
            RecordingHost inner = new RecordingHost();
            return (GuestHost) Proxy.newProxyInstance(GuestHost.class.getClassLoader(),
                    new Class<?>[] {GuestHost.class}, (proxy, method, arguments) -> {
                        if (method.getName().equals("reply")) {
                            inside.countDown();
                            mayLeave.await();
                        }
                        return method.invoke(inner, arguments);
                    });
        }
    }

    @Test
    void logIsBoundedInLinesAndLength() throws RefusedException {
        GuestModule module =
                GuestModule.load(moody, Set.of(Capability.LOG), LIMITS, TestEngines.compiling(), watchdog);
        assertTrue(call(module, "s" + "x".repeat(400) + "\u0007\n").isOk());
        assertEquals(64, host.lines.size());
        assertEquals(256, host.lines.get(0).length());
    }

    @Test
    void faultsLeakNoThreads() throws RefusedException {
        GuestModule module = moody(LIMITS, TestEngines.compiling());
        int before = Thread.activeCount();
        for (int i = 0; i < 2000; i++) {
            assertEquals(Optional.of(RefuseReason.GUEST_TRAPPED), call(module, "t").fault());
        }
        assertEquals(before, Thread.activeCount());
    }

    @ParameterizedTest
    @EnumSource(value = Capability.class, names = "LOG", mode = EnumSource.Mode.EXCLUDE)
    void refusesImportOfEachCapabilityThatIsNotGranted(Capability missing) {
        Set<Capability> others = EnumSet.complementOf(EnumSet.of(missing));
        RefusedException refused = assertThrows(RefusedException.class,
                () -> GuestModule.load(able, others, LIMITS, TestEngines.compiling(), watchdog));
        assertEquals(RefuseReason.CAPABILITY_UNGRANTED, refused.reason());
        assertTrue(refused.getMessage().endsWith("needs " + missing.label()), refused.getMessage());
    }

    @Test
    void valuesAreKeptReadListedAndForgotten() throws RefusedException {
        GuestModule module = able();
        call(module, "g");
        call(module, "pthree");
        call(module, "g");
        call(module, "k");
        call(module, "d");
        call(module, "g");
        assertEquals("-1threecount-1", host.text());
    }

    @ParameterizedTest
    @CsvSource({"VALUES_FULL, -2", "STORAGE_FAILED, -4"})
    void guestIsToldOfFullAndFailingStorage(RefuseReason reason, String answer) throws RefusedException {
        host.refusal = reason;
        assertTrue(call(able(), "px").isOk());
        assertEquals(answer, host.text());
    }

    @Test
    void whatTheGuestCanDoNothingAboutEndsTheCall() throws RefusedException {
        host.refusal = RefuseReason.STOPPING;
        assertEquals(Optional.of(RefuseReason.STOPPING), call(able(), "px").fault());
    }

    @Test
    void callerTimeAndChanceComeFromTheHost() throws RefusedException {
        GuestModule module = able();
        call(module, "w");
        assertEquals("w".repeat(20), host.text());
        host.replied.reset();
        call(module, "t");
        assertEquals(1_700_000_000_000L * 1_000_000,
                Guest.little(host.replied.toByteArray()).getLong());
        host.replied.reset();
        call(module, "r");
        assertEquals("r".repeat(16), host.text());
    }

    @Test
    void streamComesInTheGuestsParts() throws RefusedException {
        call(able(), "sabc");
        assertEquals("abc", host.text());
        assertEquals(List.of(1, 2), host.parts);
    }

    @Test
    void mailFetchAndTunnelReachTheHost() throws RefusedException {
        GuestModule module = able();
        call(module, "m" + "w".repeat(20) + "hi");
        call(module, "hGET");
        call(module, "uexample.org");
        assertEquals(List.of(host.caller() + " hi"), host.sent);
        assertEquals("answer to GET", host.text());
        assertEquals(List.of("example.org:443 60 1000000"), host.tunnels);
    }

    @Test
    void stateIsCarriedOverByTheGuestItself() throws RefusedException {
        host.oldValues.put("count", "41".getBytes(StandardCharsets.UTF_8));
        assertTrue(able().call(GuestEntry.MIGRATE, new byte[0], host).isOk());
        assertEquals("41!", new String(host.values.get("count"), StandardCharsets.UTF_8));
        host.oldValues.clear();
        assertEquals(Optional.of(RefuseReason.GUEST_FAILED),
                able().call(GuestEntry.MIGRATE, new byte[0], host).fault());
    }
}
