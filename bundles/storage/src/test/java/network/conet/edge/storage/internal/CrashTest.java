package network.conet.edge.storage.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import network.conet.edge.api.Counter;
import network.conet.edge.api.Volume;
import network.conet.edge.testkit.CrashVolume;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Power cuts at every change of the disk, and again while what they left is opened and worked with. With
 * {@code -Dsim.seed=} and {@code -Dsim.runs=} other and more runs are made.
 */
class CrashTest {
    private static final long SEED = Long.getLong("sim.seed", 20261123L);
    private static final Integer RUNS = Integer.getInteger("sim.runs");
    private static final int STEPS = 260;
    private static final int STEPS_AFTER = 14;
    private static final int DEPTH = 3;
    /** One of so many states is worked with further. */
    private static final int DEEPER = 300;

    private int states;
    private int disks;
    private int deepest;

    /** Settings, runs, and distinct states that they give at least: 15,000 in all. */
    static Stream<Arguments> media() {
        return Stream.of(Arguments.of("recycled files", Simulation.RECYCLED, 9, 4700),
                Arguments.of("snapshot and index off the heap", Simulation.SNAPSHOT, 8, 4700),
                Arguments.of("growing files", Simulation.GROWING, 4, 5600));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("media")
    void losesNothingAtAnyPowerCut(String name, StorageSettings settings, int runsWanted, int statesMin)
            throws Exception {
        int runs = RUNS == null ? runsWanted : RUNS;
        int full = 0;
        long generations = 0;
        int reopened = 0;
        int kills = 0;
        for (long seed = SEED; seed < SEED + runs; seed++) {
            Simulation simulation = new Simulation(settings, seed, UnaryOperator.identity());
            simulation.start();
            simulation.run(STEPS);
            assertTrue(simulation.counters.value(Counter.STORAGE_RECORDS_MOVED) > 0, "seed " + seed + " moved nothing");
            assertEquals(0, simulation.refusedFailed);
            reopened += simulation.reopened;
            kills += simulation.kills;
            generations += simulation.generations();
            cutEverywhere(simulation, "seed " + seed, seed, 1);
            full += simulation.statesFull;
        }
        System.out.println("Crash states with " + name + ": " + states + " distinct, " + disks + " disks, depth "
                + deepest);
        assertTrue(RUNS != null || states >= statesMin, states + " states");
        assertTrue(full < states / 2, full + " of " + states + " had no room for one more");
        assertTrue(2 * generations > 3L * runs * settings.log().segmentsMax(), generations + " segment lives");
        assertTrue(kills >= runs, kills + " killed amid a write");
        assertTrue(reopened >= runs, reopened + " reopened");
        assertTrue(deepest >= 2, "power cuts followed each other " + deepest + " times");
    }

    @Test
    void losesNothingWhenPowerCutsUseUpTheReserve() throws Exception {
        int goneOn = 0;
        for (StorageSettings settings : List.of(Simulation.tight(Simulation.RECYCLED),
                Simulation.tight(Simulation.GROWING))) {
            Simulation simulation = new Simulation(settings, SEED, UnaryOperator.identity());
            simulation.start();
            simulation.fillAndKill(4, 5);
            simulation.run(STEPS_AFTER);
            cutEverywhere(simulation, "tight", SEED, 1);
            goneOn += simulation.statesGoneOn;
        }
        assertTrue(goneOn > 0, "states in which the reserve was used up");
    }

    private void cutEverywhere(Simulation simulation, String path, long seed, int depth) throws Exception {
        deepest = Math.max(deepest, depth);
        Random choice = new Random(seed);
        simulation.volume.crashStates(seed, (moment, survival, disk) -> {
            String where = path + " change " + moment + " " + survival;
            boolean isDeeper = depth < DEPTH && choice.nextInt(DEEPER >> 2 * (depth - 1)) == 0;
            CrashVolume left = isDeeper ? disk.copy() : null;
            assertNull(simulation.wrongAt(moment, disk), where);
            if (isDeeper) {
                Simulation after = Simulation.on(left, simulation, moment, choice.nextLong());
                after.start();
                after.run(STEPS_AFTER);
                cutEverywhere(after, where + ", then", choice.nextLong(), depth + 1);
            }
        });
        states += simulation.states.size();
        disks += simulation.disks();
    }

    static Stream<Arguments> brokenStores() {
        return Stream.of(broken("completes before it forces", BrokenVolume::lazy),
                broken("uses segments again before their mark is safe", BrokenVolume::lazyHeaders),
                broken("frees segments before their copies are safe", BrokenVolume::lateCopies),
                broken("applies acknowledgements before messages are safe", BrokenVolume::lateMessages),
                broken("has its ledger unsafe", BrokenVolume::lateLedger),
                broken("has its values unsafe", BrokenVolume::lateValues),
                Arguments.of("uses a snapshot that does not fit any more", Simulation.SNAPSHOT,
                        (UnaryOperator<Volume>) CrashTest::staleSnapshot));
    }

    private static Arguments broken(String what, UnaryOperator<Volume> how) {
        return Arguments.of(what, Simulation.RECYCLED, how);
    }

    private static Volume staleSnapshot(Volume inner) {
        try {
            return BrokenVolume.staleSnapshot(inner);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("brokenStores")
    void harnessCatchesStoreThat(String what, StorageSettings settings, UnaryOperator<Volume> how) throws Exception {
        Simulation simulation = new Simulation(settings, SEED, how);
        simulation.start();
        simulation.run(STEPS);
        String[] wrong = {null};
        simulation.volume.crashStates(SEED, (moment, survival, disk) -> {
            // That it looks damaged is not enough: what is lost, or comes back, must be told.
            if (wrong[0] == null || wrong[0].contains("damage")) {
                wrong[0] = simulation.wrongAt(moment, disk);
            }
        });
        assertTrue(wrong[0] != null && !wrong[0].contains("damage"), "not caught: " + wrong[0]);
        System.out.println("Caught the store that " + what + ": " + wrong[0]);
    }

    @Test
    void findsEverythingAgainAfterManyRestartsWithoutPowerCut() throws Exception {
        for (StorageSettings settings : List.of(Simulation.RECYCLED, Simulation.SNAPSHOT, Simulation.GROWING)) {
            Simulation simulation = new Simulation(settings, SEED + 99, UnaryOperator.identity());
            simulation.start();
            for (int i = 0; i < 20; i++) {
                simulation.run(40);
                simulation.reopen(i % 2 == 0);
            }
            assertNull(simulation.wrongAt(simulation.volume.changes() + 1, simulation.volume.copy()));
            assertEquals(0, simulation.refusedFailed);
        }
    }
}
