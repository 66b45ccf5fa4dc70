package network.conet.edge.client.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import network.conet.edge.client.ClientException;
import network.conet.edge.client.ClientException.Kind;
import network.conet.edge.protocol.RefusedException;
import network.conet.edge.protocol.service.ServiceBundle;
import network.conet.edge.protocol.service.ServiceManifest;
import network.conet.edge.services.engine.ChicoryEngine;
import network.conet.edge.services.engine.CompileCache;
import network.conet.edge.services.guest.GuestEntry;
import network.conet.edge.services.guest.GuestLimits;
import network.conet.edge.services.guest.GuestModule;
import network.conet.edge.services.guest.GuestResult;
import network.conet.edge.services.guest.Watchdog;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code conet service test}. */
@Command(name = "test", mixinStandardHelpOptions = true,
        description = "Runs tests/NAME.in in the host that nodes have; expects the reply tests/NAME.out, or the fault"
            + " that tests/NAME.reason names.")
final class ServiceTestCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--directory", paramLabel = "DIR", defaultValue = ".",
            description = "Of the service; default: here")
    private Path directory;

    @Override
    public Integer call() throws ClientException, InterruptedException {
        Integer[] exit = new Integer[1];
        ClientException[] trouble = new ClientException[1];
        // Guests need the stack that nodes give them.
        Thread thread = new Thread(null, () -> {
            try {
                exit[0] = run();
            } catch (ClientException failed) {
                trouble[0] = failed;
            }
        }, "conet-service-test", GuestModule.STACK_BYTES);
        thread.start();
        thread.join();
        if (trouble[0] != null) {
            throw trouble[0];
        }
        return exit[0];
    }

    private int run() throws ClientException {
        ServiceBundle bundle = ServiceProject.bundle(directory);
        PrintWriter out = spec.commandLine().getOut();
        LocalHost host = new LocalHost(spec.commandLine().getErr());
        int failed = 0;
        int passed = 0;
        try (Watchdog watchdog = new Watchdog(Settings.CLOCK)) {
            GuestModule module = load(bundle, watchdog);
            if (module.has(GuestEntry.SELF_TEST)) {
                GuestResult result = module.call(GuestEntry.SELF_TEST, new byte[0], host);
                failed += result.isOk() ? 0 : 1;
                out.println("self-test: " + text(result));
            }
            for (Path input : inputs()) {
                boolean isRight = run(module, host, input, out);
                passed += isRight ? 1 : 0;
                failed += isRight ? 0 : 1;
            }
        } catch (IOException unreadable) {
            throw new ClientException(Kind.SETUP, "the tests cannot be read: " + unreadable.getMessage());
        }
        out.println(passed + " passed, " + failed + " failed");
        out.flush();
        return failed == 0 ? 0 : Kind.REFUSED.exitCode();
    }

    private static GuestModule load(ServiceBundle bundle, Watchdog watchdog) throws ClientException {
        ServiceManifest manifest = bundle.manifest();
        ServiceManifest.Limits limits = manifest.limits();
        try {
            return GuestModule.load(bundle.wasm(), manifest.capabilities().keySet(),
                    new GuestLimits(limits.fuel(), Duration.ofMillis(limits.deadlineMillis()), limits.memoryPages(),
                            limits.outputBytes(), limits.callsInFlight()),
                    new ChicoryEngine(CompileCache.none()), watchdog);
        } catch (RefusedException refused) {
            throw new ClientException(Kind.REFUSED, "a node would refuse service.wasm: " + refused.getMessage());
        }
    }

    private List<Path> inputs() throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve("tests"))) {
            return files.filter(file -> file.toString().endsWith(".in")).sorted().toList();
        }
    }

    private static boolean run(GuestModule module, LocalHost host, Path input, PrintWriter out) throws IOException {
        String name = input.getFileName().toString().replaceFirst("\\.in$", "");
        GuestResult result = module.call(GuestEntry.CALL, Files.readAllBytes(input), host);
        byte[] reply = host.takeReply();
        Path reason = input.resolveSibling(name + ".reason");
        if (Files.exists(reason)) {
            boolean isRefused = result.fault().filter(
                    fault -> readLine(reason).equals(fault.label())).isPresent();
            out.println(name + ": " + text(result) + (isRefused ? ", as expected" : ", expected " + readLine(reason)));
            return isRefused;
        }
        byte[] expected = Files.readAllBytes(input.resolveSibling(name + ".out"));
        boolean isRight = result.isOk() && Arrays.equals(reply, expected);
        out.println(name + ": " + text(result) + (isRight || !result.isOk() ? "" : ", but the reply has "
                + reply.length + " bytes that are not the " + expected.length + " expected"));
        return isRight;
    }

    private static String readLine(Path file) {
        try {
            return Files.readString(file).trim();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static String text(GuestResult result) {
        return (result.isOk() ? "ok" : result.fault().orElseThrow().label()) + ", fuel " + result.fuel();
    }
}
