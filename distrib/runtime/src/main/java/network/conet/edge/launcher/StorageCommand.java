package network.conet.edge.launcher;

import java.io.IOException;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * {@code conet-edge storage ...}: the operator's commands on the mailbox. They are in the storage bundle, because they
 * read what it writes, and run on a plain class path of the few bundles that they need; no framework is started.
 */
final class StorageCommand {
    /** The first argument that leads here. */
    static final String NAME = "storage";

    private static final String USAGE =
            "usage: conet-edge storage check|stats|export|compact ... [--data DIR] [--config FILE]";
    private static final int WRONG_ARGUMENTS = 2;
    private static final String TOOL = "network.conet.edge.storage.internal.cli.StorageTool";
    private static final List<String> BUNDLES = List.of("network.conet.edge.api-", "network.conet.edge.protocol-",
            "network.conet.edge.storage-", "network.conet.edge.wraps.mapdb-", "pax-logging-api-");
    private static final List<String> PLACES = List.of("--data", "--config");

    private StorageCommand() {}

    /**
     * Runs one command.
     *
     * @param home the directory of the distribution
     * @param arguments behind {@value #NAME}
     * @return the exit status
     */
    static int run(Path home, List<String> arguments, Map<String, String> environment) throws IOException {
        List<String> places = new ArrayList<>();
        List<String> own = new ArrayList<>();
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            boolean isPlace = PLACES.contains(argument);
            if (isPlace && i + 1 == arguments.size()) {
                return Launcher.fail(WRONG_ARGUMENTS, argument + " needs a value; " + USAGE);
            }
            (isPlace ? places : own).add(argument);
            if (isPlace) {
                places.add(arguments.get(++i));
            }
        }
        Options options;
        try {
            options = Options.parse(home, places, environment);
        } catch (IllegalArgumentException bad) {
            return Launcher.fail(WRONG_ARGUMENTS, bad.getMessage());
        }
        // What went wrong is the command's to say, in one line.
        System.setProperty("org.ops4j.pax.logging.DefaultServiceLog.level", "NONE");
        try (URLClassLoader loader = new URLClassLoader(bundles(options.home().resolve("bundles")),
                StorageCommand.class.getClassLoader())) {
            Method tool = loader.loadClass(TOOL).getMethod("run", Path.class, Path.class, List.class,
                    PrintStream.class, PrintStream.class, LongSupplier.class, LongSupplier.class);
            LongSupplier epochMillis = System::currentTimeMillis;
            LongSupplier monotonicNanos = System::nanoTime;
            return (int) tool.invoke(null, options.data(), options.config(), own, System.out, System.err, epochMillis,
                    monotonicNanos);
        } catch (InvocationTargetException defect) {
            return Launcher.fail(Launcher.BROKEN, "a defect: " + defect.getCause());
        } catch (ReflectiveOperationException missing) {
            return Launcher.fail(Launcher.BROKEN, "the installation is not whole: " + missing);
        }
    }

    private static URL[] bundles(Path directory) throws IOException {
        List<URL> urls = new ArrayList<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path jar : files.sorted().toList()) {
                if (BUNDLES.stream().anyMatch(jar.getFileName().toString()::startsWith)) {
                    urls.add(jar.toUri().toURL());
                }
            }
        }
        return urls.toArray(URL[]::new);
    }
}
