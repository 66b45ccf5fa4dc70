package network.conet.edge.services.internal;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * From an HTTP/1.1 answer to what a guest reads: {@code status LF}, headers as {@code name: value LF} with names in
 * lower case, {@code LF}, body. Framing is undone.
 */
final class FetchAnswer {
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] (\\d{3})(?: .*)?");
    private static final Pattern LENGTH = Pattern.compile("(?mi)^content-length:[ \\t]*(\\d{1,9})[ \\t]*\r?$");
    private static final Pattern CHUNKED = Pattern.compile("(?mi)^transfer-encoding:[ \\t]*chunked[ \\t]*\r?$");
    private static final Pattern BODILESS = Pattern.compile("HTTP/1\\.[01] (204|304)[ \r]", Pattern.DOTALL);
    private static final Pattern CHUNK = Pattern.compile("([0-9A-Fa-f]{1,7})[ \\t]*(?:;.*)?");
    private static final byte[] HEAD_END = HttpFetch.ascii("\r\n\r\n");
    private static final byte[] LINE_END = HttpFetch.ascii("\r\n");
    private static final int HEX = 16;

    private final byte[] all;
    private final int bodyAt;
    private final String head;

    /** @param bodyAt where the body begins */
    private FetchAnswer(byte[] all, int bodyAt) {
        this.all = all;
        this.bodyAt = bodyAt;
        this.head = new String(all, 0, bodyAt, StandardCharsets.ISO_8859_1);
    }

    /** Whether the answer, as far as it has come, says that it has ended. */
    static boolean isComplete(byte[] all, boolean isHead) throws IOException {
        int end = find(HEAD_END, all, 0);
        if (end < 0) {
            return false;
        }
        FetchAnswer answer = new FetchAnswer(all, end + HEAD_END.length);
        if (answer.hasNoBody(isHead)) {
            return true;
        }
        if (answer.isChunked()) {
            return answer.chunks(new ByteArrayOutputStream());
        }
        int length = answer.length();
        return length >= 0 && all.length - answer.bodyAt >= length;
    }

    /** @throws IOException when it is no answer, or was cut off */
    static byte[] of(byte[] all, boolean isHead) throws IOException {
        int end = find(HEAD_END, all, 0);
        if (end < 0) {
            throw new IOException("no head");
        }
        FetchAnswer answer = new FetchAnswer(all, end + HEAD_END.length);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(answer.headOut(end).getBytes(StandardCharsets.ISO_8859_1));
        if (!answer.hasNoBody(isHead)) {
            answer.bodyOut(out);
        }
        return out.toByteArray();
    }

    private boolean hasNoBody(boolean isHead) {
        return isHead || BODILESS.matcher(head).lookingAt();
    }

    private boolean isChunked() {
        return CHUNKED.matcher(head).find();
    }

    /** What the head announces, or -1. */
    private int length() {
        Matcher length = LENGTH.matcher(head);
        return length.find() ? Integer.parseInt(length.group(1)) : -1;
    }

    private String headOut(int end) throws IOException {
        String[] lines = head.substring(0, end).split("\r\n");
        Matcher status = STATUS.matcher(lines[0]);
        if (!status.matches()) {
            throw new IOException("no status");
        }
        StringBuilder out = new StringBuilder(status.group(1)).append('\n');
        for (String line : Arrays.asList(lines).subList(1, lines.length)) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                out.append(line.substring(0, colon).toLowerCase(Locale.ROOT)).append(": ")
                        .append(line.substring(colon + 1).trim()).append('\n');
            }
        }
        return out.append('\n').toString();
    }

    private void bodyOut(ByteArrayOutputStream out) throws IOException {
        int length = length();
        if (isChunked()) {
            if (!chunks(out)) {
                throw new IOException("cut off");
            }
        } else if (length < 0) {
            out.write(all, bodyAt, all.length - bodyAt);
        } else if (all.length - bodyAt < length) {
            throw new IOException("cut off");
        } else {
            out.write(all, bodyAt, length);
        }
    }

    /** Puts the chunks together. Returns whether the last one was there. */
    private boolean chunks(ByteArrayOutputStream out) throws IOException {
        int at = bodyAt;
        while (true) {
            int lineEnd = find(LINE_END, all, at);
            if (lineEnd < 0) {
                return false;
            }
            Matcher size = CHUNK.matcher(new String(all, at, lineEnd - at, StandardCharsets.ISO_8859_1));
            if (!size.matches()) {
                throw new IOException("size of a chunk");
            }
            int length = Integer.parseInt(size.group(1), HEX);
            at = lineEnd + LINE_END.length;
            if (length == 0) {
                return true;
            }
            if (length > all.length - at - LINE_END.length) {
                return false;
            }
            out.write(all, at, length);
            at += length + LINE_END.length;
        }
    }

    private static int find(byte[] what, byte[] in, int from) {
        for (int i = from; i + what.length <= in.length; i++) {
            if (Arrays.equals(in, i, i + what.length, what, 0, what.length)) {
                return i;
            }
        }
        return -1;
    }
}
