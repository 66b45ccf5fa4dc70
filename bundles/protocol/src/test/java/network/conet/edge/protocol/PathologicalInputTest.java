package network.conet.edge.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Up to a mebibyte made to hurt costs no codec more than {@value #CPU_MILLIS_MAX} ms of one core and {@value
 * #ALLOCATED_MIB_MAX} MiB of garbage. Good inputs of the size take a few ms; a cost that grows with the square of
 * the size takes minutes.
 */
class PathologicalInputTest {
    private static final int CPU_MILLIS_MAX = 2_000;
    private static final int ALLOCATED_MIB_MAX = 64;
    private static final int SIZE = ProtocolLimits.ARMOR_BYTES_MAX - 1_024;

    /** A codec under test. */
    private interface Codec {
        void read(String input) throws RefusedException;
    }

    static Stream<String> inputs() {
        String armor = Vectors.armor("11-send-live").strip();
        return Stream.of(
                "[", "{\"a\":", "[[],", "0,", "\\", "\\\\", "\"", "\n", "\r\n", "=", "A", " ", "\u0001", "\\u0001",
                "\\ud800", "1", "{", "}", ":", "-----BEGIN PGP MESSAGE-----\n", "-----END PGP MESSAGE-----",
                "data:\n", ": \n\n", "\ud83d\ude00", "\u00ff")
                .map(unit -> unit.repeat(SIZE / 4 / unit.length()))
                .flatMap(filler -> Stream.of(
                        filler,
                        "[" + filler + "]",
                        "{\"data\":\"" + filler + "\"}",
                        "{\"timestamp\":" + filler + "}",
                        "{\"x\":[" + filler + "0],\"data\":\"x\"}",
                        ArmorScanner.BEGIN + "\n" + filler + "\n\nwV4D\n" + ArmorScanner.END,
                        ArmorScanner.BEGIN + "\n\n" + filler + "\n" + ArmorScanner.END,
                        armor + filler));
    }

    @ParameterizedTest(name = "{index}")
    @MethodSource("inputs")
    void everyCodecAnswersInTime(String input) {
        byte[] bytes = input.getBytes(StandardCharsets.UTF_8);
        String encoded = Base64.getEncoder().encodeToString(bytes);
        measure(input, text -> Envelope.of(bytes));
        measure(input, text -> EnvelopeBody.parse(bytes));
        measure(input, text -> HopHeader.parse(text, Vectors::keccak));
        measure(input, text -> Plaintext.parse(bytes));
        measure(input, text -> Plaintext.parse(encoded.getBytes(StandardCharsets.US_ASCII)));
        measure(input, text -> CommandCodec.parse(text, Vectors::keccak));
        measure(input, text -> new FrameReader().feed(bytes, 0, bytes.length));
    }

    @ParameterizedTest
    @MethodSource("numbers")
    void longNumbersCostNoMoreThanTheirText(String number) {
        String command = "{\"command\":\"gossip_delivery_ack\",\"walletAddress\":\"0x" + "0".repeat(40)
                + "\",\"armorHash\":\"0x" + "0".repeat(64) + "\",\"timestamp\":" + number + "}";
        measure("number", text -> CommandCodec.parse(command, Vectors::keccak));
    }

    static Stream<String> numbers() {
        String digits = "9".repeat(SIZE);
        return Stream.of(digits, "-" + digits, "1." + digits, digits + "e-9999");
    }

    @ParameterizedTest
    @MethodSource("numbers")
    void aFrameReaderTakesAFrameByteByByte(String text) {
        byte[] frame = ("{\"a\":\"" + text + "\"}\n\n").getBytes(StandardCharsets.US_ASCII);
        measure("frame", ignored -> {
            FrameReader reader = new FrameReader();
            int frames = 0;
            for (int i = 0; i < frame.length; i++) {
                frames += reader.feed(frame, i, 1).size();
            }
            assertEquals(1, frames);
        });
    }

    private static void measure(String input, Codec codec) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long allocatedBefore = threads.getCurrentThreadAllocatedBytes();
        long cpuBefore = threads.getCurrentThreadCpuTime();
        try {
            codec.read(input);
        } catch (RefusedException expected) {
            assertTrue(expected.reason() != RefuseReason.INTERNAL);
        }
        long cpuMillis = (threads.getCurrentThreadCpuTime() - cpuBefore) / 1_000_000;
        long allocatedMiB = threads.getCurrentThreadAllocatedBytes() - allocatedBefore >> 20;
        String start = input.substring(0, Math.min(60, input.length()));
        assertTrue(cpuMillis <= CPU_MILLIS_MAX, () -> cpuMillis + " ms for " + start);
        assertTrue(allocatedMiB <= ALLOCATED_MIB_MAX, () -> allocatedMiB + " MiB for " + start);
    }
}
