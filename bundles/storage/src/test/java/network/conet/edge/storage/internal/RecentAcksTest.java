package network.conet.edge.storage.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import network.conet.edge.protocol.Hash256;
import org.junit.jupiter.api.Test;

/** The memory of acknowledged hashes is bounded in number and time. */
class RecentAcksTest {
    private static final long BOB = 0xB0B;

    @Test
    void remembersExactlyAsManyAsItsBound() {
        int max = 200;
        RecentAcks acks = new RecentAcks(max, 1000);
        for (int i = 1; i <= 5 * max; i++) {
            acks.add(BOB, hash(i).bytes(), i, 0, 0);
        }
        for (int i = 1; i <= 5 * max; i++) {
            assertEquals(i > 4 * max ? i : RecentAcks.NONE, acks.sequenceOf(BOB, hash(i), 0));
        }
        assertEquals(RecentAcks.NONE, acks.sequenceOf(1, hash(5 * max), 0));
    }

    @Test
    void forgetsExactlyAfterItsTime() {
        RecentAcks acks = new RecentAcks(10, 1000);
        acks.add(BOB, hash(1).bytes(), 1, -5, 0);
        acks.add(BOB, hash(2).bytes(), 2, 0, 400);
        assertEquals(1, acks.sequenceOf(BOB, hash(1), 994));
        assertEquals(RecentAcks.NONE, acks.sequenceOf(BOB, hash(1), 995));
        assertEquals(RecentAcks.NONE, acks.sequenceOf(BOB, hash(2), 995), "it was acknowledged earlier");
    }

    private static Hash256 hash(int i) {
        byte[] bytes = new byte[Hash256.BYTES];
        new Random(i).nextBytes(bytes);
        return Hash256.of(bytes);
    }
}
