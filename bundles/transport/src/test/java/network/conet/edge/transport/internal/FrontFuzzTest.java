package network.conet.edge.transport.internal;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Mutated recordings. {@code -Dfuzz.seed=N} repeats a run, {@code -Dfuzz.rounds=N} makes it longer.
 */
class FrontFuzzTest {
    private static final long SEED = Long.getLong("fuzz.seed", 20_261_123L);
    private static final int ROUNDS = Integer.getInteger("fuzz.rounds", 500);

    @Test
    void whateverArrivesIsAnsweredOrRefusedOnceAndLeavesNothing() {
        List<byte[]> seeds = new ArrayList<>();
        for (String id : Recorded.POSTS) {
            seeds.add(Recorded.request(id));
        }
        seeds.add(Recorded.request("01-get-nodewallet"));
        seeds.add(Recorded.request("02-options"));
        seeds.add(Recorded.request("03-put"));
        seeds.add(Recorded.file("11-send-live.tap.0003.up.bin"));
        for (int round = 0; round < ROUNDS; round++) {
            Random random = new Random(SEED + round);
            byte[] bytes = mutate(random, seeds);
            try (EmbeddedFront front = EmbeddedFront.answeringOk()) {
                for (int at = 0; at < bytes.length; ) {
                    int length = Math.min(bytes.length - at, 1 + random.nextInt(random.nextBoolean() ? 3 : 2_000));
                    front.send(bytes, at, length);
                    at += length;
                }
                if (front.isOpen()) {
                    front.endOfPeer();
                }
                String where = "round " + round + " of seed " + SEED;
                assertTrue(!front.isOpen(), where);
                int answered = front.handler.calls.size();
                assertTrue(front.refusals() <= 1, where);
                assertTrue(answered <= 1 || front.answers().contains("X-CoNET-Edge"), where);
                long complete = front.answers().split("HTTP/1.1 200 OK\r\n", -1).length - 1L;
                assertTrue(complete >= answered, where);
            }
        }
    }

    private static byte[] mutate(Random random, List<byte[]> seeds) {
        byte[] bytes = seeds.get(random.nextInt(seeds.size())).clone();
        if (random.nextInt(4) == 0) {
            byte[] other = seeds.get(random.nextInt(seeds.size()));
            int cut = random.nextInt(bytes.length);
            int from = random.nextInt(other.length);
            byte[] joined = new byte[cut + other.length - from];
            System.arraycopy(bytes, 0, joined, 0, cut);
            System.arraycopy(other, from, joined, cut, other.length - from);
            bytes = joined;
        }
        int header = Math.min(bytes.length, 200);
        for (int n = random.nextInt(4); n > 0 && header > 0; n--) {
            int at = random.nextInt(random.nextInt(3) == 0 ? bytes.length : header);
            bytes[at] = switch (random.nextInt(4)) {
                case 0 -> (byte) random.nextInt(256);
                case 1 -> (byte) "\r\n: \0\t9-".charAt(random.nextInt(8));
                case 2 -> (byte) (bytes[at] ^ 1 << random.nextInt(8));
                default -> bytes[random.nextInt(bytes.length)];
            };
        }
        return bytes;
    }
}
