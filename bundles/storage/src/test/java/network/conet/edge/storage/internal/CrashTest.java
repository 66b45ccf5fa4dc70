package network.conet.edge.storage.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.UnaryOperator;
import network.conet.edge.api.Volume;
import org.junit.jupiter.api.Test;

/** Power cuts at every change of the disk. */
class CrashTest {
    private static final long SEED = Long.getLong("sim.seed", 20261123L);
    private static final int RUNS = Integer.getInteger("sim.runs", 8);
    private static final int STEPS = 260;

    @Test
    void losesNothingAtAnyPowerCut() throws Exception {
        int states = 0;
        int full = 0;
        long generations = 0;
        long reopened = 0;
        int kills = 0;
        for (long seed = SEED; seed < SEED + RUNS; seed++) {
            long now = seed;
            Simulation simulation = new Simulation(seed, UnaryOperator.identity());
            simulation.start();
            simulation.run(STEPS);
            reopened += simulation.reopened;
            kills += simulation.kills;
            generations += simulation.generations();
            states += simulation.volume.crashStates(seed, (moment, survival, disk) -> assertNull(
                    simulation.wrongAt(moment, disk), () -> "seed " + now + " change " + moment + " " + survival));
            full += simulation.statesFull;
        }
        assertTrue(states >= 2000, states + " states");
        assertTrue(full < states / 3, full + " of " + states + " had no room for one more");
        assertTrue(2 * generations > 3L * RUNS * Simulation.SETTINGS.log().segmentsMax(),
                generations + " segment lives");
        assertTrue(kills >= RUNS, kills + " killed amid a write");
        assertTrue(reopened >= 3, reopened + " reopened");
    }

    @Test
    void harnessCatchesStoreThatCompletesBeforeForce() throws Exception {
        assertTrue(wrongStates(inner -> new LazyVolume(inner, false)) > 0);
    }

    @Test
    void harnessCatchesStoreThatReusesSegmentsBeforeTheirMarkIsDurable() throws Exception {
        assertTrue(wrongStates(inner -> new LazyVolume(inner, true)) > 0);
    }

    private static int wrongStates(UnaryOperator<Volume> broken) throws Exception {
        Simulation simulation = new Simulation(SEED, broken);
        simulation.start();
        simulation.run(STEPS);
        int[] wrong = {0};
        simulation.volume.crashStates(SEED, (moment, survival, disk) -> {
            if (wrong[0] == 0 && simulation.wrongAt(moment, disk) != null) {
                wrong[0]++;
            }
        });
        return wrong[0];
    }

    @Test
    void findsEverythingAgainAfterManyRestartsWithoutPowerCut() throws Exception {
        Simulation simulation = new Simulation(SEED + 99, UnaryOperator.identity());
        simulation.start();
        for (int i = 0; i < 20; i++) {
            simulation.run(40);
            simulation.reopen(i % 2 == 0);
        }
        assertNull(simulation.wrongAt(simulation.volume.changes() + 1, simulation.volume.copy()));
        assertEquals(0, simulation.refusedFailed);
    }

    /** A disk whose force does nothing; or does nothing after the write that begins a segment. */
    private static final class LazyVolume implements Volume {
        private final Volume inner;
        private final boolean headersOnly;

        LazyVolume(Volume inner, boolean headersOnly) {
            this.inner = inner;
            this.headersOnly = headersOnly;
        }

        @Override
        public List<String> list() throws IOException {
            return inner.list();
        }

        @Override
        public File open(String name) throws IOException {
            File file = inner.open(name);
            return new File() {
                private boolean skip = !headersOnly;

                @Override
                public long sizeBytes() throws IOException {
                    return file.sizeBytes();
                }

                @Override
                public int read(ByteBuffer target, long position) throws IOException {
                    return file.read(target, position);
                }

                @Override
                public void write(ByteBuffer source, long position) throws IOException {
                    skip = !headersOnly || position == 0;
                    file.write(source, position);
                }

                @Override
                public void truncate(long sizeBytes) throws IOException {
                    file.truncate(sizeBytes);
                }

                @Override
                public void force() throws IOException {
                    if (!skip) {
                        file.force();
                    }
                }

                @Override
                public void close() throws IOException {
                    file.close();
                }
            };
        }

        @Override
        public void delete(String name) throws IOException {
            inner.delete(name);
        }

        @Override
        public void forceDirectory() throws IOException {
            inner.forceDirectory();
        }

        @Override
        public long freeBytes() throws IOException {
            return inner.freeBytes();
        }
    }
}
