package network.conet.edge.itest.replay;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import network.conet.edge.crypto.WalletSignatures;
import network.conet.edge.protocol.Hop;
import network.conet.edge.protocol.HopHeader;
import network.conet.edge.protocol.JsonException;
import network.conet.edge.protocol.JsonValue;
import network.conet.edge.protocol.RefusedException;

/** One recorded exchange. */
final class Recording {
    private static final Pattern HOST = Pattern.compile("Host: (\\S+)\r\n");
    private static final Pattern HOPS = Pattern.compile(HopHeader.NAME + ": (\\S+)\r\n");
    private static final Pattern DATE = Pattern.compile("Date: ([^\r]+)\r\n");

    private final JsonValue entry;
    private final String id;

    private Recording(JsonValue entry) {
        this.entry = entry;
        id = entry.string("id").orElseThrow();
    }

    /** Every recorded exchange, in the order of the recording. */
    static List<Recording> all() {
        return json("index.json").elements().stream().map(Recording::new).toList();
    }

    /** @param number how the exchange's id begins, two digits */
    static Recording of(String number) {
        return all().stream().filter(recording -> recording.number().equals(number)).findFirst()
                .orElseThrow(() -> new NoSuchElementException("no recording " + number));
    }

    String number() {
        return id.substring(0, 2);
    }

    /** What the index tells of the exchange. */
    JsonValue entry() {
        return entry;
    }

    /** What the client sent. */
    byte[] request() {
        return file(id + ".req.bin");
    }

    /** What the client received. */
    byte[] response() {
        return file(id + ".res.bin");
    }

    /** What the client received, taken apart. */
    HttpAnswer answer() {
        return HttpAnswer.parse(response());
    }

    /** The part of {@link #response()} behind the header block: of a stream, all frames. */
    String stream() {
        String text = ascii(response());
        return text.substring(text.indexOf("\r\n\r\n") + 4);
    }

    /** Whether the client talked to another node than B, which sent the message on to B. */
    boolean reachedBOverAnother() {
        return !taps().isEmpty() && !host().equals(RecordedNetwork.B);
    }

    /** What reached B. */
    byte[] sentToB() {
        return tap(".up.bin");
    }

    /** What B answered. */
    byte[] answeredByB() {
        return tap(".down.bin");
    }

    /** The node that the client talked to. */
    String host() {
        return find(HOST, ascii(request()));
    }

    /** The second in which it happened: of the hop that was signed for it, or of the answer. */
    OptionalLong epochSeconds() {
        if (reachedBOverAnother()) {
            try {
                List<Hop> hops = HopHeader.parse(find(HOPS, ascii(sentToB())), new WalletSignatures());
                return OptionalLong.of(hops.get(hops.size() - 1).epochSeconds());
            } catch (RefusedException unreadable) {
                throw new AssertionError("hops of " + id, unreadable);
            }
        }
        Matcher date = DATE.matcher(ascii(response()));
        return date.find()
                ? OptionalLong.of(ZonedDateTime.parse(date.group(1), DateTimeFormatter.RFC_1123_DATE_TIME)
                        .toEpochSecond())
                : OptionalLong.empty();
    }

    /** The messages in B's mailbox file after a step, oldest first. */
    static List<String> mailboxAfter(String step) {
        return json(step + ".mailbox.json").elements().stream()
                .map(armor -> armor.asString().orElseThrow()).toList();
    }

    static JsonValue json(String name) {
        try {
            return JsonValue.parse(file(name));
        } catch (JsonException notJson) {
            throw new AssertionError(name, notJson);
        }
    }

    static String ascii(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    static byte[] bytes(String ascii) {
        return ascii.getBytes(StandardCharsets.ISO_8859_1);
    }

    @Override
    public String toString() {
        return id;
    }

    /** The files of what reached B. */
    private List<String> taps() {
        return entry.member("taps").stream().flatMap(taps -> taps.elements().stream())
                .map(tap -> tap.asString().orElseThrow()).toList();
    }

    private byte[] tap(String ending) {
        String name = taps().stream().filter(tap -> tap.endsWith(ending)).findFirst()
                .orElseThrow(() -> new NoSuchElementException(id + " did not reach B"));
        return file(name);
    }

    private static String find(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.find()) {
            throw new NoSuchElementException("no " + pattern);
        }
        return matcher.group(1);
    }

    private static byte[] file(String name) {
        try (InputStream in = Recording.class.getResourceAsStream("/exchanges/" + name)) {
            if (in == null) {
                throw new NoSuchElementException("no file " + name);
            }
            return in.readAllBytes();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
