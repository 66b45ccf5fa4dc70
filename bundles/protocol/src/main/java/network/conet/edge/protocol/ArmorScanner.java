package network.conet.edge.protocol;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Finds in an ASCII-armored OpenPGP message what routing needs: where it ends and for which key it is, without
 * decrypting, and without decoding or copying more than the first packet's head (section 3.1; RFC 9580 sections
 * 6.2 and 5.1).
 *
 * <pre>
 *  -----BEGIN PGP MESSAGE-----
 *  Version: optional headers
 *                                  (an empty line)
 *  wV4D9q1GIwGwrqgSAQdA...         (base64: here stands the packet below)
 *  =K9Ei                           (optional checksum; not checked, the integrity packet protects the content)
 *  -----END PGP MESSAGE-----
 *
 *  session key packet, version 3:  | tag 1 | length 1,2,5 | 03 | key id (8) | ...
 *                      version 6:  | tag 1 | length 1,2,5 | 06 | n | 04 | fingerprint (20) | ...   id = its last 8
 *                                                               | n | 06 | fingerprint (32) | ...   id = its first 8
 *                                                               | 0 |  anonymous recipient
 * </pre>
 *
 * Only the first session key packet is looked at: a message to two keys is routed by the first.
 */
final class ArmorScanner {
    static final String BEGIN = "-----BEGIN PGP MESSAGE-----";
    static final String END = "-----END PGP MESSAGE-----";

    private static final byte[] BEGIN_BYTES = BEGIN.getBytes(StandardCharsets.US_ASCII);
    private static final byte[] END_BYTES = END.getBytes(StandardCharsets.US_ASCII);
    private static final byte[] BASE64 = base64Table();
    private static final int TAG_SESSION_KEY = 1;
    private static final int TAG_MARKER = 10;
    private static final int MARKER_BYTES = 3;
    private static final int FINGERPRINT_V4_BYTES = 20;
    private static final int FINGERPRINT_V6_BYTES = 32;

    private final byte[] armor;
    private final int endLine;
    private int at;
    private int bits;
    private int bitCount;

    private ArmorScanner(byte[] armor, int start, int endLine) {
        this.armor = armor;
        this.at = start;
        this.endLine = endLine;
    }

    /**
     * @param armor the whole armored message; white space before and behind it is allowed
     * @return the key id of its first session key packet, possibly the anonymous one
     * @throws RefusedException ARMOR_MALFORMED or KEY_ID_MISSING
     */
    static KeyId keyId(byte[] armor) throws RefusedException {
        int endLine = trimmedLength(armor) - END_BYTES.length;
        int begin = skipSpace(armor, 0);
        if (endLine <= begin || !startsWith(armor, endLine, END_BYTES) || !startsWith(armor, begin, BEGIN_BYTES)) {
            throw new RefusedException(RefuseReason.ARMOR_MALFORMED);
        }
        int headers = nextLine(armor, begin + BEGIN_BYTES.length, endLine);
        if (!isBlank(armor, begin + BEGIN_BYTES.length, headers)) {
            throw new RefusedException(RefuseReason.ARMOR_MALFORMED);
        }
        return new ArmorScanner(armor, skipHeaders(armor, headers, endLine), endLine).readKeyId();
    }

    /** Length without the white space behind the text. */
    static int trimmedLength(byte[] text) {
        int length = text.length;
        while (length > 0 && isSpace(text[length - 1])) {
            length--;
        }
        return length;
    }

    private static int skipHeaders(byte[] armor, int from, int endLine) throws RefusedException {
        int lineStart = from;
        while (true) {
            int next = nextLine(armor, lineStart, endLine);
            if (isBlank(armor, lineStart, next)) {
                return next;
            }
            lineStart = next;
        }
    }

    private static int nextLine(byte[] armor, int from, int endLine) throws RefusedException {
        int i = from;
        while (i < endLine) {
            if (armor[i++] == '\n') {
                return i;
            }
        }
        throw new RefusedException(RefuseReason.ARMOR_MALFORMED);
    }

    private static boolean isBlank(byte[] armor, int from, int to) {
        for (int i = from; i < to; i++) {
            if (!isSpace(armor[i])) {
                return false;
            }
        }
        return true;
    }

    private KeyId readKeyId() throws RefusedException {
        int tag = readTag();
        int length = readLength(tag);
        if (tag >> 8 == TAG_MARKER && length == MARKER_BYTES) {
            skip(MARKER_BYTES);
            tag = readTag();
            readLength(tag);
        }
        if (tag >> 8 != TAG_SESSION_KEY) {
            throw new RefusedException(RefuseReason.KEY_ID_MISSING);
        }
        int version = octet();
        if (version == 3) {
            return new KeyId(eightOctets());
        }
        if (version != 6) {
            throw new RefusedException(RefuseReason.KEY_ID_MISSING);
        }
        int recipientLength = octet();
        if (recipientLength == 0) {
            return new KeyId(0);
        }
        int keyVersion = octet();
        if (keyVersion == 4 && recipientLength == 1 + FINGERPRINT_V4_BYTES) {
            skip(FINGERPRINT_V4_BYTES - Long.BYTES);
            return new KeyId(eightOctets());
        }
        if (keyVersion == 6 && recipientLength == 1 + FINGERPRINT_V6_BYTES) {
            return new KeyId(eightOctets());
        }
        throw new RefusedException(RefuseReason.KEY_ID_MISSING);
    }

    /** Packet type in the upper bits; below it the length type of an old-format header, or 0xFF for a new one. */
    private int readTag() throws RefusedException {
        int header = octet();
        if ((header & 0x80) == 0) {
            throw new RefusedException(RefuseReason.ARMOR_MALFORMED);
        }
        boolean isNewFormat = (header & 0x40) != 0;
        return isNewFormat ? (header & 0x3F) << 8 | 0xFF : (header >> 2 & 0x0F) << 8 | header & 0x03;
    }

    private int readLength(int tag) throws RefusedException {
        int lengthType = tag & 0xFF;
        if (lengthType == 0xFF) {
            int first = octet();
            if (first < 192) {
                return first;
            }
            if (first < 224) {
                return (first - 192 << 8) + octet() + 192;
            }
            if (first == 255) {
                return fourOctets();
            }
            throw new RefusedException(RefuseReason.KEY_ID_MISSING);
        }
        return switch (lengthType) {
            case 0 -> octet();
            case 1 -> octet() << 8 | octet();
            case 2 -> fourOctets();
            default -> throw new RefusedException(RefuseReason.KEY_ID_MISSING);
        };
    }

    private int fourOctets() throws RefusedException {
        return octet() << 24 | octet() << 16 | octet() << 8 | octet();
    }

    private long eightOctets() throws RefusedException {
        return (long) fourOctets() << 32 | fourOctets() & 0xFFFFFFFFL;
    }

    private void skip(int octets) throws RefusedException {
        for (int i = 0; i < octets; i++) {
            octet();
        }
    }

    private int octet() throws RefusedException {
        while (bitCount < 8) {
            if (at >= endLine) {
                throw new RefusedException(RefuseReason.ARMOR_MALFORMED);
            }
            byte c = armor[at++];
            if (isSpace(c)) {
                continue;
            }
            int sextet = c >= 0 ? BASE64[c] : -1;
            if (sextet < 0) {
                throw new RefusedException(RefuseReason.ARMOR_MALFORMED);
            }
            bits = bits << 6 | sextet;
            bitCount += 6;
        }
        bitCount -= 8;
        int octet = bits >> bitCount & 0xFF;
        bits &= (1 << bitCount) - 1;
        return octet;
    }

    private static int skipSpace(byte[] text, int from) {
        int i = from;
        while (i < text.length && isSpace(text[i])) {
            i++;
        }
        return i;
    }

    private static boolean isSpace(byte c) {
        return c == ' ' || c == '\n' || c == '\r' || c == '\t';
    }

    private static boolean startsWith(byte[] text, int at, byte[] prefix) {
        if (at < 0 || text.length - at < prefix.length) {
            return false;
        }
        for (int i = 0; i < prefix.length; i++) {
            if (text[at + i] != prefix[i]) {
                return false;
            }
        }
        return true;
    }

    private static byte[] base64Table() {
        String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        byte[] table = new byte[128];
        Arrays.fill(table, (byte) -1);
        for (int i = 0; i < alphabet.length(); i++) {
            table[alphabet.charAt(i)] = (byte) i;
        }
        return table;
    }
}
