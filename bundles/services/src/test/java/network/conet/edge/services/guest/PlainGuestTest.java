package network.conet.edge.services.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import network.conet.edge.api.Clock;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.RefusedException;
import network.conet.edge.protocol.service.Capability;
import network.conet.edge.services.engine.TestEngines;
import network.conet.edge.services.engine.WasmEngine;
import network.conet.edge.services.wasm.Meter;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A guest in C, {@code src/test/c/plain.c}, with clang's and wasi-libc's output as they are. */
class PlainGuestTest {
    private static final Set<Capability> GRANTED = EnumSet.of(Capability.KV, Capability.HTTP, Capability.LOG);
    private static final GuestLimits LIMITS = new GuestLimits(50_000_000, Duration.ofSeconds(30), 32, 10_000, 2);

    private static Watchdog watchdog;
    private static byte[] wasm;
    private static GuestModule compiled;
    private static GuestModule interpreted;
    private final RecordingHost host = new RecordingHost();

    @BeforeAll
    static void prepare() throws IOException, RefusedException {
        watchdog = new Watchdog(new Clock() {
            @Override
            public long epochMillis() {
                return 0;
            }

            @Override
            public long monotonicNanos() {
                return System.nanoTime();
            }
        });
        try (InputStream in = PlainGuestTest.class.getResourceAsStream("/network/conet/edge/services/plain.wasm")) {
            wasm = in.readAllBytes();
        }
        compiled = load(GRANTED, TestEngines.compiling());
        interpreted = load(GRANTED, TestEngines.interpreting());
    }

    @AfterAll
    static void close() {
        watchdog.close();
    }

    private static GuestModule load(Set<Capability> granted, WasmEngine engine) throws RefusedException {
        return GuestModule.load(wasm, granted, LIMITS, engine, watchdog);
    }

    /** On both engines, with the same end, the same fuel and the same reply. */
    private GuestResult call(String input) throws InterruptedException {
        GuestResult slow = deep(interpreted, input);
        String expected = host.text();
        host.replied.reset();
        host.values.clear();
        host.lines.clear();
        GuestResult fast = deep(compiled, input);
        assertEquals(slow, fast);
        assertEquals(expected, host.text());
        return fast;
    }

    private GuestResult deep(GuestModule module, String input) throws InterruptedException {
        GuestResult[] result = new GuestResult[1];
        Thread thread = new Thread(null, () -> result[0] =
                module.call(GuestEntry.CALL, input.getBytes(StandardCharsets.UTF_8), host), "deep",
                GuestModule.STACK_BYTES);
        thread.start();
        thread.join();
        return result[0];
    }

    @ParameterizedTest
    @CsvSource({
        "sort pear apple fig, apple fig pear", "sum 1 2.5 1e3 -0.125, 1003.375", "count, 1", "greedy, full",
        "'outside', 'file 1, sleep -1, seek -1 1, home 0, terminal 0'"})
    void libraryOfCWorks(String input, String reply) throws InterruptedException {
        assertTrue(call(input).isOk());
        assertEquals(reply + "\n", host.text());
    }

    @ParameterizedTest
    @CsvSource({"abort, GUEST_TRAPPED", "exit 3, GUEST_FAILED", "unknown, GUEST_FAILED", "deep, GUEST_TRAPPED"})
    void failuresOfCAreFaultsAndSendNothing(String input, RefuseReason reason) throws InterruptedException {
        assertEquals(Optional.of(reason), call(input).fault());
        assertEquals("", host.text());
    }

    @Test
    void exitWithZeroIsSuccess() throws InterruptedException {
        assertTrue(call("exit 0").isOk());
    }

    @Test
    void valuesAreCountedOverCalls() throws InterruptedException {
        deep(compiled, "count");
        deep(compiled, "count");
        assertEquals("1\n2\n", host.text());
    }

    @Test
    void fetchTakesRequestAndAnswerAsBytes() throws InterruptedException {
        call("fetch GET https://example.org/\n\n");
        assertEquals("answer to GET https://example.org/\n\n", host.text());
    }

    @Test
    void refusedFetchIsANumber() throws InterruptedException {
        host.refusal = RefuseReason.TARGET_FORBIDDEN;
        call("fetch GET https://example.com/\n\n");
        assertEquals("-5\n", host.text());
    }

    @Test
    void whatOneCallLeftInTheLibrarysBufferIsGone() throws InterruptedException {
        deep(compiled, "keep");
        deep(compiled, "sum 1");
        assertEquals("1.000\n", host.text());
    }

    @Test
    void standardErrorIsTheLogWithItsCapabilityAndNothingWithout() throws Exception {
        deep(compiled, "log hello");
        assertEquals(List.of("hello"), host.lines);
        GuestModule silent = load(EnumSet.of(Capability.KV, Capability.HTTP), TestEngines.compiling());
        assertTrue(deep(silent, "log hello").isOk());
        assertEquals(List.of("hello"), host.lines);
    }

    /** {@code src/test/c/every.c}: names and types are those of wasi-libc, which somebody else wrote. */
    @Test
    void everyFunctionOfWasiCanBeImported() throws Exception {
        byte[] every;
        try (InputStream in = PlainGuestTest.class.getResourceAsStream("/network/conet/edge/services/every.wasm")) {
            every = in.readAllBytes();
        }
        assertEquals(45, Meter.meter(every).imports().size());
        GuestModule module = GuestModule.load(every, EnumSet.of(Capability.CLOCK, Capability.RANDOM), LIMITS,
                TestEngines.compiling(), watchdog);
        assertTrue(deep(module, "").isOk());
    }

    @Test
    void refusesItWithoutWhatItImports() {
        RefusedException refused = assertThrows(RefusedException.class,
                () -> load(EnumSet.of(Capability.KV), TestEngines.compiling()));
        assertEquals(RefuseReason.CAPABILITY_UNGRANTED, refused.reason());
        assertTrue(refused.getMessage().contains("conet http_fetch needs http"), refused.getMessage());
    }
}
