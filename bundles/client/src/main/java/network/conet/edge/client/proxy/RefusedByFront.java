package network.conet.edge.client.proxy;

import java.nio.charset.StandardCharsets;

/** What a program asked is not taken; carries the answer for it. */
final class RefusedByFront extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient byte[] answer;

    private RefusedByFront(byte[] answer) {
        super("refused", null, false, false);
        this.answer = answer;
    }

    byte[] answer() {
        return answer;
    }

    static RefusedByFront socks(int code) {
        return new RefusedByFront(Socks5.reply(code));
    }

    static RefusedByFront bytes(byte[] answer) {
        return new RefusedByFront(answer);
    }

    static RefusedByFront http(String status) {
        return new RefusedByFront(page(status));
    }

    static byte[] page(String status) {
        String body = status + "\n";
        return ("HTTP/1.1 " + status + "\r\nContent-Type: text/plain\r\nContent-Length: " + body.length()
                + "\r\nConnection: close\r\n\r\n" + body).getBytes(StandardCharsets.US_ASCII);
    }
}
