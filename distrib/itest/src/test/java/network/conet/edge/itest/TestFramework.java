package network.conet.edge.itest;

import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;
import org.osgi.framework.namespace.PackageNamespace;
import org.osgi.framework.wiring.BundleWiring;

/** An OSGi framework inside the test, with the distribution's bundles as they are. */
final class TestFramework implements AutoCloseable {
    static final String FELIX = "org.apache.felix.framework.FrameworkFactory";
    static final String EQUINOX = "org.eclipse.osgi.launch.EquinoxFactory";

    static final Path DISTRIBUTION = Repository.ROOT.resolve("distrib/runtime/target/conet-edge");

    private static final String REFUSED_PROPERTY = "conet.refused";
    private static final long STOP_MILLIS_MAX = 20_000;

    private final Framework framework;

    private TestFramework(Framework framework) {
        this.framework = framework;
    }

    /** All jars of the distribution. */
    static List<Path> distribution() throws IOException {
        try (Stream<Path> jars = Files.list(DISTRIBUTION.resolve("bundles"))) {
            return jars.filter(jar -> jar.toString().endsWith(".jar")).sorted().toList();
        }
    }

    /**
     * Installs all, then starts all, as the launcher does.
     *
     * @param factory which framework
     * @param storage where it may write
     * @param properties of the framework
     */
    static TestFramework start(String factory, Path storage, Map<String, String> properties, List<Path> jars)
            throws BundleException {
        System.clearProperty(REFUSED_PROPERTY);
        Map<String, String> all = new HashMap<>();
        all.put(Constants.FRAMEWORK_STORAGE, storage.toString());
        all.put(Constants.FRAMEWORK_STORAGE_CLEAN, Constants.FRAMEWORK_STORAGE_CLEAN_ONFIRSTINIT);
        all.put("org.ops4j.pax.logging.DefaultServiceLog.level", "WARN");
        all.putAll(properties);
        Framework framework = ServiceLoader.load(FrameworkFactory.class).stream()
                .filter(each -> each.type().getName().equals(factory))
                .findFirst().orElseThrow().get().newFramework(all);
        framework.init();
        TestFramework test = new TestFramework(framework);
        List<Bundle> bundles = new ArrayList<>();
        for (Path jar : jars) {
            bundles.add(test.install(jar));
        }
        for (Bundle bundle : bundles) {
            if (bundle.getHeaders("").get(Constants.FRAGMENT_HOST) == null) {
                bundle.start();
            }
        }
        framework.start();
        return test;
    }

    Bundle install(Path jar) throws BundleException {
        return framework.getBundleContext().installBundle("reference:" + jar.toUri());
    }

    /** Installs and starts a bundle as a management console does. */
    Bundle run(String location, byte[] jar) throws BundleException {
        Bundle bundle = framework.getBundleContext().installBundle(location, new ByteArrayInputStream(jar));
        bundle.start();
        return bundle;
    }

    /** Where the bundles came from. */
    List<String> locations() {
        return Arrays.stream(framework.getBundleContext().getBundles()).map(Bundle::getLocation).toList();
    }

    Bundle bundle(String symbolicName) {
        return Arrays.stream(framework.getBundleContext().getBundles())
                .filter(bundle -> symbolicName.equals(bundle.getSymbolicName()))
                .findFirst().orElseThrow();
    }

    /** State by name of all bundles that are not active. */
    Map<String, Integer> notActive() {
        Map<String, Integer> found = new TreeMap<>();
        for (Bundle bundle : framework.getBundleContext().getBundles()) {
            if (bundle.getState() != Bundle.ACTIVE && bundle.getHeaders("").get(Constants.FRAGMENT_HOST) == null) {
                found.put(bundle.getSymbolicName(), bundle.getState());
            }
        }
        return found;
    }

    /** The one service of an interface, or null; its class is the bundles', not the test's. */
    Object service(String type) {
        ServiceReference<?> reference = reference(type);
        return reference == null ? null : framework.getBundleContext().getService(reference);
    }

    private ServiceReference<?> reference(String type) {
        try {
            ServiceReference<?>[] all = framework.getBundleContext().getAllServiceReferences(type, null);
            return all == null ? null : all[0];
        } catch (InvalidSyntaxException noFilter) {
            throw new AssertionError(noFilter);
        }
    }

    /** Calls a method of an interface that bundles share, on one of their objects. */
    Object call(Object target, String type, String method, Object... arguments) throws ReflectiveOperationException {
        Class<?> declaring = Arrays.stream(framework.getBundleContext().getBundles())
                .map(bundle -> bundle.adapt(BundleWiring.class))
                .filter(wiring -> wiring != null && wiring.getClassLoader() != null
                        && wiring.getCapabilities(PackageNamespace.PACKAGE_NAMESPACE).stream().anyMatch(each ->
                                type.startsWith(each.getAttributes().get(PackageNamespace.PACKAGE_NAMESPACE) + ".")))
                .findFirst().orElseThrow().getClassLoader().loadClass(type);
        for (Method each : declaring.getMethods()) {
            if (each.getName().equals(method) && each.getParameterCount() == arguments.length) {
                return each.invoke(target, arguments);
            }
        }
        throw new NoSuchMethodException(type + '.' + method);
    }

    /** Components by name with the state that the component runtime reports: 1, 2 unsatisfied, 4, 8 good, 16 failed. */
    Map<String, Integer> componentStates() throws ReflectiveOperationException {
        String type = "org.osgi.service.component.runtime.ServiceComponentRuntime";
        Object runtime = service(type);
        Class<?> declaring = reference(type).getBundle().loadClass(type);
        Map<String, Integer> states = new TreeMap<>();
        Object descriptions = declaring.getMethod("getComponentDescriptionDTOs", Bundle[].class)
                .invoke(runtime, (Object) new Bundle[0]);
        for (Object description : (Iterable<?>) descriptions) {
            String name = (String) description.getClass().getField("name").get(description);
            states.put(name, 0);
            Object configurations = declaring.getMethod("getComponentConfigurationDTOs", description.getClass())
                    .invoke(runtime, description);
            for (Object configuration : (Iterable<?>) configurations) {
                states.put(name, configuration.getClass().getField("state").getInt(configuration));
            }
        }
        return states;
    }

    /** Waits until the node has refused, and gives its line. */
    String refusal() throws InterruptedException {
        FrameworkEvent event = framework.waitForStop(STOP_MILLIS_MAX);
        assertNotEquals(FrameworkEvent.WAIT_TIMEDOUT, event.getType(), "the node did not refuse");
        return System.getProperty(REFUSED_PROPERTY);
    }

    @Override
    public void close() throws BundleException {
        framework.stop();
        try {
            assertNotEquals(FrameworkEvent.WAIT_TIMEDOUT, framework.waitForStop(STOP_MILLIS_MAX).getType(),
                    "the framework did not stop");
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        System.clearProperty(REFUSED_PROPERTY);
    }
}
