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
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * {@code conet-edge storage ...} and {@code conet-edge backup ...}: the operator's commands. Each is in the bundle that
 * owns what it reads, and runs on a plain class path of the few bundles that it needs; no framework is started.
 */
enum ToolCommand {
    STORAGE("network.conet.edge.storage.internal.cli.StorageTool", "check|stats|export|compact ...",
            List.of("network.conet.edge.storage-", "network.conet.edge.wraps.mapdb-")),
    BACKUP("network.conet.edge.crypto.internal.BackupTool", "create|show|restore ...",
            List.of("network.conet.edge.crypto-", "bcprov-", "bcpg-", "bcutil-"));

    private static final int WRONG_ARGUMENTS = 2;
    private static final List<String> COMMON = List.of("network.conet.edge.api-", "network.conet.edge.protocol-",
            "pax-logging-api-");
    private static final List<String> PLACES = List.of("--data", "--config");

    private final String tool;
    private final String usage;
    private final List<String> bundles;

    ToolCommand(String tool, String usage, List<String> bundles) {
        this.tool = tool;
        this.usage = "usage: conet-edge " + name().toLowerCase(Locale.ROOT) + " " + usage
                + " [--data DIR] [--config FILE]";
        this.bundles = bundles;
    }

    /** The command that a first argument names. */
    static Optional<ToolCommand> of(String word) {
        return Stream.of(values()).filter(command -> command.name().toLowerCase(Locale.ROOT).equals(word)).findFirst();
    }

    /**
     * Runs one command.
     *
     * @param home the directory of the distribution
     * @param arguments behind its name
     * @return the exit status
     */
    int run(Path home, List<String> arguments, Map<String, String> environment) throws IOException {
        List<String> places = new ArrayList<>();
        List<String> own = new ArrayList<>();
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            boolean isPlace = PLACES.contains(argument);
            if (isPlace && i + 1 == arguments.size()) {
                return Launcher.fail(WRONG_ARGUMENTS, argument + " needs a value; " + usage);
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
                ToolCommand.class.getClassLoader())) {
            Method run = loader.loadClass(tool).getMethod("run", Path.class, Path.class, List.class,
                    PrintStream.class, PrintStream.class, LongSupplier.class, LongSupplier.class);
            LongSupplier epochMillis = System::currentTimeMillis;
            LongSupplier monotonicNanos = System::nanoTime;
            return (int) run.invoke(null, options.data(), options.config(), own, System.out, System.err, epochMillis,
                    monotonicNanos);
        } catch (InvocationTargetException defect) {
            return Launcher.fail(Launcher.BROKEN, "a defect: " + defect.getCause());
        } catch (ReflectiveOperationException missing) {
            return Launcher.fail(Launcher.BROKEN, "the installation is not whole: " + missing);
        }
    }

    private URL[] bundles(Path directory) throws IOException {
        List<URL> urls = new ArrayList<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path jar : files.sorted().toList()) {
                String name = jar.getFileName().toString();
                if (Stream.concat(COMMON.stream(), bundles.stream()).anyMatch(name::startsWith)) {
                    urls.add(jar.toUri().toURL());
                }
            }
        }
        return urls.toArray(URL[]::new);
    }
}
