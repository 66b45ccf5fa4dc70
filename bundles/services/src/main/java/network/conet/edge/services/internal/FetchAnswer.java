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
    private static final byte[] HEAD_END = HttpFetch.ascii("\r\n\r\n");
    private static final byte[] LAST_CHUNK = HttpFetch.ascii("0\r\n\r\n");

    private FetchAnswer() {}

    /** Whether the answer says that it has ended. */
    static boolean isComplete(ByteArrayOutputStream so) {
        byte[] all = so.toByteArray();
        int end = headEnd(all);
        if (end < 0) {
            return false;
        }
        String head = new String(all, 0, end, StandardCharsets.ISO_8859_1);
        if (CHUNKED.matcher(head).find()) {
            return all.length >= LAST_CHUNK.length
                    && Arrays.equals(all, all.length - LAST_CHUNK.length, all.length, LAST_CHUNK, 0, LAST_CHUNK.length);
        }
        Matcher length = LENGTH.matcher(head);
        return length.find() && all.length - end - HEAD_END.length >= Integer.parseInt(length.group(1));
    }

    private static int headEnd(byte[] all) {
        for (int i = 0; i + HEAD_END.length <= all.length; i++) {
            if (Arrays.equals(all, i, i + HEAD_END.length, HEAD_END, 0, HEAD_END.length)) {
                return i;
            }
        }
        return -1;
    }

    /** @throws IOException when it is no answer, or was cut off */
    static byte[] of(byte[] all) throws IOException {
        int end = headEnd(all);
        if (end < 0) {
            throw new IOException("no head");
        }
        String head = new String(all, 0, end, StandardCharsets.ISO_8859_1);
        String[] lines = head.split("\r\n");
        Matcher status = STATUS.matcher(lines[0]);
        if (!status.matches()) {
            throw new IOException("no status");
        }
        byte[] body = Arrays.copyOfRange(all, end + HEAD_END.length, all.length);
        Matcher length = LENGTH.matcher(head);
        if (CHUNKED.matcher(head).find()) {
            body = unchunked(body);
        } else if (length.find()) {
            int announced = Integer.parseInt(length.group(1));
            if (body.length < announced) {
                throw new IOException("cut off");
            }
            body = Arrays.copyOf(body, announced);
        }
        StringBuilder out = new StringBuilder(status.group(1)).append('\n');
        for (String line : Arrays.asList(lines).subList(1, lines.length)) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                out.append(line.substring(0, colon).toLowerCase(Locale.ROOT)).append(": ")
                        .append(line.substring(colon + 1).trim()).append('\n');
            }
        }
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        whole.writeBytes(out.append('\n').toString().getBytes(StandardCharsets.ISO_8859_1));
        whole.writeBytes(body);
        return whole.toByteArray();
    }

    private static byte[] unchunked(byte[] body) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int at = 0;
        while (true) {
            int lineEnd = at;
            while (lineEnd + 1 < body.length && !(body[lineEnd] == '\r' && body[lineEnd + 1] == '\n')) {
                lineEnd++;
            }
            if (lineEnd + 1 >= body.length) {
                throw new IOException("cut off");
            }
            String size = new String(body, at, lineEnd - at, StandardCharsets.ISO_8859_1).split(";")[0].trim();
            int length;
            try {
                length = Integer.parseInt(size, 16);
            } catch (NumberFormatException broken) {
                throw new IOException("size of a chunk", broken);
            }
            at = lineEnd + 2;
            if (length == 0) {
                return out.toByteArray();
            }
            if (length < 0 || length > body.length - at - 2) {
                throw new IOException("cut off");
            }
            out.write(body, at, length);
            at += length + 2;
        }
    }
}
