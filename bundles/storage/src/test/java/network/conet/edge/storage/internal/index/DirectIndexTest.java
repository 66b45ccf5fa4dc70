package network.conet.edge.storage.internal.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** What a place off the heap must not cost. */
class DirectIndexTest {
    private static final int MANY = 100_000;
    private static final int PAGE_BYTES = 1 << 20;

    private final Random random = new Random(1);
    private final DirectIndex index = new DirectIndex();

    private static long location(long sequence) {
        return sequence / 900 << 47 | sequence * 4096 % (1 << 26) << 21 | 1100;
    }

    private double bytesEach(int mailboxes) {
        long before = index.bytes();
        long[] ids = random.longs(mailboxes).toArray();
        for (long sequence = 1; sequence <= MANY; sequence++) {
            index.put(ids[random.nextInt(mailboxes)], sequence, random.nextLong(), location(sequence));
        }
        double bytes = (double) (index.bytes() - before) / MANY;
        index.close();
        return bytes;
    }

    @Test
    void messageInTheOnlyMailboxTakesFewBytes() {
        assertEquals(35, bytesEach(1), 12);
    }

    @Test
    void messageInOneOfAThousandMailboxesTakesFewBytes() {
        assertEquals(45, bytesEach(1_000), 12);
    }

    @Test
    void messageInAMailboxOfItsOwnTakesFewBytes() {
        assertEquals(70, bytesEach(MANY), 12);
    }

    @Test
    void queueThatIsUsedForLongDoesNotGrow() {
        long low = 1;
        long before = 0;
        for (long sequence = 1; sequence <= 3L * MANY; sequence++) {
            index.put(7, sequence, random.nextLong(), location(sequence));
            if (sequence > 1_000) {
                assertEquals(location(low), index.remove(7, low++));
            }
            if (sequence == MANY) {
                before = index.bytes();
            }
            if (sequence % 100 == 0) {
                assertEquals(low, index.nextAfter(7, 0));
            }
        }
        assertEquals(1_000, index.size());
        assertTrue(index.bytes() - before <= PAGE_BYTES, before + " became " + index.bytes());
        index.close();
    }
}
