package network.conet.edge.client.proxy;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The beginning of an HTTP proxy connection (RFC 9110, sections 7.2 and 9.3.6): CONNECT to a target, or one request for
 * a whole address, which is passed on in the form that servers expect.
 */
final class HttpProxyHead {
    static final int HEAD_BYTES_MAX = 16 * 1024;
    private static final Pattern REQUEST = Pattern.compile("([A-Z]{1,16}) ([!-~]{1,8192}) HTTP/1\\.[01]");
    private static final Pattern AUTHORITY = Pattern.compile(
            "(?:\\[([0-9A-Fa-f:.]{2,45})]|([!-Z^-~]{1,255}?)):(\\d{1,5})");
    /** Between the program and us, not for the target (RFC 9110, section 7.6.1). */
    private static final Set<String> HOP_BY_HOP =
            Set.of("proxy-connection", "proxy-authorization", "connection", "keep-alive", "te", "upgrade");
    private static final int PORT_HTTP = 80;
    private static final int PORT_MAX = 65_535;

    private HttpProxyHead() {}

    /** @param first the byte that was read already */
    static ProxyTarget read(int first, InputStream in) throws IOException, RefusedByFront {
        String[] lines = head(first, in).split("\r\n");
        Matcher request = REQUEST.matcher(lines[0]);
        if (!request.matches()) {
            throw RefusedByFront.http("400 Bad Request");
        }
        return request.group(1).equals("CONNECT") ? connect(request.group(2))
                : plain(request.group(1), request.group(2), lines);
    }

    private static String head(int first, InputStream in) throws IOException, RefusedByFront {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        head.write(first);
        int matched = 0;
        while (matched < 4) {
            int next = in.read();
            if (next < 0) {
                throw new EOFException("the program went");
            }
            head.write(next);
            if (head.size() > HEAD_BYTES_MAX) {
                throw RefusedByFront.http("431 Request Header Fields Too Large");
            }
            boolean isNext = next == "\r\n\r\n".charAt(matched);
            matched = isNext ? matched + 1 : next == '\r' ? 1 : 0;
        }
        return head.toString(StandardCharsets.ISO_8859_1);
    }

    private static ProxyTarget connect(String authority) throws RefusedByFront {
        Matcher parts = AUTHORITY.matcher(authority);
        if (!parts.matches()) {
            throw RefusedByFront.http("400 Bad Request");
        }
        String host = parts.group(1) == null ? parts.group(2) : parts.group(1);
        return new ProxyTarget(host, port(Integer.parseInt(parts.group(3))), new byte[0], ProxyTarget.Manner.CONNECT);
    }

    private static int port(int port) throws RefusedByFront {
        if (port < 1 || port > PORT_MAX) {
            throw RefusedByFront.http("400 Bad Request");
        }
        return port;
    }

    private static ProxyTarget plain(String method, String address, String[] lines) throws RefusedByFront {
        URI uri;
        try {
            uri = new URI(address);
        } catch (URISyntaxException broken) {
            throw RefusedByFront.http("400 Bad Request");
        }
        if (!"http".equalsIgnoreCase(uri.getScheme()) || uri.getHost() == null || uri.getRawUserInfo() != null) {
            throw RefusedByFront.http("400 Bad Request");
        }
        String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        StringBuilder head = new StringBuilder(method).append(' ').append(path)
                .append(uri.getRawQuery() == null ? "" : '?' + uri.getRawQuery()).append(" HTTP/1.1\r\n");
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            if (colon < 1) {
                throw RefusedByFront.http("400 Bad Request");
            }
            if (!HOP_BY_HOP.contains(lines[i].substring(0, colon).trim().toLowerCase(Locale.ROOT))) {
                head.append(lines[i]).append("\r\n");
            }
        }
        head.append("Connection: close\r\n\r\n");
        int port = port(uri.getPort() < 0 ? PORT_HTTP : uri.getPort());
        String host = uri.getHost().replaceAll("[\\[\\]]", "");
        return new ProxyTarget(host, port, head.toString().getBytes(StandardCharsets.ISO_8859_1),
                ProxyTarget.Manner.PLAIN);
    }
}
