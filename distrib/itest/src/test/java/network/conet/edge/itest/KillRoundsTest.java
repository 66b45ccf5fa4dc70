package network.conet.edge.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The real process under load from real sockets, killed again and again, with one data directory all the time. More
 * rounds: {@code -Dkill.rounds=50}; the same dice again: {@code -Dkill.seed=...}, though threads fall as they like.
 * What a killed process has written the kernel still has: that it is also forced is for the tests with power cuts.
 */
class KillRoundsTest {
    private static final int ROUNDS = Integer.getInteger("kill.rounds", 3);
    private static final long SEED = Long.getLong("kill.seed", new SecureRandom().nextLong());
    private static final int MAILBOXES = 4;
    private static final int ACK_DELAY_MILLIS = 200;
    private static final int LOAD_MILLIS_MIN = 20;
    private static final int LOAD_MILLIS_MAX = 1500;
    /** More would fill the log, of which half is free: then nothing is stored and a kill proves nothing. */
    private static final int LOAD_BYTES_MAX = 2 << 20;
    private static final int START_MILLIS_MAX = 2500;
    private static final long END_SECONDS_MAX = 60;

    /** When so many bytes are stored, whoever waits goes on at once: a kill right behind a 200 is the hardest. */
    private record Goal(long bytes, CountDownLatch reached) {}

    private final Random dice = new Random(SEED);
    private final KillLedger ledger = new KillLedger(TimeUnit.MILLISECONDS.toNanos(ACK_DELAY_MILLIS));
    private final AtomicLong storedBytes = new AtomicLong();
    private volatile Goal goal = new Goal(Long.MAX_VALUE, new CountDownLatch(1));
    private final List<MailboxLoad> mailboxes = new ArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();

    @TempDir
    Path directory;

    private TestNode node;
    private Process process;
    private int startsKilled;

    @AfterEach
    void end() throws InterruptedException {
        if (process != null) {
            process.destroyForcibly().waitFor();
        }
        threads.shutdownNow();
        assertKept("at the end, seed " + SEED);
    }

    @Test
    @Timeout(value = 30, unit = TimeUnit.MINUTES)
    void everythingAnsweredIsThereAfterEveryKill() throws Exception {
        System.out.println("kill rounds: " + ROUNDS + ", seed " + SEED);
        // So little may wait for the disk that some of the load is refused.
        node = new TestNode(directory, MAILBOXES, "storage.ackDelayMillis = " + ACK_DELAY_MILLIS,
                "storage.flash = sd", "storage.pendingBytesMax = 65536");
        for (int i = 0; i < MAILBOXES; i++) {
            mailboxes.add(new MailboxLoad(node, i, ledger, this::stored, dice.nextLong()));
        }
        for (int round = 1; round <= ROUNDS; round++) {
            if (dice.nextInt(4) == 0) {
                killWhileItStarts();
            }
            live(round, LOAD_MILLIS_MIN + dice.nextInt(LOAD_MILLIS_MAX - LOAD_MILLIS_MIN),
                    1 + dice.nextInt(LOAD_BYTES_MAX));
        }
        live(ROUNDS + 1, 0, 0);
        long diskBytes = diskBytes();
        assertTrue(ROUNDS < 50 || storedBytes.get() > 2 * diskBytes, "the log did not go around twice");
        System.out.printf("kill rounds: %d, and %d kills while it started; %s; %.1f MiB through a log of %.1f MiB,"
                + " around %.1f times; seed %d%n", ROUNDS, startsKilled, ledger, mebibytes(storedBytes.get()),
                mebibytes(diskBytes), (double) storedBytes.get() / diskBytes, SEED);
    }

    private void killWhileItStarts() throws Exception {
        process = node.process(TestFramework.DISTRIBUTION).start();
        assertFalse(process.waitFor(dice.nextInt(START_MILLIS_MAX), TimeUnit.MILLISECONDS), this::printed);
        process.destroyForcibly().waitFor();
        startsKilled++;
    }

    /** One life of the node: what it owes comes; then load, and the kill in the middle of it. */
    private void live(int round, int loadMillis, int loadBytes) throws Exception {
        startServing();
        CountDownLatch dead = new CountDownLatch(1);
        List<Future<Void>> listeners = new ArrayList<>();
        for (MailboxLoad mailbox : mailboxes) {
            listeners.add(threads.submit(mailbox.listen()));
        }
        for (MailboxLoad mailbox : mailboxes) {
            mailbox.settle();
        }
        List<Future<Void>> work = new ArrayList<>(listeners);
        for (MailboxLoad mailbox : mailboxes) {
            work.add(threads.submit(mailbox.acknowledge(dead)));
        }
        Await.until("the oldest mail is acknowledged", () -> !ledger.hasOld());
        int storedBefore = ledger.stored();
        long begin = System.nanoTime();
        if (loadMillis > 0) {
            load(work, dead, loadMillis, loadBytes);
        }
        assertTrue(listeners.stream().noneMatch(Future::isDone), "the node closed a listener");
        process.destroyForcibly().waitFor();
        long lasted = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
        dead.countDown();
        for (Future<Void> one : work) {
            one.get(END_SECONDS_MAX, TimeUnit.SECONDS);
        }
        System.out.println("round " + round + ": killed after " + lasted + " ms (dice: " + loadMillis + " ms or "
                + loadBytes / 1024 + " KiB), " + (ledger.stored() - storedBefore) + " messages stored");
        ledger.killed();
        String where = "round " + round + ", seed " + SEED;
        assertKept(where);
        assertEquals("", printed(), where);
    }

    private void assertKept(String where) {
        assertEquals("", String.join("\n", ledger.violations()), where);
    }

    /** Load until the time is over, or so many bytes are stored. */
    private void load(List<Future<Void>> work, CountDownLatch dead, int millis, int bytes) throws Exception {
        goal = new Goal(storedBytes.get() + bytes, new CountDownLatch(1));
        for (MailboxLoad mailbox : mailboxes) {
            for (Callable<Void> sender : mailbox.send(dead)) {
                work.add(threads.submit(sender));
            }
        }
        goal.reached.await(millis, TimeUnit.MILLISECONDS);
        assertTrue(process.isAlive(), this::printed);
    }

    private void stored(int bytes) {
        if (storedBytes.addAndGet(bytes) >= goal.bytes) {
            goal.reached.countDown();
        }
    }

    private void startServing() throws Exception {
        process = node.process(TestFramework.DISTRIBUTION).start();
        Await.until("serving", () -> {
            assertTrue(process.isAlive(), this::printed);
            return node.isServing();
        });
        Await.until("routes", node::hasRoutes);
    }

    private String printed() {
        try {
            return Files.readString(directory.resolve("err")) + Files.readString(directory.resolve("out"));
        } catch (IOException failed) {
            return failed.toString();
        }
    }

    /** Room that the mailbox takes, whatever its files are. */
    private long diskBytes() throws IOException {
        try (Stream<Path> files = Files.walk(node.data().resolve("mailbox"))) {
            return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
        }
    }

    private static double mebibytes(long bytes) {
        return bytes / (double) (1 << 20);
    }
}
