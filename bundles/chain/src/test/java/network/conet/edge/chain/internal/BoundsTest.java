package network.conet.edge.chain.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import network.conet.edge.api.Counter;
import network.conet.edge.api.PlainCounters;
import network.conet.edge.chain.ChainLimits;
import network.conet.edge.protocol.Epoch;
import org.junit.jupiter.api.Test;

/** The small parts: allowances, misses, epochs, and the relations between bounds. */
final class BoundsTest {
    private final PlainCounters counters = new PlainCounters();
    private final EpochBeat beat = new EpochBeat(counters);
    private final List<Long> begun = new ArrayList<>();

    @Test
    void bucketFillsEvenlyOverADay() {
        TokenBucket bucket = new TokenBucket(4, 4, 0);
        for (int i = 0; i < 4; i++) {
            assertTrue(bucket.take(0));
        }
        assertFalse(bucket.take(0));
        assertFalse(bucket.take(TimeUnit.HOURS.toNanos(6) - 1_000_000));
        assertTrue(bucket.take(TimeUnit.HOURS.toNanos(6) + 1_000_000));
        bucket.giveBack();
        assertTrue(bucket.take(TimeUnit.HOURS.toNanos(6) + 1_000_000));
        assertFalse(new TokenBucket(0, 0, 0).take(0));
    }

    @Test
    void missIsForgottenAfterItsTime() {
        Misses<Integer> misses = new Misses<>();
        misses.add(1, 0);
        long end = TimeUnit.MILLISECONDS.toNanos(ChainLimits.MISS_MILLIS);
        assertTrue(misses.contains(1, end - 1));
        assertFalse(misses.contains(1, end));
    }

    @Test
    void oldestMissIsForgottenBeyondTheBound() {
        Misses<Integer> misses = new Misses<>();
        for (int i = 0; i < ChainLimits.MISSES_MAX; i++) {
            misses.add(i, 0);
        }
        assertTrue(misses.contains(0, 0));
        misses.add(-1, 0);
        assertEquals(ChainLimits.MISSES_MAX, misses.size());
        assertFalse(misses.contains(0, 0));
    }

    @Test
    void eachEvenBlockBeginsOneEpochInOrder() {
        beat.add(epoch -> begun.add(epoch.number()));
        for (long block : new long[] {1001, 1001, 1002, 1003, 1007, 1006, 1008}) {
            beat.advance(block, new Epoch(0, 1.5, 2, 3));
        }
        assertEquals(List.of(1000L, 1002L, 1004L, 1006L, 1008L), begun);
        assertEquals(new Epoch(1008, 1.5, 2, 3), beat.current());
        assertEquals(5, counters.value(Counter.EPOCHS_BEGUN));
        assertEquals(0, beat.skipped());
    }

    @Test
    void makesUpForAsManyEpochsAsAllowedAndCountsTheRest() {
        beat.advance(1000, Epoch.UNKNOWN);
        beat.add(epoch -> begun.add(epoch.number()));
        beat.advance(1000 + 2L * ChainLimits.EPOCHS_MADE_UP_MAX, Epoch.UNKNOWN);
        assertEquals(ChainLimits.EPOCHS_MADE_UP_MAX, begun.size());
        assertEquals(0, beat.skipped());
        begun.clear();
        long from = beat.current().number();
        beat.advance(from + 2L * ChainLimits.EPOCHS_MADE_UP_MAX + 2, Epoch.UNKNOWN);
        assertEquals(ChainLimits.EPOCHS_MADE_UP_MAX, begun.size());
        assertEquals(from + 4, begun.get(0));
        assertEquals(1, beat.skipped());
    }

    @Test
    void listenerThatThrowsDoesNotStopTheOthers() {
        beat.add(epoch -> {
            throw new IllegalStateException("as meant");
        });
        beat.add(epoch -> begun.add(epoch.number()));
        beat.advance(2, Epoch.UNKNOWN);
        beat.advance(4, Epoch.UNKNOWN);
        assertEquals(List.of(2L, 4L), begun);
    }

    @Test
    void boundsFitEachOther() {
        int page = 2 * ChainLimits.NODES_PER_PAGE * (ChainLimits.PUBLIC_KEY_CHARS_MAX + 640);
        assertTrue(page < ChainLimits.ANSWER_BYTES_MAX, "a full page can be read");
        assertTrue(ChainLimits.NODES_PER_PAGE <= ChainLimits.BATCH_MAX, "its wallets are one batch");
        assertTrue(2 * ChainLimits.QUESTIONS_PER_REQUEST <= ChainLimits.BATCH_MAX);
        assertTrue(ChainLimits.NODES_MAX % ChainLimits.NODES_PER_PAGE == 0);
        assertTrue(ChainLimits.REREAD_BLOCKS < ChainLimits.LOG_BLOCKS_PER_REQUEST);
    }
}
