package network.conet.edge.relay.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.function.LongSupplier;
import network.conet.edge.testkit.SimNetwork;
import org.junit.jupiter.api.Test;

class ReplayMemoryTest {
    /** The same in the plainest words: a set, and the order in which to forget. */
    private static final class Model {
        private final int capacity;
        private final Set<Long> known = new HashSet<>();
        private final Queue<Long> order = new ArrayDeque<>();

        private Model(int capacity) {
            this.capacity = capacity;
        }

        private boolean isFirst(long fingerprint) {
            long entry = fingerprint == 0 ? 1 : fingerprint;
            if (known.contains(entry)) {
                return false;
            }
            if (order.size() == capacity) {
                known.remove(order.remove());
            }
            known.add(entry);
            order.add(entry);
            return true;
        }
    }

    @Test
    void behavesAsASetThatForgetsTheOldest() {
        SimNetwork.eachSeed(200, seed -> {
            Random random = new Random(seed);
            int capacity = 1 << random.nextInt(6);
            compare(capacity, 2000, () -> random.nextInt(3 * capacity) - capacity);
        });
    }

    @Test
    void closesGapsWhenHomesCollideAndRunsWrapAroundTheEndOfTheTable() {
        SimNetwork.eachSeed(200, seed -> {
            Random random = new Random(seed);
            int capacity = 4 << random.nextInt(3);
            int places = 2 * capacity;
            // Few homes, at the end and the begin of the table; the upper bits tell the entries apart.
            compare(capacity, 3000, () -> {
                long home = random.nextInt(4) == 0 ? random.nextInt(places) : (places - 2 + random.nextInt(4)) % places;
                return (long) random.nextInt(2 * capacity) << 32 | home;
            });
        });
    }

    @Test
    void takesZeroAsAnyOther() {
        ReplayMemory memory = new ReplayMemory(2);
        assertTrue(memory.isFirst(0));
        assertFalse(memory.isFirst(0));
    }

    @Test
    void remembersExactlyItsCapacity() {
        ReplayMemory memory = new ReplayMemory(4);
        for (long i = 10; i < 14; i++) {
            assertTrue(memory.isFirst(i));
        }
        assertFalse(memory.isFirst(10), "the oldest of four is remembered");
        assertTrue(memory.isFirst(14));
        assertTrue(memory.isFirst(10), "the oldest of five is forgotten");
        assertFalse(memory.isFirst(12), "a repetition does not make it younger or older");
    }

    @Test
    void refusesACapacityThatIsNoPowerOfTwo() {
        assertThrows(IllegalArgumentException.class, () -> new ReplayMemory(3));
        assertThrows(IllegalArgumentException.class, () -> new ReplayMemory(0));
        assertTrue(new ReplayMemory(1).isFirst(5));
    }

    private static void compare(int capacity, int steps, LongSupplier next) {
        ReplayMemory memory = new ReplayMemory(capacity);
        Model model = new Model(capacity);
        for (int step = 0; step < steps; step++) {
            long fingerprint = next.getAsLong();
            assertEquals(model.isFirst(fingerprint), memory.isFirst(fingerprint),
                    "step " + step + ", fingerprint " + fingerprint + ", capacity " + capacity);
        }
    }
}
