package network.conet.edge.services.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import network.conet.edge.api.Clock;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.RefusedException;
import network.conet.edge.protocol.service.Capability;
import network.conet.edge.services.engine.TestEngines;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Guests that do something before they are called, and guests that fill all of their memory. */
class EarlyGuestTest {
    private static final long FUEL = 20_000_000;
    private static final int ALL_PAGES = 1024;
    private static final long ALL_BYTES = 64L << 20;

    private static Watchdog watchdog;
    private static byte[] early;
    private final RecordingHost host = new RecordingHost();

    @BeforeAll
    static void prepare() throws IOException {
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
        try (InputStream in = EarlyGuestTest.class.getResourceAsStream("/network/conet/edge/services/early.wasm")) {
            early = in.readAllBytes();
        }
    }

    @AfterAll
    static void close() {
        watchdog.close();
    }

    private static GuestModule guest(String first, String second, Set<Capability> granted) throws RefusedException {
        String text = new String(early, StandardCharsets.ISO_8859_1)
                .replace("first:?second:?", "first:" + first + "second:" + second);
        GuestLimits limits = new GuestLimits(FUEL, Duration.ofSeconds(30), ALL_PAGES, 100, 2);
        return GuestModule.load(text.getBytes(StandardCharsets.ISO_8859_1), granted, limits, TestEngines.compiling(),
                watchdog);
    }

    private GuestResult call(GuestModule module, String input) {
        return module.call(GuestEntry.CALL, input.getBytes(StandardCharsets.UTF_8), host);
    }

    @Test
    void whatRunsBeforeTheCallIsPartOfIt() throws RefusedException {
        assertTrue(call(guest("r", "?", Set.of()), "abcdef").isOk());
        assertEquals("2", host.text());
        host.replied.reset();
        assertTrue(call(guest("w", "?", Set.of()), "abc").isOk());
        assertEquals("\0\0\0\0" + "3", host.text());
    }

    @ParameterizedTest
    @CsvSource({"t, GUEST_TRAPPED", "l, FUEL_SPENT"})
    void guestThatFailsBeforeTheCallFailsIt(String first, RefuseReason reason) throws RefusedException {
        GuestModule module = guest(first, "?", Set.of());
        GuestResult result = call(module, "abc");
        assertEquals(Optional.of(reason), result.fault());
        assertEquals(result, call(module, "abc"));
        assertEquals(reason == RefuseReason.FUEL_SPENT, result.fuel() == FUEL);
        assertEquals("", host.text());
    }

    @Test
    void guestThatExitsBeforeTheCallAnswersNothing() throws RefusedException {
        assertTrue(call(guest("x", "?", Set.of()), "abc").isOk());
        assertEquals("", host.text());
    }

    @Test
    void fuelOfTheStartFunctionIsTheCalls() throws RefusedException {
        long idle = call(starting(0, FUEL), "").fuel();
        long busy = call(starting(1000, FUEL), "").fuel();
        assertEquals(2000, busy - idle);
        assertEquals(new GuestResult(Optional.empty(), busy), call(starting(1000, busy), ""));
        assertEquals(new GuestResult(Optional.of(RefuseReason.FUEL_SPENT), busy - 1),
                call(starting(1000, busy - 1), ""));
        assertEquals(new GuestResult(Optional.of(RefuseReason.FUEL_SPENT), 100), call(starting(1000, 100), ""));
    }

    /** A module whose start function puts a number on the stack and takes it off again, so many times. */
    private static GuestModule starting(int times, long fuel) throws RefusedException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {0, 'a', 's', 'm', 1, 0, 0, 0});
        section(out, 1, new byte[] {2, 0x60, 0, 0, 0x60, 0, 1, 0x7F});
        section(out, 3, new byte[] {2, 0, 1});
        byte[] name = GuestEntry.CALL.export().getBytes(StandardCharsets.US_ASCII);
        section(out, 7, joined(new byte[] {1, (byte) name.length}, name, new byte[] {0, 1}));
        section(out, 8, new byte[] {0});
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.write(0);
        for (int i = 0; i < times; i++) {
            body.writeBytes(new byte[] {0x41, 0, 0x1A});
        }
        body.write(0x0B);
        section(out, 10, joined(new byte[] {2}, number(body.size()), body.toByteArray(),
                new byte[] {4, 0, 0x41, 0, 0x0B}));
        GuestLimits limits = new GuestLimits(fuel, Duration.ofSeconds(30), ALL_PAGES, 100, 2);
        return GuestModule.load(out.toByteArray(), Set.of(), limits, TestEngines.compiling(), watchdog);
    }

    private static void section(ByteArrayOutputStream out, int id, byte[] content) {
        out.write(id);
        out.writeBytes(number(content.length));
        out.writeBytes(content);
    }

    /** Two bytes of LEB128. */
    private static byte[] number(int value) {
        return new byte[] {(byte) (value & 0x7F | 0x80), (byte) (value >>> 7)};
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    @Test
    void instancesWithAllTheirMemoryAreGivenBack() throws RefusedException {
        GuestModule module = guest("?", "g", Set.of());
        long more = Runtime.getRuntime().maxMemory() / ALL_BYTES + 5;
        for (long i = 0; i < more; i++) {
            assertEquals(Optional.of(RefuseReason.GUEST_TRAPPED), call(module, "").fault());
        }
    }

    @Test
    void logOfAllMemoryIsPaidForAndHeldInPieces() throws RefusedException {
        GuestResult result = call(guest("?", "f", Set.of(Capability.LOG)), "");
        assertTrue(result.isOk());
        assertTrue(result.fuel() > ALL_BYTES / 8, () -> "fuel " + result.fuel());
    }

    @Test
    void vectorThatIsReadOverItselfIsTakenAsItStoodBefore() throws RefusedException {
        GuestModule module = guest("?", "o", Set.of());
        assertTrue(call(module, "abcdefgh").isOk());
        assertEquals("abcd\u0004\0\0\0", host.text());
    }

    @Test
    void hostThatBreaksLeavesNoInterruptAndNoCallBehind() throws RefusedException {
        GuestModule module = guest("?", "?", Set.of());
        GuestHost broken = (GuestHost) Proxy.newProxyInstance(GuestHost.class.getClassLoader(),
                new Class<?>[] {GuestHost.class}, (proxy, method, arguments) -> {
                    throw new IllegalStateException("broken");
                });
        for (int i = 0; i < 5; i++) {
            assertThrows(IllegalStateException.class, () -> module.call(GuestEntry.CALL, new byte[1], broken));
        }
        assertFalse(watchdog.isWatching());
        assertTrue(call(module, "a").isOk(), "no call is counted as running");
    }
}
