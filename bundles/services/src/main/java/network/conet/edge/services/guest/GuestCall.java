package network.conet.edge.services.guest;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.RefusedException;
import network.conet.edge.protocol.service.Capability;
import network.conet.edge.services.engine.HostStop;

/** One running call: what is left of its input, what is written of its reply and its log. For one thread. */
final class GuestCall {
    /** A streamed reply is passed on in parts of about this size even when the guest never flushes. */
    static final int PART_BYTES = 32 * 1024;
    private static final int LOG_LINE_CHARS_MAX = 256;
    private static final int LOG_LINES_MAX = 64;

    final GuestHost host;
    private final byte[] input;
    private final int outputBytesMax;
    private final boolean isStreaming;
    private final boolean isLogging;
    private final ByteArrayOutputStream output = new ByteArrayOutputStream(256);
    private final StringBuilder logLine = new StringBuilder();
    private int inputAt;
    private long outputBytes;
    private int logLines;

    GuestCall(GuestHost host, byte[] input, int outputBytesMax, Set<Capability> granted) {
        this.host = host;
        this.input = input;
        this.outputBytesMax = outputBytesMax;
        this.isStreaming = granted.contains(Capability.STREAM);
        this.isLogging = granted.contains(Capability.LOG);
    }

    /** The next bytes of the input; empty at its end. */
    byte[] readInput(int bytesMax) {
        int length = Math.min(bytesMax, input.length - inputAt);
        byte[] read = new byte[length];
        System.arraycopy(input, inputAt, read, 0, length);
        inputAt += length;
        return read;
    }

    void write(byte[] bytes) {
        outputBytes += bytes.length;
        if (outputBytes > outputBytesMax) {
            throw HostStop.because(RefuseReason.OUTPUT_TOO_LARGE);
        }
        output.writeBytes(bytes);
        if (isStreaming && output.size() >= PART_BYTES) {
            flush();
        }
    }

    /** Passes on what was written so far. */
    void flush() {
        if (output.size() == 0) {
            return;
        }
        byte[] all = output.toByteArray();
        output.reset();
        try {
            for (int at = 0; at < all.length; at += PART_BYTES) {
                int end = Math.min(all.length, at + PART_BYTES);
                host.reply(at == 0 && end == all.length ? all : Arrays.copyOfRange(all, at, end));
            }
        } catch (RefusedException refused) {
            throw HostStop.because(refused.reason());
        }
    }

    /** Logs line by line; what is no printable ASCII becomes a question mark. Without the capability it is dropped. */
    void log(byte[] bytes) {
        if (!isLogging) {
            return;
        }
        for (char letter : new String(bytes, StandardCharsets.ISO_8859_1).toCharArray()) {
            if (letter == '\n') {
                endLogLine();
            } else if (logLine.length() < LOG_LINE_CHARS_MAX) {
                logLine.append(letter >= ' ' && letter < 127 ? letter : '?');
            }
        }
    }

    void endLogLine() {
        if (logLine.length() > 0 && logLines < LOG_LINES_MAX) {
            logLines++;
            host.log(logLine.toString());
        }
        logLine.setLength(0);
    }
}
