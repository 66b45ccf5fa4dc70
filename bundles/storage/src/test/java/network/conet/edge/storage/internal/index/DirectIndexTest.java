package network.conet.edge.storage.internal.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** What a place off the heap must not cost. */
class DirectIndexTest {
    private static final int MANY = 200_000;
    private static final int STEPS_MAX_BYTES = 1 << 20;

    private static long location(long sequence) {
        return sequence / 900 << 47 | sequence * 4096 % (1 << 26) << 21 | 1100;
    }

    private static double bytesEach(int mailboxes, String what) {
        Random random = new Random(1);
        DirectIndex index = new DirectIndex();
        long empty = index.bytes();
        long[] boxes = random.longs(mailboxes).toArray();
        for (long sequence = 1; sequence <= MANY; sequence++) {
            index.put(boxes[random.nextInt(mailboxes)], sequence, random.nextLong(), location(sequence));
        }
        double each = (double) (index.bytes() - empty) / MANY;
        index.close();
        System.err.println(what + ": " + each + " bytes a message");
        return each;
    }

    @Test
    void messageTakesFewBytesWhetherMailboxesAreFullOrNot() {
        assertTrue(bytesEach(1, "one mailbox") < 48);
        assertTrue(bytesEach(1_000, "a thousand") < 48);
        assertTrue(bytesEach(MANY, "one message each") < 64);
    }

    @Test
    void queueThatWasLongAndIsShortAnswersWithoutWalking() {
        DirectIndex index = new DirectIndex();
        Random random = new Random(1);
        long low = 1;
        long bytes = 0;
        for (long sequence = 1; sequence <= 5L * MANY; sequence++) {
            index.put(7, sequence, random.nextLong(), location(sequence));
            if (sequence > 1_000) {
                assertEquals(location(low), index.remove(7, low++));
            }
            if (sequence == MANY) {
                bytes = index.bytes();
            }
            if (sequence % 100 == 0) {
                assertEquals(low, index.nextAfter(7, 0));
            }
        }
        assertEquals(1_000, index.size());
        assertTrue(index.bytes() - bytes <= STEPS_MAX_BYTES, bytes + " became " + index.bytes());
        index.close();
    }
}
