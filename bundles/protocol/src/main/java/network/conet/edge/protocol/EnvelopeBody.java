package network.conet.edge.protocol;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The posted form of an envelope: <code>{"data":"&lt;armor as a JSON string&gt;"}</code> (section 3.1). The same
 * object, ended by an empty line, is a mail frame of an event stream (section 4.2).
 */
public final class EnvelopeBody {
    private static final byte[] PREFIX = "{\"data\":\"".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] SUFFIX = "\"}".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] FRAME_SUFFIX = "\"}\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final int UNICODE_ESCAPE_CHARS = 6;
    /** Bytes that stand for themselves in a JSON string, and are ASCII. */
    private static final boolean[] IS_PLAIN = plainBytes();

    private EnvelopeBody() {}

    /**
     * Reads a posted body. Members other than {@code data} are ignored.
     *
     * @throws RefusedException BODY_TOO_LARGE, BODY_NOT_JSON, DATA_MISSING, or as {@link Envelope#of}
     */
    public static Envelope parse(byte[] body) throws RefusedException {
        if (body.length > ProtocolLimits.BODY_BYTES_MAX) {
            throw new RefusedException(RefuseReason.BODY_TOO_LARGE);
        }
        Envelope canonical = parseCanonical(body);
        return canonical != null ? canonical : Envelope.of(parseAnyJson(body));
    }

    /** Writes a body to post. Not to be changed: it may be the one that the envelope came in. */
    public static byte[] encode(Envelope envelope) {
        byte[] body = envelope.body();
        return body != null ? body : quote(envelope.armor(), SUFFIX);
    }

    /** Writes a mail frame: a body and the empty line that ends a frame. */
    public static byte[] encodeFrame(byte[] armor) {
        return quote(armor, FRAME_SUFFIX);
    }

    private static byte[] parseAnyJson(byte[] body) throws RefusedException {
        JsonValue json;
        try {
            json = JsonValue.parse(body);
        } catch (JsonException notJson) {
            throw new RefusedException(RefuseReason.BODY_NOT_JSON);
        }
        if (!json.isObject()) {
            throw new RefusedException(RefuseReason.BODY_NOT_JSON);
        }
        String data = json.string("data").orElseThrow(() -> new RefusedException(RefuseReason.DATA_MISSING));
        return data.getBytes(StandardCharsets.UTF_8);
    }

    /**
     * The path of every message: a body exactly as JavaScript writes it, with no member but {@code data}, is
     * unescaped in one pass, line by line. Null when the body is anything else, good or bad.
     */
    private static Envelope parseCanonical(byte[] body) throws RefusedException {
        int end = ArmorScanner.trimmedLength(body) - SUFFIX.length;
        if (end < PREFIX.length || !Arrays.equals(body, 0, PREFIX.length, PREFIX, 0, PREFIX.length)
                || !Arrays.equals(body, end, end + SUFFIX.length, SUFFIX, 0, SUFFIX.length)) {
            return null;
        }
        byte[] out = new byte[end - PREFIX.length];
        int length = 0;
        boolean isExact = end + SUFFIX.length == body.length;
        int i = PREFIX.length;
        while (true) {
            int run = i;
            while (i < end && IS_PLAIN[body[i] & 0xFF]) {
                i++;
            }
            System.arraycopy(body, run, out, length, i - run);
            length += i - run;
            if (i == end) {
                break;
            }
            byte plain = body[i] == '\\' && i + 1 < end ? unescape(body[i + 1]) : 0;
            if (plain == 0) {
                // A control character, a byte above ASCII, a rarer escape, or the end of the string and more members.
                return null;
            }
            isExact &= plain != '/';
            out[length++] = plain;
            i += 2;
        }
        byte[] armor = Arrays.copyOf(out, length);
        return isExact ? Envelope.ofBody(armor, body) : Envelope.of(armor);
    }

    /** What stands behind a backslash; 0 for what {@link #parseCanonical} leaves to the JSON parser. */
    private static byte unescape(byte escape) {
        return switch (escape) {
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case '/', '"', '\\' -> escape;
            default -> 0;
        };
    }

    private static boolean[] plainBytes() {
        boolean[] isPlain = new boolean[256];
        Arrays.fill(isPlain, ' ', 128, true);
        isPlain['"'] = false;
        isPlain['\\'] = false;
        return isPlain;
    }

    /** Length of {@link #encode}'s result. */
    static int encodedLength(byte[] armor) {
        int length = PREFIX.length + armor.length + SUFFIX.length;
        for (byte c : armor) {
            if (!IS_PLAIN[c & 0xFF]) {
                length += extraChars(c);
            }
        }
        return length;
    }

    private static byte[] quote(byte[] armor, byte[] suffix) {
        byte[] out = new byte[encodedLength(armor) - SUFFIX.length + suffix.length];
        System.arraycopy(PREFIX, 0, out, 0, PREFIX.length);
        int at = PREFIX.length;
        int i = 0;
        while (i < armor.length) {
            int run = i;
            while (i < armor.length && IS_PLAIN[armor[i] & 0xFF]) {
                i++;
            }
            System.arraycopy(armor, run, out, at, i - run);
            at += i - run;
            if (i < armor.length) {
                byte c = armor[i++];
                if (extraChars(c) == 0) {
                    out[at++] = c;
                } else {
                    at = escape(c, out, at);
                }
            }
        }
        System.arraycopy(suffix, 0, out, at, suffix.length);
        return out;
    }

    private static int extraChars(byte c) {
        if (c >= ' ' || c < 0) {
            return c == '"' || c == '\\' ? 1 : 0;
        }
        return shortEscape(c) != 0 ? 1 : UNICODE_ESCAPE_CHARS - 1;
    }

    private static int escape(byte c, byte[] out, int from) {
        int at = from;
        out[at++] = '\\';
        byte escape = c >= ' ' ? c : shortEscape(c);
        if (escape != 0) {
            out[at++] = escape;
            return at;
        }
        out[at++] = 'u';
        out[at++] = '0';
        out[at++] = '0';
        out[at++] = HEX[c >> 4 & 0xF];
        out[at++] = HEX[c & 0xF];
        return at;
    }

    private static byte shortEscape(byte control) {
        return switch (control) {
            case '\n' -> 'n';
            case '\r' -> 'r';
            case '\t' -> 't';
            case '\b' -> 'b';
            case '\f' -> 'f';
            default -> 0;
        };
    }
}
