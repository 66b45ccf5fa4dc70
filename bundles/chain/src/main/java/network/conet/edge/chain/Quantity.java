package network.conet.edge.chain;

import java.io.IOException;
import java.math.BigInteger;
import java.util.HexFormat;
import network.conet.edge.protocol.JsonValue;

/** Numbers and bytes as JSON-RPC writes them: {@code 0x} and hexadecimal digits (EIP-1474). */
final class Quantity {
    private static final int WORD_DIGITS = 64;

    private Quantity() {}

    static JsonValue of(long number) {
        return JsonValue.of("0x" + Long.toHexString(number));
    }

    static String of(BigInteger number) {
        return "0x" + number.toString(16);
    }

    static BigInteger read(JsonValue value) throws IOException {
        String text = value.asString().orElse("");
        if (text.length() < 3 || text.length() > 2 + WORD_DIGITS || !isHex(text)) {
            throw new IOException("the chain's server answered no number");
        }
        return new BigInteger(text.substring(2), 16);
    }

    static long readLong(JsonValue value) throws IOException {
        BigInteger number = read(value);
        if (number.bitLength() >= Long.SIZE) {
            throw new IOException("the chain's server answered a number out of range");
        }
        return number.longValue();
    }

    static String data(byte[] bytes) {
        return "0x" + HexFormat.of().formatHex(bytes);
    }

    static byte[] readData(JsonValue value) throws IOException {
        String text = value.asString().orElse("");
        if (text.length() < 2 || text.length() % 2 != 0 || !isHex(text)) {
            throw new IOException("the chain's server answered no bytes");
        }
        return HexFormat.of().parseHex(text, 2, text.length());
    }

    private static boolean isHex(String text) {
        if (!text.startsWith("0x")) {
            return false;
        }
        for (int i = 2; i < text.length(); i++) {
            if (!HexFormat.isHexDigit(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }
}
