package network.conet.edge.client.proxy;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;

/**
 * The beginning of a SOCKS5 connection (RFC 1928), without authentication, for CONNECT only:
 *
 * <pre>
 *   ► 05 │ n │ n methods          ◄ 05 │ 00
 *   ► 05 │ 01 │ 00 │ type │ address │ port, 2 bytes      ◄ 05 │ code │ 00 │ 01 │ 00 00 00 00 │ 00 00
 *     type 01: 4 bytes; 03: length, 1 byte, and name; 04: 16 bytes
 * </pre>
 */
final class Socks5 {
    static final int VERSION = 5;
    static final int OK = 0;
    static final int FAILED = 1;
    static final int COMMAND_UNSUPPORTED = 7;
    static final int ADDRESS_UNSUPPORTED = 8;
    private static final int NO_AUTHENTICATION = 0;
    private static final byte[] NO_METHOD = {VERSION, (byte) 0xFF};
    private static final int CONNECT = 1;
    private static final int IPV4 = 1;
    private static final int NAME = 3;
    private static final int IPV6 = 4;

    private Socks5() {}

    /** Reads everything behind the version byte of the greeting, answers the greeting, not the request. */
    static ProxyTarget read(InputStream in, OutputStream out) throws IOException, RefusedByFront {
        byte[] methods = exactly(in, exactly(in, 1)[0] & 0xFF);
        boolean isOpen = false;
        for (byte method : methods) {
            isOpen |= method == NO_AUTHENTICATION;
        }
        if (!isOpen) {
            throw RefusedByFront.bytes(NO_METHOD);
        }
        out.write(new byte[] {VERSION, NO_AUTHENTICATION});
        out.flush();
        byte[] head = exactly(in, 4);
        if (head[0] != VERSION || head[2] != 0) {
            throw RefusedByFront.socks(FAILED);
        }
        if (head[1] != CONNECT) {
            throw RefusedByFront.socks(COMMAND_UNSUPPORTED);
        }
        String host = switch (head[3]) {
            case IPV4 -> InetAddress.getByAddress(exactly(in, 4)).getHostAddress();
            case IPV6 -> InetAddress.getByAddress(exactly(in, 16)).getHostAddress();
            case NAME -> name(exactly(in, exactly(in, 1)[0] & 0xFF));
            default -> throw RefusedByFront.socks(ADDRESS_UNSUPPORTED);
        };
        byte[] port = exactly(in, 2);
        int number = (port[0] & 0xFF) << Byte.SIZE | port[1] & 0xFF;
        if (host.isEmpty() || number == 0) {
            throw RefusedByFront.socks(FAILED);
        }
        return new ProxyTarget(host, number, new byte[0], ProxyTarget.Manner.SOCKS);
    }

    private static String name(byte[] bytes) throws RefusedByFront {
        for (byte letter : bytes) {
            if (letter <= ' ' || letter == 127) {
                throw RefusedByFront.socks(FAILED);
            }
        }
        return new String(bytes, StandardCharsets.US_ASCII);
    }

    static byte[] reply(int code) {
        return new byte[] {VERSION, (byte) code, 0, IPV4, 0, 0, 0, 0, 0, 0};
    }

    static byte[] exactly(InputStream in, int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("the program went");
        }
        return bytes;
    }
}
