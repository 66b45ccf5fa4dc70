package network.conet.edge.itest;

import static org.junit.jupiter.api.Assertions.fail;

import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Waits for what another thread or process does and cannot report. */
final class Await {
    private static final long LOOK_MILLIS = 50;
    private static final int LOOKS_MAX = 1200;

    private Await() {}

    /** Looks again and again until the condition holds; fails after a minute. */
    static void until(String what, Callable<Boolean> condition) throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        for (int i = 0; i < LOOKS_MAX; i++) {
            if (condition.call()) {
                return;
            }
            never.await(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        }
        fail("still not: " + what);
    }
}
