package network.conet.edge.protocol;

import java.util.Arrays;
import java.util.Random;

/**
 * Mutates real inputs. The seed is a new one each time and printed; {@code -Dfuzz.seed=N} repeats a run and
 * {@code -Dfuzz.rounds=N} makes it longer.
 */
final class Fuzz {
    private static final long SEED = Long.getLong("fuzz.seed", System.nanoTime());
    private static final int ROUNDS = Integer.getInteger("fuzz.rounds", 2_000);
    private static final String[] TOKENS = {
        "\"", "\\", "{", "}", "[", "]", ",", ":", "\\u", "\\ud800", "null", "-1", "1e9999", "1e-9999", "\n", "\r\n",
        "\r\n\r\n", "data:", "\"data\":", "\"message\":", "=", "-----BEGIN PGP MESSAGE-----",
        "-----END PGP MESSAGE-----", "99999999999999999999", "\u0000", "\u00e4", "\"t\":", "\"n\":", "0x"};

    static {
        System.out.println("fuzz.seed=" + SEED + " fuzz.rounds=" + ROUNDS);
    }

    private Fuzz() {}

    static long seed() {
        return SEED;
    }

    static int rounds() {
        return ROUNDS;
    }

    /** The bytes with one to eight accidents: bits flipped, parts cut, doubled or moved, tokens put in. */
    static byte[] mutate(byte[] input, Random random) {
        byte[] bytes = input;
        for (int n = 1 + random.nextInt(8); n > 0; n--) {
            bytes = mutateOnce(bytes, random);
        }
        return bytes;
    }

    private static byte[] mutateOnce(byte[] input, Random random) {
        int from = random.nextInt(input.length + 1);
        int to = Math.min(input.length, from + random.nextInt(random.nextInt(4) == 0 ? 200 : 4));
        return switch (random.nextInt(5)) {
            case 0 -> flip(input, random);
            case 1 -> splice(input, from, to, new byte[0]);
            case 2 -> splice(input, from, from, Arrays.copyOfRange(input, from, to));
            case 3 -> splice(input, from, to, Vectors.utf8(TOKENS[random.nextInt(TOKENS.length)]));
            default -> splice(input, from, from, new byte[] {(byte) random.nextInt(256)});
        };
    }

    private static byte[] flip(byte[] input, Random random) {
        byte[] out = input.clone();
        if (out.length > 0) {
            out[random.nextInt(out.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return out;
    }

    private static byte[] splice(byte[] input, int from, int to, byte[] middle) {
        byte[] out = new byte[input.length - (to - from) + middle.length];
        System.arraycopy(input, 0, out, 0, from);
        System.arraycopy(middle, 0, out, from, middle.length);
        System.arraycopy(input, to, out, from + middle.length, input.length - to);
        return out;
    }
}
