package network.conet.edge.protocol;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bouncycastle.crypto.digests.KeccakDigest;

/** The recorded bytes of an existing node, and the hash that the bundle itself leaves to others. */
final class Vectors {
    /** Recorded requests whose body carries an armor: id, and the key id the message is sealed to. */
    static final String[][] SEALED = {
        {"07-cmd-unknown", Keys.NODE_A}, {"08-cmd-bad-signature", Keys.NODE_A},
        {"09-cmd-sock5-no-passport", Keys.NODE_A}, {"10-cmd-unknown-recipient", Keys.NOBODY},
        {"11-send-live", Keys.BOB}, {"12-ack-live", Keys.NODE_B}, {"13-ack-again", Keys.NODE_B},
        {"14-ack-old-timestamp", Keys.NODE_B}, {"15-ack-not-my-route", Keys.NODE_C},
        {"16-online-query-online", Keys.NODE_B}, {"17-send-nopush", Keys.NODE_B}, {"18-send-onion", Keys.NODE_A},
        {"19-onion-same-node", Keys.NODE_A}, {"20-hops-3", Keys.BOB}, {"21-hops-invalid", Keys.BOB},
        {"22-listen-direct", Keys.NODE_B}, {"23-online-query-offline", Keys.NODE_B},
        {"24-online-query-not-my-route", Keys.NODE_C}, {"25-send-offline-1", Keys.BOB},
        {"26-send-offline-2", Keys.BOB}, {"27-send-offline-3", Keys.BOB}, {"28-listen-flush-offline", Keys.NODE_B},
        {"29-ack-after-flush", Keys.NODE_B}, {"30-mining-validator", Keys.NODE_A},
        {"31-redelivery-without-ack", Keys.NODE_B}, {"33-flush-into-dead-reader", Keys.NODE_B},
        {"34-listen-replaced", Keys.NODE_B}, {"35-listen-mining", Keys.NODE_B}, {"36-l0-connect", Keys.NODE_B},
        {"37-l0-listen", Keys.NODE_B}, {"38-sock5-http-paid", Keys.NODE_B},
    };

    /** The key ids of the recording's nodes and users. */
    static final class Keys {
        static final String NODE_A = "533A8F95DE8710E7";
        static final String NODE_B = "17C021A6BA2CFEEE";
        static final String NODE_C = "107AD7E06B6430A5";
        static final String BOB = "F6AD462301B0AEA8";
        static final String NOBODY = "05B507742DA6DB3F";

        private Keys() {}
    }

    private Vectors() {}

    static Hash256 keccak(byte[] input) {
        KeccakDigest digest = new KeccakDigest(256);
        digest.update(input, 0, input.length);
        byte[] hash = new byte[Hash256.BYTES];
        digest.doFinal(hash, 0);
        return Hash256.of(hash);
    }

    static byte[] resource(String name) {
        try (InputStream in = Vectors.class.getResourceAsStream("vectors/" + name)) {
            if (in == null) {
                throw new AssertionError("no vector " + name);
            }
            return in.readAllBytes();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** A member of primitives.json, by its path. */
    static String primitive(String... path) {
        JsonValue value = json(new String(resource("primitives.json"), StandardCharsets.UTF_8));
        for (String name : path) {
            value = value.member(name).orElseThrow();
        }
        return value.asString().orElseThrow();
    }

    /** What a recorded request's message contains. */
    static byte[] plaintext(String id) {
        JsonValue all = json(new String(resource("plaintexts.json"), StandardCharsets.UTF_8));
        return utf8(all.string(id).orElseThrow());
    }

    static byte[] recorded(String name) {
        return resource("exchanges/" + name + ".bin");
    }

    static String head(byte[] message) {
        return new String(message, 0, bodyStart(message), StandardCharsets.ISO_8859_1);
    }

    /** The body of a recorded request, without the uncounted bytes that some senders put behind it. */
    static byte[] body(byte[] request) {
        int start = bodyStart(request);
        String head = head(request);
        int from = head.indexOf("Content-Length: ") + 16;
        int length = Integer.parseInt(head.substring(from, head.indexOf('\r', from)));
        return Arrays.copyOfRange(request, start, start + length);
    }

    /** The bytes of a recorded event stream behind its header. */
    static byte[] stream(byte[] response) {
        return Arrays.copyOfRange(response, bodyStart(response), response.length);
    }

    static String header(byte[] request, String name) {
        String head = head(request);
        int from = head.indexOf("\r\n" + name + ": ");
        return from < 0 ? null : head.substring(from + 4 + name.length(), head.indexOf('\r', from + 2));
    }

    /** The armors in a recorded stream's mail frames, each with its whole frame. */
    static List<String> mailFrames(String id) {
        List<String> frames = new ArrayList<>();
        String text = new String(stream(recorded(id + ".res")), StandardCharsets.UTF_8);
        for (int at = text.indexOf("{\"data\""); at >= 0; at = text.indexOf("{\"data\"", at + 1)) {
            frames.add(text.substring(at, text.indexOf("\r\n\r\n", at) + 4));
        }
        return frames;
    }

    static String armor(String id) {
        try {
            byte[] armor = EnvelopeBody.parse(body(recorded(id + ".req"))).armor();
            return new String(armor, StandardCharsets.US_ASCII);
        } catch (RefusedException refused) {
            throw new AssertionError(id, refused);
        }
    }

    static JsonValue json(String text) {
        try {
            return JsonValue.parse(text);
        } catch (JsonException notJson) {
            throw new AssertionError(text, notJson);
        }
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static int bodyStart(byte[] message) {
        String text = new String(message, StandardCharsets.ISO_8859_1);
        return text.indexOf("\r\n\r\n") + 4;
    }
}
