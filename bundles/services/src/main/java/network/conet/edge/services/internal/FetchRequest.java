package network.conet.edge.services.internal;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.RefusedException;

/**
 * What a guest wants to fetch:
 *
 * <pre>
 *   GET https://host[:port]/path?query LF
 *   Name: value LF                       any number of times
 *   LF
 *   body
 * </pre>
 *
 * @param host the host, on the list of the manifest
 * @param port the port
 * @param isTls whether https
 * @param isHead whether the answer has no body
 * @param wire the request as it goes on the connection
 */
record FetchRequest(String host, int port, boolean isTls, boolean isHead, byte[] wire) {
    private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE");
    private static final Pattern HEADER = Pattern.compile("([A-Za-z0-9-]{1,64}): ([ -~]{0,2048})");
    /** Headers that say how the message is framed, or who asks; they are ours. */
    private static final Set<String> OURS = Set.of("host", "content-length", "transfer-encoding", "connection",
            "keep-alive", "upgrade", "te", "trailer", "expect", "proxy-authorization", "proxy-connection");
    private static final int HEADERS_MAX = 32;
    private static final int PORT_HTTP = 80;
    private static final int PORT_HTTPS = 443;

    /** @throws RefusedException TARGET_MALFORMED; TARGET_FORBIDDEN when the host is not on the list */
    static FetchRequest parse(byte[] request, List<String> hosts) throws RefusedException {
        int headEnd = headEnd(request);
        String[] lines = new String(request, 0, headEnd, StandardCharsets.ISO_8859_1).split("\n", -1);
        String[] first = lines[0].split(" ", -1);
        if (first.length != 2 || !METHODS.contains(first[0]) || lines.length > HEADERS_MAX + 1) {
            throw malformed();
        }
        URI uri = uri(first[1]);
        String host = uri.getHost().toLowerCase(Locale.ROOT);
        if (!hosts.contains(host)) {
            throw new RefusedException(RefuseReason.TARGET_FORBIDDEN);
        }
        boolean isTls = uri.getScheme().equalsIgnoreCase("https");
        int port = uri.getPort() >= 0 ? uri.getPort() : isTls ? PORT_HTTPS : PORT_HTTP;
        if (port < 1 || port > 65_535) {
            throw malformed();
        }
        String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        StringBuilder head = new StringBuilder(first[0]).append(' ').append(path)
                .append(uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery()).append(" HTTP/1.1\r\nHost: ")
                .append(host).append(uri.getPort() >= 0 ? ":" + port : "").append("\r\n");
        for (String line : Arrays.asList(lines).subList(1, lines.length)) {
            if (!HEADER.matcher(line).matches()
                    || OURS.contains(line.substring(0, line.indexOf(':')).toLowerCase(Locale.ROOT))) {
                throw malformed();
            }
            head.append(line).append("\r\n");
        }
        byte[] body = Arrays.copyOfRange(request, headEnd + 2, request.length);
        head.append("Content-Length: ").append(body.length).append("\r\nConnection: close\r\n\r\n");
        ByteArrayOutputStream wire = new ByteArrayOutputStream();
        wire.writeBytes(HttpFetch.ascii(head.toString()));
        wire.writeBytes(body);
        return new FetchRequest(host, port, isTls, first[0].equals("HEAD"), wire.toByteArray());
    }

    private static int headEnd(byte[] request) throws RefusedException {
        for (int i = 0; i + 1 < request.length; i++) {
            if (request[i] == '\n' && request[i + 1] == '\n') {
                return i;
            }
        }
        throw malformed();
    }

    private static URI uri(String text) throws RefusedException {
        try {
            URI uri = new URI(text);
            boolean isHttp = "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
            if (!isHttp || uri.getHost() == null || uri.getRawUserInfo() != null || uri.getRawFragment() != null) {
                throw malformed();
            }
            return uri;
        } catch (URISyntaxException broken) {
            throw malformed();
        }
    }

    private static RefusedException malformed() {
        return new RefusedException(RefuseReason.TARGET_MALFORMED);
    }
}
