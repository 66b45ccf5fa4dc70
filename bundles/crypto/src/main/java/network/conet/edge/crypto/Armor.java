package network.conet.edge.crypto;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/**
 * ASCII armor (RFC 9580 section 6): a BEGIN line, headers, an empty line, base64, a checksum that readers ignore
 * (section 6.1), an END line.
 */
final class Armor {
    static final String MESSAGE = "MESSAGE";
    static final String PUBLIC_KEY = "PUBLIC KEY BLOCK";
    static final String PRIVATE_KEY = "PRIVATE KEY BLOCK";

    private static final int LINE_CHARS = 64;
    private static final int CRC24_START = 0xB704CE;
    private static final int CRC24_POLYNOMIAL = 0x1864CFB;
    private static final int CRC24_MASK = 0xFFFFFF;

    private final byte[] text;
    private int position;

    private Armor(byte[] text) {
        this.text = text;
    }

    /**
     * The bytes in an armored block. LF and CRLF line ends, any headers and a missing or wrong checksum are
     * accepted; only white space may stand before the block, and what stands behind it does not count.
     *
     * @param type one of the constants
     */
    static byte[] decode(byte[] text, String type) throws MalformedException {
        Armor armor = new Armor(text);
        armor.skipSpace();
        armor.expectLine("-----BEGIN PGP " + type + "-----");
        armor.skipHeaders();
        byte[] decoded = armor.body();
        armor.expectLine("-----END PGP " + type + "-----");
        return decoded;
    }

    /** Writes an armored block as existing clients write it: no headers, with a checksum, LF line ends. */
    static byte[] encode(byte[] content, String type) {
        byte[] body = Base64.getMimeEncoder(LINE_CHARS, new byte[] {'\n'}).encode(content);
        int crc = crc24(content);
        byte[] check = Base64.getEncoder().encode(new byte[] {(byte) (crc >> 16), (byte) (crc >> 8), (byte) crc});
        byte[] begin = ("-----BEGIN PGP " + type + "-----\n\n").getBytes(StandardCharsets.US_ASCII);
        byte[] end = ("\n-----END PGP " + type + "-----\n").getBytes(StandardCharsets.US_ASCII);
        byte[] out = new byte[begin.length + body.length + 2 + check.length + end.length];
        int at = append(out, 0, begin);
        at = append(out, at, body);
        at = append(out, at, new byte[] {'\n', '='});
        at = append(out, at, check);
        append(out, at, end);
        return out;
    }

    private static int append(byte[] out, int at, byte[] part) {
        System.arraycopy(part, 0, out, at, part.length);
        return at + part.length;
    }

    private static int crc24(byte[] content) {
        int crc = CRC24_START;
        for (byte b : content) {
            crc ^= (b & 0xFF) << 16;
            for (int i = 0; i < Byte.SIZE; i++) {
                crc <<= 1;
                if ((crc & CRC24_MASK + 1) != 0) {
                    crc ^= CRC24_POLYNOMIAL;
                }
            }
        }
        return crc & CRC24_MASK;
    }

    private void skipSpace() {
        while (position < text.length && isSpace(text[position])) {
            position++;
        }
    }

    private void expectLine(String line) throws MalformedException {
        int end = position + line.length();
        if (end > text.length) {
            throw new MalformedException("armor line missing");
        }
        for (int i = 0; i < line.length(); i++) {
            if (text[position + i] != line.charAt(i)) {
                throw new MalformedException("armor line missing");
            }
        }
        position = end;
        while (position < text.length && text[position] != '\n') {
            if (!isSpace(text[position++])) {
                throw new MalformedException("more than the armor line");
            }
        }
    }

    /** Header lines have a colon; the first line that is blank ends them. */
    private void skipHeaders() throws MalformedException {
        while (position < text.length) {
            position++; // the line feed of the line before
            boolean blank = true;
            boolean colon = false;
            while (position < text.length && text[position] != '\n') {
                blank &= isSpace(text[position]);
                colon |= text[position] == ':';
                position++;
            }
            if (blank) {
                return;
            }
            if (!colon) {
                throw new MalformedException("no empty line before the armor's body");
            }
        }
        throw new MalformedException("armor ends in its headers");
    }

    /** Collects base64 up to the line that begins with '-'; skips a checksum line; leaves position at the '-'. */
    private byte[] body() throws MalformedException {
        byte[] digits = new byte[text.length - position];
        int count = 0;
        boolean lineStart = true;
        while (position < text.length && !(lineStart && text[position] == '-')) {
            byte c = text[position++];
            if (lineStart && c == '=') {
                skipLine();
                break;
            }
            lineStart = c == '\n' || lineStart && isSpace(c);
            if (!isSpace(c)) {
                digits[count++] = c;
            }
        }
        skipSpace();
        try {
            return Base64.getDecoder().decode(Arrays.copyOf(digits, count));
        } catch (IllegalArgumentException notBase64) {
            throw new MalformedException("armor is not base64");
        }
    }

    private void skipLine() {
        while (position < text.length && text[position] != '\n') {
            position++;
        }
    }

    private static boolean isSpace(byte c) {
        return c == ' ' || c == '\t' || c == '\r' || c == '\n';
    }
}
