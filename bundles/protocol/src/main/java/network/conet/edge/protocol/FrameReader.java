package network.conet.edge.protocol;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Cuts an event stream into frames as a client reads it (section 4.3): frames end with an empty line, CRLF or LF;
 * lines that begin with {@code data:} are joined; empty frames and comments are skipped. Holds at most one
 * unfinished frame. Not safe for use by many threads.
 */
public final class FrameReader {
    /** {@code CR LF CR}: so much of the separator may already stand behind an unfinished frame. */
    private static final int UNFINISHED_SEPARATOR_BYTES = 3;

    private byte[] buffer = new byte[4096];
    private int length;
    private int scanned;

    /**
     * Takes the next bytes of the stream.
     *
     * @return the frames that they complete, in order; each a JSON object
     * @throws RefusedException BODY_TOO_LARGE for a frame over {@link ProtocolLimits#FRAME_BYTES_MAX},
     *     BODY_NOT_JSON for a frame that is no JSON object; frames before it in these bytes are lost,
     *     and the reader must not be used again
     */
    public List<JsonValue> feed(byte[] bytes, int offset, int count) throws RefusedException {
        if (length + count > buffer.length) {
            buffer = Arrays.copyOf(buffer, Math.max(length + count, 2 * buffer.length));
        }
        System.arraycopy(bytes, offset, buffer, length, count);
        length += count;
        List<JsonValue> frames = new ArrayList<>();
        int start = 0;
        for (int i = scanned; i < length; i++) {
            if (buffer[i] == '\n') {
                int end = separatorStart(start, i);
                if (end >= 0) {
                    addFrame(frames, start, end);
                    start = i + 1;
                }
            }
        }
        if (start > 0) {
            System.arraycopy(buffer, start, buffer, 0, length - start);
            length -= start;
        }
        scanned = length;
        if (length > ProtocolLimits.FRAME_BYTES_MAX + UNFINISHED_SEPARATOR_BYTES) {
            throw new RefusedException(RefuseReason.BODY_TOO_LARGE);
        }
        return frames;
    }

    /** Where the frame that this line feed may end stops; -1 when the line before it is not empty. */
    private int separatorStart(int start, int lineFeed) {
        int i = lineFeed - 1;
        if (i >= start && buffer[i] == '\r') {
            i--;
        }
        if (i < start) {
            return start;
        }
        if (buffer[i] != '\n') {
            return -1;
        }
        return i > start && buffer[i - 1] == '\r' ? i - 1 : i;
    }

    private void addFrame(List<JsonValue> frames, int start, int end) throws RefusedException {
        if (end - start > ProtocolLimits.FRAME_BYTES_MAX) {
            throw new RefusedException(RefuseReason.BODY_TOO_LARGE);
        }
        String block = new String(buffer, start, end - start, StandardCharsets.UTF_8);
        String json = block.startsWith("data:") || block.contains("\ndata:") ? joinedData(block) : block.trim();
        if (json.isEmpty() || json.startsWith(":")) {
            return;
        }
        try {
            JsonValue value = JsonValue.parse(json);
            if (!value.isObject()) {
                throw new RefusedException(RefuseReason.BODY_NOT_JSON);
            }
            frames.add(value);
        } catch (JsonException notJson) {
            throw new RefusedException(RefuseReason.BODY_NOT_JSON);
        }
    }

    private static String joinedData(String block) {
        StringBuilder data = new StringBuilder();
        block.lines().filter(line -> line.startsWith("data:")).forEach(line -> data.append(line.substring(5).trim()));
        return data.toString();
    }
}
