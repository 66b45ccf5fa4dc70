package network.conet.edge.transport.internal;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import network.conet.edge.api.Clock;
import network.conet.edge.protocol.RefuseReason;

/**
 * The bytes of every answer (2.3, 2.4). Status line, header names and bodies are those that clients of existing
 * nodes know, with two differences: nothing is sent behind the announced length, and an answer after which the
 * connection closes says so. One banner everywhere, so that it tells nothing about what was refused.
 *
 * <pre>
 *   head before the date | date, 29 bytes | head after the date | Connection | rest of the head | body
 * </pre>
 *
 * Safe for use by many threads.
 */
final class WireAnswers {
    private static final String BANNER = "nginx/1.18.0";
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US).withZone(ZoneOffset.UTC);

    private static final String CORS = "Access-Control-Allow-Origin: *\r\n"
            + "Access-Control-Allow-Methods: GET, POST, PUT, DELETE, OPTIONS\r\n"
            + "Access-Control-Allow-Headers: Content-Type, Authorization, X-Requested-With, Accept, Origin\r\n"
            + "Access-Control-Max-Age: 86400\r\n";
    private static final String CORS_OF_OK = "Access-Control-Allow-Credentials: true\r\n"
            + "Access-Control-Expose-Headers: Content-Length, Content-Type\r\n";

    private static final byte[] CLOSES = ascii("\r\nConnection: close\r\n");
    /** The marker tells another node of ours that the connection is ready for its next request. */
    private static final byte[] STAYS = ascii("\r\nConnection: keep-alive\r\nX-CoNET-Edge: 1\r\n");
    private static final byte[] DATE_NAME = ascii("Date: ");

    private static final byte[] OK_BEFORE_DATE = ascii("HTTP/1.1 200 OK\r\nServer: " + BANNER + "\r\n");
    private static final byte[] OK_AFTER_DATE =
            ascii("\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: ");
    private static final byte[] OK_END = ascii(CORS + CORS_OF_OK + "\r\n");
    private static final byte[] WALLET_AFTER_DATE = ascii("\r\nContent-Type: text/html\r\nContent-Length: ");
    private static final byte[] WALLET_END =
            ascii("access-control-allow-origin: *\r\nAccept-Ranges: bytes\r\n\r\n");
    private static final byte[] STREAM_BEFORE_DATE = ascii("HTTP/1.1 200 OK\r\n");
    private static final byte[] STREAM_END = ascii("\r\nContent-Type: text/event-stream; charset=utf-8\r\n"
            + "Cache-Control: no-cache, no-transform\r\nConnection: keep-alive\r\nX-Accel-Buffering: no\r\n"
            + "Access-Control-Allow-Origin: *\r\n\r\n");
    private static final byte[] OCTETS_END = ascii("\r\nContent-Type: application/octet-stream\r\n"
            + "Cache-Control: no-store\r\nConnection: close\r\nAccess-Control-Allow-Origin: *\r\n\r\n");
    private static final byte[] OPTIONS = ascii("HTTP/1.1 204 No Content\r\nAccess-Control-Allow-Origin: *\r\n"
            + "Access-Control-Allow-Methods: POST, GET, OPTIONS, PUT, DELETE, PATCH\r\n"
            + "Access-Control-Allow-Headers: *\r\nAccess-Control-Max-Age: 86400\r\n"
            + "Content-Length: 0\r\nConnection: keep-alive\r\n\r\n");
    private static final byte[] CONTINUE = ascii("HTTP/1.1 100 Continue\r\n\r\n");

    private static final Page NOT_FOUND = new Page("404 Not Found", "");
    private static final Page PAYMENT_REQUIRED = new Page("402 Payment Required", "");
    private static final Page BAD_GATEWAY = new Page("502 Bad Gateway", "");
    private static final Page UNAVAILABLE = new Page("503 Service Temporarily Unavailable", "Retry-After: 5\r\n");
    private static final Page LATER = new Page("503 Service Temporarily Unavailable", "Retry-After: 3600\r\n");
    private static final Page INSUFFICIENT_STORAGE = new Page("507 Insufficient Storage", "Retry-After: 60\r\n");

    private final Clock clock;
    private volatile DateText date = new DateText(Long.MIN_VALUE, new byte[0]);

    WireAnswers(Clock clock) {
        this.clock = clock;
    }

    /** The page of a refusal, or null when the answer is the end of the connection. */
    ByteBuf refusal(ByteBufAllocator allocator, RefuseReason.Answer answer, boolean stays) {
        Page page = switch (answer) {
            case NOT_FOUND -> NOT_FOUND;
            case BAD_GATEWAY -> BAD_GATEWAY;
            case UNAVAILABLE -> UNAVAILABLE;
            case LATER -> LATER;
            case INSUFFICIENT_STORAGE -> INSUFFICIENT_STORAGE;
            case PAYMENT_REQUIRED -> PAYMENT_REQUIRED;
            case CLOSE -> null;
        };
        if (page == null) {
            return null;
        }
        byte[] day = date();
        byte[] connection = stays ? STAYS : CLOSES;
        return allocator.directBuffer(page.beforeDate.length + DATE_NAME.length + day.length + page.afterDate.length
                        + connection.length + page.end.length)
                .writeBytes(page.beforeDate).writeBytes(DATE_NAME).writeBytes(day).writeBytes(page.afterDate)
                .writeBytes(connection).writeBytes(page.end);
    }

    /** {@code 200} with a JSON text. */
    ByteBuf ok(ByteBufAllocator allocator, byte[] json, boolean stays) {
        return counted(allocator, OK_AFTER_DATE, json, stays ? STAYS : CLOSES, OK_END);
    }

    /** {@code 200} with the wallet address. */
    ByteBuf wallet(ByteBufAllocator allocator, String text) {
        return counted(allocator, WALLET_AFTER_DATE, ascii(text), CLOSES, WALLET_END);
    }

    /** The head of an event stream. */
    ByteBuf stream(ByteBufAllocator allocator) {
        return open(allocator, STREAM_END);
    }

    /** The head of octets that end with the connection. */
    ByteBuf octets(ByteBufAllocator allocator) {
        return open(allocator, OCTETS_END);
    }

    private ByteBuf open(ByteBufAllocator allocator, byte[] end) {
        byte[] day = date();
        return allocator.directBuffer(STREAM_BEFORE_DATE.length + DATE_NAME.length + day.length + end.length)
                .writeBytes(STREAM_BEFORE_DATE).writeBytes(DATE_NAME).writeBytes(day).writeBytes(end);
    }

    /** The answer to a browser that asks whether it may post. */
    ByteBuf options(ByteBufAllocator allocator) {
        return allocator.directBuffer(OPTIONS.length).writeBytes(OPTIONS);
    }

    /** Asks for the body of a client that waits to be asked (RFC 9110 section 10.1.1). */
    ByteBuf goOn(ByteBufAllocator allocator) {
        return allocator.directBuffer(CONTINUE.length).writeBytes(CONTINUE);
    }

    private ByteBuf counted(ByteBufAllocator allocator, byte[] afterDate, byte[] body, byte[] connection,
            byte[] end) {
        byte[] day = date();
        byte[] length = ascii(Integer.toString(body.length));
        return allocator.directBuffer(OK_BEFORE_DATE.length + DATE_NAME.length + day.length + afterDate.length
                        + length.length + connection.length + end.length + body.length)
                .writeBytes(OK_BEFORE_DATE).writeBytes(DATE_NAME).writeBytes(day).writeBytes(afterDate)
                .writeBytes(length).writeBytes(connection).writeBytes(end).writeBytes(body);
    }

    /** The present second as RFC 9110 section 5.6.7 writes it; written once a second. */
    private byte[] date() {
        long second = clock.epochSeconds();
        DateText text = date;
        if (text.second != second) {
            text = new DateText(second, ascii(DATE.format(Instant.ofEpochSecond(second))));
            date = text;
        }
        return text.text;
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private record DateText(long second, byte[] text) {}

    /** A refusal: the page that web servers show, with its length. */
    private static final class Page {
        final byte[] beforeDate;
        final byte[] afterDate;
        final byte[] end;

        Page(String status, String moreHeaders) {
            byte[] body = ascii("<html>\r\n<head><title>" + status + "</title></head>\r\n<body>\r\n<center><h1>"
                    + status + "</h1></center>\r\n<hr><center>" + BANNER + "</center>\r\n</body>\r\n</html>\r\n");
            beforeDate = ascii("HTTP/1.1 " + status + "\r\nServer: " + BANNER + "\r\n");
            afterDate = ascii("\r\nContent-Type: text/html\r\nContent-Length: " + body.length);
            byte[] rest = ascii(moreHeaders + CORS + "\r\n");
            end = new byte[rest.length + body.length];
            System.arraycopy(rest, 0, end, 0, rest.length);
            System.arraycopy(body, 0, end, rest.length, body.length);
        }
    }
}
