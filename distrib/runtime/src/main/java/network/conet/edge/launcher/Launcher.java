package network.conet.edge.launcher;

import java.io.IOException;
import java.io.PrintStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;

/**
 * The process of a node. Exit status: 0 after a normal stop (143 when a signal asked for it), {@value #REFUSED} when
 * the node was told to do what it cannot, {@value #BROKEN} when a part of the distribution does not start. In the last
 * two cases one line on standard error says why. With {@code storage} or {@code backup} as the first argument no node
 * is started, see {@link ToolCommand}.
 */
public final class Launcher {
    static final int REFUSED = 78;
    static final int BROKEN = 70;

    /** Set by the node to the line that it has shown already. */
    private static final String REFUSED_PROPERTY = "conet.refused";

    private static final PrintStream ERR = System.err;
    private static final long STOP_MILLIS_MAX = 10_000;
    private static final long LOOK_MILLIS = 1_000;

    private final Framework framework;
    private volatile boolean isStopping;

    private Launcher(Framework framework) {
        this.framework = framework;
    }

    /** Runs the node until it is stopped. */
    public static void main(String[] arguments) throws Exception {
        int status = run(List.of(arguments));
        System.out.flush();
        System.exit(status);
    }

    private static int run(List<String> arguments) throws IOException, URISyntaxException, InterruptedException {
        Path jar = Path.of(Launcher.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        Optional<ToolCommand> command = arguments.stream().findFirst().flatMap(ToolCommand::of);
        if (command.isPresent()) {
            return command.get().run(jar.getParent().getParent(), arguments.subList(1, arguments.size()),
                    System.getenv());
        }
        Options options;
        try {
            options = Options.parse(jar.getParent().getParent(), arguments, System.getenv());
            makePrivate(options.data());
            makePrivate(options.run());
        } catch (IllegalArgumentException bad) {
            return fail(REFUSED, bad.getMessage());
        } catch (IOException failed) {
            return fail(REFUSED, "a directory cannot be made: " + failed);
        }
        // A refusing component also throws, and the framework prints that at length: an echo of the line shown.
        BooleanSupplier isRefused = () -> System.getProperty(REFUSED_PROPERTY) != null;
        System.setOut(new PrintStream(new Gate(System.out, isRefused), true));
        System.setErr(new PrintStream(new Gate(System.err, isRefused), true));
        Launcher launcher = new Launcher(ServiceLoader.load(FrameworkFactory.class)
                .findFirst()
                .orElseThrow(() -> new AssertionError("no OSGi framework on the class path"))
                .newFramework(properties(options)));
        Runtime.getRuntime().addShutdownHook(new Thread(launcher::stop, "conet-stop"));
        return launcher.run(options);
    }

    private static void makePrivate(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            Files.createDirectories(directory,
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
    }

    private static Map<String, String> properties(Options options) {
        Map<String, String> properties = new HashMap<>();
        properties.put("conet.data", options.data().toString());
        properties.put("conet.run", options.run().toString());
        properties.put("conet.config", options.config().toString());
        Path profile = options.run().resolve("device/profile.conf");
        if (Files.exists(profile)) {
            properties.put("conet.profile", profile.toString());
        }
        properties.put(Constants.FRAMEWORK_STORAGE, options.run().resolve("framework").toString());
        properties.put(Constants.FRAMEWORK_STORAGE_CLEAN, Constants.FRAMEWORK_STORAGE_CLEAN_ONFIRSTINIT);
        properties.put("org.ops4j.pax.logging.DefaultServiceLog.level", options.logLevel().toUpperCase(Locale.ROOT));
        properties.put("felix.log.level", "1");
        watchServices(properties, options);
        return properties;
    }

    /** File Install sees the files of services and nothing else; the bundle "services" takes them. */
    private static void watchServices(Map<String, String> properties, Options options) {
        properties.put("felix.fileinstall.dir", options.data().resolve("services").toString());
        properties.put("felix.fileinstall.filter", ".*\\.conet");
        properties.put("felix.fileinstall.subdir.mode", "skip");
        properties.put("felix.fileinstall.poll", "2000");
        properties.put("felix.fileinstall.noInitialDelay", "true");
        properties.put("felix.fileinstall.enableConfigSave", "false");
        properties.put("felix.fileinstall.tmpdir", options.run().resolve("fileinstall").toString());
        properties.put("felix.fileinstall.log.level", "1");
    }

    private int run(Options options) throws IOException, InterruptedException {
        String doing = "the framework";
        try {
            framework.init();
            List<Bundle> bundles = install(options.home().resolve("bundles"));
            // The bundle that gives logging knows its level only when it is active; before, it prints everything.
            bundles.sort(Comparator.comparing(bundle -> !exports(bundle, "org.slf4j")));
            framework.start();
            for (Bundle bundle : bundles) {
                if (header(bundle, Constants.FRAGMENT_HOST).isEmpty()) {
                    doing = "bundle " + bundle.getSymbolicName();
                    bundle.start();
                }
            }
        } catch (BundleException | IllegalStateException failed) {
            // A node that refuses, or is told to stop, stops also what is just being started.
            if (System.getProperty(REFUSED_PROPERTY) == null && !isStopping) {
                Throwable cause = failed.getCause() == null ? failed : failed.getCause();
                stop();
                return fail(BROKEN, doing + " does not start: "
                        + String.valueOf(cause.getMessage()).replaceAll("\\s+", " "));
            }
        }
        return await();
    }

    /** Nothing is copied: the framework reads the jars where they lie. None starts before all are installed. */
    private List<Bundle> install(Path directory) throws IOException, BundleException {
        List<Path> jars;
        try (Stream<Path> files = Files.list(directory)) {
            jars = files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
        }
        List<Bundle> bundles = new ArrayList<>();
        for (Path jar : jars) {
            bundles.add(framework.getBundleContext().installBundle("reference:" + jar.toUri()));
        }
        return bundles;
    }

    private static boolean exports(Bundle bundle, String name) {
        return header(bundle, Constants.EXPORT_PACKAGE).startsWith(name + ';');
    }

    private static String header(Bundle bundle, String name) {
        String value = bundle.getHeaders("").get(name);
        return value == null ? "" : value;
    }

    private int await() throws InterruptedException {
        while (framework.waitForStop(LOOK_MILLIS).getType() == FrameworkEvent.WAIT_TIMEDOUT) {
            if (System.getProperty(REFUSED_PROPERTY) != null) {
                framework.waitForStop(STOP_MILLIS_MAX);
                break;
            }
        }
        isStopping = true;
        return System.getProperty(REFUSED_PROPERTY) == null ? 0 : REFUSED;
    }

    /** Runs when a signal ends the process, and after every other end. */
    private void stop() {
        if (isStopping) {
            return;
        }
        isStopping = true;
        try {
            framework.stop();
            if (framework.waitForStop(STOP_MILLIS_MAX).getType()
                    == FrameworkEvent.WAIT_TIMEDOUT) {
                ERR.println("conet-edge: still not stopped after " + STOP_MILLIS_MAX + " ms");
            }
        } catch (BundleException failed) {
            ERR.println("conet-edge: the framework does not stop: " + failed.getMessage());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    static int fail(int status, String line) {
        ERR.println("conet-edge: " + line);
        return status;
    }
}
