package network.conet.edge.crypto;

import java.io.IOException;
import java.io.InputStream;
import java.security.SecureRandom;
import java.util.Random;
import network.conet.edge.protocol.JsonException;
import network.conet.edge.protocol.JsonValue;

/** Reads the vectors of this bundle's tests, and gives them repeatable randomness. */
public final class Vectors {
    private Vectors() {}

    /** A JSON file beside this class. */
    public static JsonValue json(String name) {
        try {
            return JsonValue.parse(bytes(name));
        } catch (JsonException notJson) {
            throw new AssertionError(name, notJson);
        }
    }

    /** A file beside this class. */
    public static byte[] bytes(String name) {
        try (InputStream in = Vectors.class.getResourceAsStream(name)) {
            return in.readAllBytes();
        } catch (IOException unreadable) {
            throw new AssertionError(name, unreadable);
        }
    }

    /** The string at a path of member names. */
    public static String text(JsonValue value, String... path) {
        for (String name : path) {
            value = value.member(name).orElseThrow(() -> new AssertionError("no member " + name));
        }
        return value.asString().orElseThrow();
    }

    /** Neither secure nor random: the same seed gives the same bytes. */
    public static SecureRandom seeded(long seed) {
        Random random = new Random(seed);
        return new SecureRandom() {
            private static final long serialVersionUID = 1L;

            @Override
            public void nextBytes(byte[] bytes) {
                random.nextBytes(bytes);
            }
        };
    }
}
