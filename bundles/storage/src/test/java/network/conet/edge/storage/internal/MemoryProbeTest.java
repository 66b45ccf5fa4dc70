package network.conet.edge.storage.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A heap of 1600 bytes. */
class MemoryProbeTest {
    private long used;
    private long garbage;
    private int collected;
    private final MemoryProbe probe = new MemoryProbe(new MemoryProbe.Heap() {
        @Override
        public long usedBytes() {
            return used + garbage;
        }

        @Override
        public long maxBytes() {
            return 1600;
        }

        @Override
        public void collect() {
            collected++;
            garbage = 0;
        }
    });

    @Test
    void garbageIsNoShortage() {
        garbage = 1600;
        assertFalse(askAt(0));
        assertFalse(askAt(9));
        assertEquals(0, collected);
        assertFalse(askAt(10));
        assertEquals(1, collected);
    }

    @Test
    void whatIsLeftAfterCollectingIsUntilItIsLess() {
        used = 1501;
        assertFalse(askAt(0));
        assertTrue(askAt(10));
        assertTrue(askAt(20));
        assertEquals(1, collected, "not again and again");
        used = 1500;
        assertFalse(askAt(21));
    }

    @Test
    void collectsAtMostOnceInFiveMinutes() {
        used = 1400;
        for (int second = 0; second < 600; second++) {
            garbage = 200;
            assertFalse(askAt(second));
        }
        assertEquals(2, collected);
    }

    private boolean askAt(long seconds) {
        return probe.isShort(TimeUnit.SECONDS.toNanos(seconds));
    }
}
