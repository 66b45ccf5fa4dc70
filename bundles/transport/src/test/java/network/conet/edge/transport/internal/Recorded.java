package network.conet.edge.transport.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Exchanges recorded at a reference node (CoNET-SI 0.1.33). */
final class Recorded {
    static final List<String> POSTS = List.of("04-post-not-json", "05-post-not-pgp", "06-post-no-data",
            "11-send-live", "19-onion-same-node", "22-listen-direct", "38-sock5-http-paid");

    private Recorded() {}

    static byte[] request(String id) {
        return file(id + ".req.bin");
    }

    static byte[] answer(String id) {
        return file(id + ".res.bin");
    }

    static byte[] body(byte[] request) {
        int at = text(request).indexOf("\r\n\r\n") + 4;
        byte[] body = new byte[request.length - at];
        System.arraycopy(request, at, body, 0, body.length);
        return body;
    }

    static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** What must be equal: all but the date, and but whether the connection says that it closes. */
    static String comparable(String answer) {
        return answer.replaceFirst("\r\nDate: [^\r]{29}\r\n", "\r\nDate: x\r\n")
                .replaceFirst("\r\nConnection: (close|keep-alive)\r\n", "\r\nConnection: x\r\n")
                .replaceFirst("nginx/1.24.0 \\(Ubuntu\\)", "nginx/1.18.0");
    }

    static byte[] file(String name) {
        try (InputStream in = Recorded.class.getResourceAsStream("/exchanges/" + name)) {
            return in.readAllBytes();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
