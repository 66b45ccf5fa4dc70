package network.conet.edge.relay.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.RefusedException;
import org.junit.jupiter.api.Test;

class SpentCommandsTest {
    private static final long NOW = 1_700_000_000L;

    @Test
    void remembersAsLongAsACommandIsTimely() throws RefusedException {
        for (long timestamp = NOW; timestamp <= NOW + 600; timestamp += 50) {
            SpentCommands spent = new SpentCommands(10, NOW);
            assertTrue(spent.isFirst(7, timestamp, NOW));
            for (long now = NOW; now <= timestamp + 600; now += 25) {
                assertFalse(spent.isFirst(7, timestamp, now), timestamp + " at " + now);
            }
        }
    }

    @Test
    void takesAsManyAsItMayAndThenRefusesUntilTheOldestAreOver() throws RefusedException {
        SpentCommands spent = new SpentCommands(3, NOW);
        for (int i = 1; i <= 3; i++) {
            assertTrue(spent.isFirst(i, NOW, NOW));
        }
        assertEquals(RefuseReason.SERVICE_BUSY, refused(spent, 4, NOW, NOW));
        for (int i = 1; i <= 3; i++) {
            assertFalse(spent.isFirst(i, NOW, NOW), "nothing was forgotten for it");
        }
        assertTrue(spent.isFirst(4, NOW + 1_200, NOW + 1_200));
    }

    @Test
    void refusesWhatIsOlderThanItself() throws RefusedException {
        SpentCommands spent = new SpentCommands(3, NOW);
        assertEquals(RefuseReason.TIMESTAMP_OUTSIDE_WINDOW, refused(spent, 1, NOW - 1, NOW));
        assertTrue(spent.isFirst(1, NOW, NOW));
    }

    @Test
    void knowsEachOfManyOnce() throws RefusedException {
        Random random = new Random(42);
        SpentCommands spent = new SpentCommands(1 << 16, NOW);
        List<Long> all = new ArrayList<>(List.of(0L, -1L, 64L, 128L));
        for (int i = 0; i < 20_000; i++) {
            all.add(random.nextLong());
        }
        for (long fingerprint : all) {
            assertTrue(spent.isFirst(fingerprint, NOW + Math.floorMod(fingerprint, 600), NOW));
        }
        for (long fingerprint : all) {
            assertFalse(spent.isFirst(fingerprint, NOW + Math.floorMod(fingerprint, 600), NOW));
        }
    }

    private static RefuseReason refused(SpentCommands spent, long fingerprint, long timestamp, long now) {
        return assertThrows(RefusedException.class, () -> spent.isFirst(fingerprint, timestamp, now)).reason();
    }
}
