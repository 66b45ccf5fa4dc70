package network.conet.edge.services.wasm;

import static network.conet.edge.services.wasm.WasmBuilder.bytes;
import static network.conet.edge.services.wasm.WasmBuilder.leb;
import static network.conet.edge.services.wasm.WasmBuilder.repeat;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.dylibso.chicory.wasm.Parser;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.RefusedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class MeterTest {
    private static final byte[] I32_GROUP = bytes(0x7F);

    private static WasmBuilder module() {
        return new WasmBuilder();
    }

    private static RefuseReason refusal(byte[] wasm) {
        return assertThrows(RefusedException.class, () -> Meter.meter(wasm)).reason();
    }

    /** How many of something a module has, and the limit on it. */
    static Stream<Arguments> limits() {
        return Stream.of(
                limit("types", ModuleLimits.TYPES_MAX, n -> module().add(1, n, bytes(0x60, 0, 0))),
                limit("parameters", ModuleLimits.PARAMETERS_MAX,
                        n -> module().add(1, 0x60, leb(n), repeat(I32_GROUP, n), 0)),
                limit("results", ModuleLimits.RESULTS_MAX,
                        n -> module().add(1, 0x60, 0, leb(n), repeat(I32_GROUP, n))),
                limit("imports", ModuleLimits.IMPORTS_MAX,
                        n -> module().add(1, 0x60, 0, 0).add(2, n, bytes("m", "f", 0, 0))),
                limit("bytes of a name", ModuleLimits.NAME_BYTES_MAX,
                        n -> module().add(1, 0x60, 0, 0).add(2, "x".repeat(n), "f", 0, 0)),
                limit("functions", ModuleLimits.FUNCTIONS_MAX, n -> {
                    WasmBuilder many = module().add(1, 0x60, 0, 0);
                    return many.add(3, n, bytes(0)).add(10, n, bytes(2, 0, 0x0B));
                }),
                limit("globals", ModuleLimits.GLOBALS_MAX, n -> module().add(6, n, bytes(0x7F, 0, 0x41, 0, 0x0B))),
                limit("tables", ModuleLimits.TABLES_MAX, n -> module().add(4, n, bytes(0x70, 0, 0))),
                limit("elements of a table", ModuleLimits.TABLE_ELEMENTS_MAX,
                        n -> module().add(4, 0x70, 0, leb(n))),
                limit("element segments", ModuleLimits.ELEMENT_SEGMENTS_MAX, n -> module().add(4, 0x70, 0, 0)
                        .add(9, n, bytes(0, 0x41, 0, 0x0B, 0))),
                limit("data segments", ModuleLimits.DATA_SEGMENTS_MAX, n -> module().add(11, n, bytes(1, 0))),
                limit("custom sections", ModuleLimits.CUSTOM_SECTIONS_MAX, n -> module().custom(n)),
                limit("bytes of a body", ModuleLimits.BODY_BYTES_MAX,
                        n -> module().function(repeat(bytes(0x01), n - 2))),
                limit("locals", ModuleLimits.LOCALS_MAX, n -> module().function(bytes(1, leb(n), 0x7F), new Object[0])),
                limit("blocks inside each other", ModuleLimits.NESTING_MAX, n -> module().function(
                        repeat(bytes(0x02, 0x40), n), repeat(bytes(0x0B), n))),
                limit("targets of a br_table", ModuleLimits.TARGETS_MAX, n -> module().function(
                        0x41, 0, 0x0E, leb(n), new byte[n], 0)),
                limit("operands on the stack", ModuleLimits.OPERANDS_MAX, n -> module().function(
                        repeat(bytes(0x41, 0), n), repeat(bytes(0x1A), n))),
                limit("exports", ModuleLimits.EXPORTS_MAX, n -> {
                    WasmBuilder many = module().function();
                    for (int i = 0; i < n; i++) {
                        many.add(7, "e" + i, 0, 0);
                    }
                    return many;
                }));
    }

    private static Arguments limit(String what, int max, IntFunction<WasmBuilder> make) {
        return Arguments.of(what, max, make);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("limits")
    void asMuchAsMayBeIsTakenAndOneMoreIsNot(String what, int max, IntFunction<WasmBuilder> make)
            throws RefusedException {
        Meter.meter(make.apply(max).build());
        byte[] over = make.apply(max + 1).build();
        RefusedException refused = assertThrows(RefusedException.class, () -> Meter.meter(over));
        assertEquals(RefuseReason.MODULE_LIMIT_EXCEEDED, refused.reason());
        assertTrue(refused.getMessage().contains(what), refused.getMessage());
    }

    @Test
    void moduleOneByteOverItsLimitIsTooLarge() {
        assertEquals(RefuseReason.MODULE_TOO_LARGE, refusal(new byte[ModuleLimits.MODULE_BYTES_MAX + 1]));
        assertEquals(RefuseReason.MODULE_MALFORMED, refusal(new byte[ModuleLimits.MODULE_BYTES_MAX]));
    }

    /** A few bytes that announce billions. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 9, 10, 11})
    void countOfBillionsIsRefusedBeforeAnythingIsMadeOfIt(int section) {
        byte[] contents = bytes(leb(0xFFFF_FFFFL));
        byte[] wasm = bytes(0, 0x61, 0x73, 0x6D, 1, 0, 0, 0, section, leb(contents.length), contents);
        assertEquals(RefuseReason.MODULE_LIMIT_EXCEEDED, refusal(wasm));
    }

    static Stream<Arguments> invalid() {
        return Stream.of(
                Arguments.of("a global beyond the last, which is ours", new Object[] {0x23, 1, 0x1A}),
                Arguments.of("a write to it", new Object[] {0x42, 0, 0x24, 1}),
                Arguments.of("a write to an immutable global", new Object[] {0x41, 0, 0x24, 0}),
                Arguments.of("a local beyond the last, which would be ours", new Object[] {0x20, 0, 0x1A}),
                Arguments.of("a label outside of the function", new Object[] {0x0C, 1}),
                Arguments.of("a call of nobody", new Object[] {0x10, 9}),
                Arguments.of("an operand too few", new Object[] {0x1A}),
                Arguments.of("an operand too many", new Object[] {0x41, 0}),
                Arguments.of("an operand of another type", new Object[] {0x41, 0, 0x42, 0, 0x6A, 0x1A}),
                Arguments.of("memory that is not there", new Object[] {0x41, 0, 0x28, 2, 0, 0x1A}),
                Arguments.of("a reference to a function that nothing declares", new Object[] {0xD2, 0, 0x1A}),
                Arguments.of("an else without its if", new Object[] {0x02, 0x40, 0x05, 0x0B}),
                Arguments.of("labels of different arity",
                        new Object[] {0x02, 0x7F, 0x41, 0, 0x41, 0, 0x0E, 1, 0, 1, 0x0B, 0x1A}));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("invalid")
    void refusesWhatIsNotValid(String what, Object[] code) {
        byte[] wasm = module().add(6, 0x7F, 0, 0x41, 0, 0x0B).function(code).build();
        assertEquals(RefuseReason.MODULE_INVALID, refusal(wasm), what);
    }

    @Test
    void deadCodeIsCheckedThoughItNeverRuns() throws RefusedException {
        Meter.meter(module().function(0x00, 0x1A, 0x41, 0, 0x6A, 0x1A).build());
        assertEquals(RefuseReason.MODULE_INVALID, refusal(module().function(0x00, 0x23, 0).build()));
        assertEquals(RefuseReason.MODULE_INVALID,
                refusal(module().function(0x00, 0x42, 0, 0x41, 0, 0x6A, 0x1A).build()));
    }

    @ParameterizedTest
    @ValueSource(ints = {0xFD, 0xFE, 0x12, 0x06, 0x08, 0xFB, 0x14})
    void proposalsThatAreNotTakenAreNamed(int opcode) {
        assertEquals(RefuseReason.MODULE_UNSUPPORTED, refusal(module().function(opcode, 0, 0, 0).build()));
    }

    @Test
    void memoriesOfOtherKindsAreNotTaken() {
        assertEquals(RefuseReason.MODULE_UNSUPPORTED, refusal(module().add(5, 3, 1, 1).build()));
        assertEquals(RefuseReason.MODULE_UNSUPPORTED, refusal(module().add(5, 4, 1).build()));
        assertEquals(RefuseReason.MODULE_UNSUPPORTED, refusal(module().add(5, 0, 1).add(5, 0, 1).build()));
        assertEquals(RefuseReason.MODULE_INVALID, refusal(module().add(5, (Object) bytes(0, leb(65_537))).build()));
        assertEquals(RefuseReason.MODULE_INVALID, refusal(module().add(5, 1, 2, 1).build()));
    }

    @Test
    void exportOfOurNameIsRefused() {
        assertEquals(RefuseReason.MODULE_INVALID,
                refusal(module().function().add(7, MeteredModule.FUEL_EXPORT, 0, 0).build()));
    }

    @Test
    void numbersHaveTheirExactLengths() throws RefusedException {
        Meter.meter(module().function(0x41, 0xFF, 0xFF, 0xFF, 0xFF, 0x07, 0x1A).build());
        assertEquals(RefuseReason.MODULE_MALFORMED,
                refusal(module().function(0x41, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F, 0x1A).build()));
        assertEquals(RefuseReason.MODULE_MALFORMED,
                refusal(module().function(0x41, 0x80, 0x80, 0x80, 0x80, 0x80, 0, 0x1A).build()));
        Meter.meter(module().function(0x42, repeat(bytes(0x80), 9), 0x7F, 0x1A).build());
        assertEquals(RefuseReason.MODULE_MALFORMED,
                refusal(module().function(0x42, repeat(bytes(0x80), 9), 0x01, 0x1A).build()));
    }

    @Test
    void sectionsComeOnceAndInOrder() {
        byte[] module = module().function().build();
        byte[] types = Arrays.copyOfRange(module, 8, 8 + 6);
        assertEquals(RefuseReason.MODULE_MALFORMED, refusal(bytes(Arrays.copyOf(module, 8), types, types)));
        byte[] memory = bytes(5, 3, 1, 0, 1);
        assertEquals(RefuseReason.MODULE_MALFORMED, refusal(bytes(Arrays.copyOf(module, 8), memory, types)));
    }

    @Test
    void sameModuleIsMeteredAlikeAndWhatIsMeteredIsValid() throws RefusedException, IOException {
        for (String name : new String[] {"moody", "able", "named"}) {
            byte[] wasm = resource(name);
            MeteredModule metered = Meter.meter(wasm);
            assertArrayEquals(metered.wasm(), Meter.meter(wasm).wasm());
            new ModuleReader(withoutOurName(metered.wasm())).read();
            Parser.parse(metered.wasm());
        }
    }

    private static byte[] withoutOurName(byte[] metered) {
        byte[] other = metered.clone();
        byte[] name = MeteredModule.FUEL_EXPORT.getBytes(StandardCharsets.US_ASCII);
        for (int at = 0; at + name.length <= other.length; at++) {
            if (Arrays.equals(other, at, at + name.length, name, 0, name.length)) {
                other[at] = 'x';
            }
        }
        return other;
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = MeterTest.class.getResourceAsStream("/network/conet/edge/services/" + name + ".wasm")) {
            return in.readAllBytes();
        }
    }

    @Test
    void everyCutOfAModuleIsRefused() throws IOException {
        byte[] wasm = resource("moody");
        for (int length = 0; length < wasm.length; length++) {
            byte[] cut = Arrays.copyOf(wasm, length);
            try {
                Meter.meter(cut);
                assertTrue(isAtSectionEnd(wasm, length), "cut to " + length);
            } catch (RefusedException refused) {
                assertTrue(refused.getMessage().length() > refused.reason().label().length());
            }
        }
    }

    private static boolean isAtSectionEnd(byte[] wasm, int length) {
        int at = 8;
        while (at < length) {
            int size = 0;
            int shift = 0;
            int next = at + 1;
            do {
                size |= (wasm[next] & 0x7F) << shift;
                shift += 7;
            } while ((wasm[next++] & 0x80) != 0);
            at = next + size;
        }
        return at == length;
    }

    /** Damaged modules are refused, or are modules: the engine's own parser then takes what was made of them. */
    @ParameterizedTest
    @ValueSource(strings = {"moody", "able", "named"})
    void damagedModulesAreRefusedOrRight(String name) throws IOException {
        byte[] wasm = resource(name);
        Random dice = new Random(4);
        int taken = 0;
        for (int round = 0; round < 4000; round++) {
            byte[] damaged = wasm.clone();
            for (int i = dice.nextInt(3); i >= 0; i--) {
                damaged[8 + dice.nextInt(wasm.length - 8)] = (byte) dice.nextInt(256);
            }
            MeteredModule metered;
            try {
                metered = Meter.meter(damaged);
            } catch (RefusedException expected) {
                continue;
            }
            taken++;
            try {
                Parser.parse(metered.wasm());
            } catch (RuntimeException broken) {
                fail("round " + round + ": what was taken the engine cannot read: " + broken);
            }
        }
        assertTrue(taken > 20, "the damage was too great to learn from: " + taken);
    }
}
