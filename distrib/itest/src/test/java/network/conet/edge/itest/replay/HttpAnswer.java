package network.conet.edge.itest.replay;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * An answer as a client reads it.
 *
 * @param status the status line
 * @param head the header block with the status line, without the empty line
 * @param body as many bytes as were announced
 * @param rest what came behind the body
 */
record HttpAnswer(String status, String head, String body, String rest) {
    private static final String LENGTH = "\r\nContent-Length: ";

    /** @param bytes a whole answer with its length announced */
    static HttpAnswer parse(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        int headEnd = text.indexOf("\r\n\r\n");
        if (headEnd < 0) {
            throw new AssertionError("no complete header block: " + text);
        }
        String head = text.substring(0, headEnd);
        int bodyFrom = headEnd + 4;
        int bodyTo = bodyFrom + announced(head);
        if (bodyTo > bytes.length) {
            throw new AssertionError("the body is shorter than announced: " + text);
        }
        byte[] body = Arrays.copyOfRange(bytes, bodyFrom, bodyTo);
        return new HttpAnswer(head.lines().findFirst().orElseThrow(), head,
                new String(body, StandardCharsets.UTF_8), text.substring(bodyTo));
    }

    private static int announced(String head) {
        int at = head.indexOf(LENGTH);
        if (at < 0) {
            throw new AssertionError("no length announced: " + head);
        }
        return Integer.parseInt(head.substring(at + LENGTH.length()).lines().findFirst().orElseThrow().trim());
    }
}
