package network.conet.edge.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import network.conet.edge.crypto.Wallet;
import network.conet.edge.protocol.service.ServiceCommands;
import network.conet.edge.protocol.service.ServiceVersion;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;

/**
 * A service is replaced ten times while several wallets call it without a pause, over the wire, in the distribution's
 * own framework: no call fails, and nobody hears an old version after a new one.
 */
class ServiceSwapTest {
    private static final int SWAPS = 10;
    private static final int CALLERS = 3;
    private static final String SERVICE = "named";

    @TempDir
    Path directory;

    private TestServices services;

    /** A way to put a version there. */
    private interface Swap {
        void to(String version, byte[] bundle) throws Exception;
    }

    @BeforeEach
    void makeNode() throws Exception {
        services = new TestServices(directory);
    }

    private TestFramework start(List<Path> more) throws Exception {
        List<Path> jars = new ArrayList<>(TestFramework.distribution());
        jars.addAll(more);
        TestFramework framework = TestFramework.start(
                TestFramework.FELIX, directory.resolve("framework"), services.properties(), jars);
        Await.until("serving", services.node()::isServing);
        return framework;
    }

    @Test
    void byFileDrop() throws Exception {
        try (TestFramework framework = start(List.of())) {
            swapUnderLoad((version, bundle) -> services.drop("named.conet", bundle));
            assertEquals(1, framework.locations().stream().filter(each -> each.endsWith("/named.conet")).count());
        }
    }

    @Test
    void byCommand() throws Exception {
        try (TestFramework framework = start(List.of())) {
            swapUnderLoad((version, bundle) ->
                    assertTrue(services.manage(ServiceCommands.UPDATE, bundle).isOk(), version));
            assertEquals(Bundle.ACTIVE, framework.bundle("conet.service.named").getState());
        }
    }

    @Test
    void byUpdateOfTheBundleInPlace() throws Exception {
        try (TestFramework framework = start(List.of())) {
            Bundle[] plain = new Bundle[1];
            swapUnderLoad((version, bundle) -> {
                if (plain[0] == null) {
                    plain[0] = framework.run("somewhere:named", bundle);
                } else {
                    plain[0].stop();
                    // Whoever replaces a bundle stops it first; calls do not wait for the new one.
                    for (int i = 0; i < CALLERS; i++) {
                        assertTrue(services.call(SERVICE).isOk());
                    }
                    plain[0].update(new ByteArrayInputStream(bundle));
                    plain[0].start();
                }
            });
        }
    }

    @Test
    void byDeploymentPackage() throws Exception {
        try (TestFramework framework = start(DeploymentPackages.bundles())) {
            swapUnderLoad((version, bundle) ->
                    DeploymentPackages.install(framework, SERVICE, version, bundle));
        }
    }

    private void swapUnderLoad(Swap swap) throws Exception {
        swap.to(version(0), bundle(0));
        Await.until("the first version", () -> services.answers(SERVICE, eight(0)));
        Queue<String> failures = new ConcurrentLinkedQueue<>();
        AtomicInteger goal = new AtomicInteger();
        ExecutorService threads = Executors.newFixedThreadPool(CALLERS);
        try {
            List<Future<Integer>> callers = new ArrayList<>();
            for (int i = 0; i < CALLERS; i++) {
                callers.add(threads.submit(caller(goal, failures)));
            }
            for (int number = 1; number <= SWAPS; number++) {
                swap.to(version(number), bundle(number));
                String expected = eight(number);
                Await.until("version " + number, () -> services.answers(SERVICE, expected));
            }
            goal.set(SWAPS);
            int calls = 0;
            for (Future<Integer> each : callers) {
                calls += each.get(1, TimeUnit.MINUTES);
            }
            assertEquals(List.of(), List.copyOf(failures));
            assertTrue(calls > CALLERS * SWAPS, calls + " calls");
        } finally {
            threads.shutdownNow();
        }
    }

    /** Calls from before the first swap to after the last. */
    private Callable<Integer> caller(AtomicInteger goal, Queue<String> failures) {
        Wallet wallet = Wallet.generate(new SecureRandom());
        return () -> {
            int calls = 0;
            int last = 0;
            while (last < SWAPS || goal.get() < SWAPS) {
                TestServices.Reply reply;
                try {
                    reply = services.call(wallet, SERVICE);
                } catch (Exception failed) {
                    failures.add(failed.toString());
                    return calls;
                }
                calls++;
                int heard = reply.outcome().string("version").flatMap(ServiceVersion::parse)
                        .map(ServiceVersion::micro).orElse(-1);
                if (!reply.isOk() || !reply.text().equals(eight(heard)) || heard < last) {
                    failures.add("after version " + last + ": " + reply);
                    return calls;
                }
                last = heard;
            }
            return calls;
        };
    }

    private byte[] bundle(int number) throws Exception {
        return services.bundle(SERVICE, version(number), eight(number));
    }

    private static String version(int number) {
        return "1.0." + number;
    }

    private static String eight(int number) {
        return "number%02d".formatted(number);
    }
}
