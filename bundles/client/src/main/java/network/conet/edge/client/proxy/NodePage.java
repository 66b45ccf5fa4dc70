package network.conet.edge.client.proxy;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whether the first bytes of a tunnel are a node's refusal and not the target's: a tunnel has no head of its own. The
 * page of a node names a server and has headers that no such server sends; a target that imitates all of it is taken
 * for a node's refusal, which costs its visitor that page and nothing else.
 */
final class NodePage {
    private static final Pattern PAGE = Pattern.compile("HTTP/1\\.1 (402|404|502|503|507) [^\r\n]*\r\n"
            + "Server: nginx/1\\.18\\.0\r\nDate: [^\r\n]*\r\nContent-Type: text/html\r\nContent-Length: \\d+\r\n.*"
            + "Access-Control-Max-Age: 86400\r\n.*", Pattern.DOTALL);

    private NodePage() {}

    /** The status of the refusal. */
    static Optional<String> status(byte[] bytes, int length) {
        if (length < 5 || bytes[0] != 'H') {
            return Optional.empty();
        }
        Matcher page = PAGE.matcher(new String(bytes, 0, length, StandardCharsets.ISO_8859_1));
        return page.matches() ? Optional.of(page.group(1)) : Optional.empty();
    }

    /** What to do about it, in words. */
    static String explain(String status) {
        return switch (status) {
            case "402" -> "402, the exit node wants to be paid: ask its owner for credit";
            case "404" -> "404, the exit node runs no proxy service, or refuses this target";
            case "503" -> "503, the exit node is busy, or you have too many connections open";
            default -> status;
        };
    }
}
