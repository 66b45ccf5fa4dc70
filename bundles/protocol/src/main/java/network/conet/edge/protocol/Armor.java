package network.conet.edge.protocol;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Writes ASCII armor (RFC 9580 section 6) as openpgp.js writes it: lines of 60, checksum, line feeds. */
final class Armor {
    private static final int LINE_CHARS = 60;
    private static final int CRC24_INIT = 0xB704CE;
    private static final int CRC24_POLY = 0x1864CFB;

    private Armor() {}

    static String encode(byte[] message) {
        byte[] lineFeed = {'\n'};
        int crc = crc24(message);
        byte[] crcBytes = {(byte) (crc >> 16), (byte) (crc >> 8), (byte) crc};
        return ArmorScanner.BEGIN + "\n\n"
                + new String(Base64.getMimeEncoder(LINE_CHARS, lineFeed).encode(message), StandardCharsets.US_ASCII)
                + "\n=" + Base64.getEncoder().encodeToString(crcBytes) + "\n"
                + ArmorScanner.END + "\n";
    }

    private static int crc24(byte[] data) {
        int crc = CRC24_INIT;
        for (byte b : data) {
            crc ^= (b & 0xFF) << 16;
            for (int i = 0; i < 8; i++) {
                crc <<= 1;
                if ((crc & 0x1000000) != 0) {
                    crc ^= CRC24_POLY;
                }
            }
        }
        return crc & 0xFFFFFF;
    }
}
