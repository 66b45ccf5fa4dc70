package network.conet.edge.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import network.conet.edge.protocol.JsonValue;
import network.conet.edge.protocol.service.ServiceCommands;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;

/** Services come, stay, are refused and go, over the wire and in the distribution's own framework. */
class ServicesTest {
    @TempDir
    Path directory;

    private TestServices services;

    @BeforeEach
    void makeNode() throws Exception {
        services = new TestServices(directory);
    }

    private TestFramework start() throws Exception {
        return start(services.properties());
    }

    private TestFramework start(Map<String, String> properties) throws Exception {
        List<Path> jars = new ArrayList<>(TestFramework.distribution());
        jars.addAll(DeploymentPackages.bundles());
        TestFramework framework = TestFramework.start(
                TestFramework.FELIX, directory.resolve("framework"), properties, jars);
        Await.until("serving", services.node()::isServing);
        return framework;
    }

    private void awaitAnswer(String service, String eight) throws Exception {
        Await.until(service + " answers " + eight, () -> services.answers(service, eight));
    }

    /** A service answers before the framework has its bundle, as what is refused must never get there. */
    private static void awaitBundles(TestFramework framework, int count, String locationEnd) throws Exception {
        Await.until(count + " of " + locationEnd, () -> count == framework.locations().stream()
                .filter(each -> each.endsWith(locationEnd)).count());
    }

    private void awaitUnknown(String service) throws Exception {
        Await.until(service + " is unknown", () -> services.call(service).reason().equals("service_unknown"));
    }

    @Test
    void whatCameByAnyWayIsThereAfterARestartOfAFrameworkThatKeepsItsBundles() throws Exception {
        Map<String, String> keeping = services.properties();
        keeping.put(Constants.FRAMEWORK_STORAGE_CLEAN, "none");
        try (TestFramework framework = start(keeping)) {
            services.drop("by-file.conet", services.bundle("by-file", "1.0.0", "by-file-"));
            assertTrue(services.manage(ServiceCommands.INSTALL,
                    services.bundle("by-command", "1.0.0", "command-")).isOk());
            framework.run("somewhere:by-console", services.bundle("by-console", "1.0.0", "console-"));
            DeploymentPackages.install(framework, "by-package", "1.0.0",
                    services.bundle("by-package", "1.0.0", "package-"));
            awaitAll();
        }
        try (TestFramework framework = start(keeping)) {
            awaitAll();
            assertEquals(1, framework.locations().stream().filter(each -> each.contains("by-command")).count());
        }
        Files.delete(services.dropped("by-file.conet"));
        try (TestFramework framework = start(keeping)) {
            awaitAnswer("by-command", "command-");
            awaitUnknown("by-file");
            assertTrue(framework.locations().stream().noneMatch(each -> each.contains("by-file")));
        }
    }

    @Test
    void whatLiesInTheDirectoryIsThereAfterARestartOfTheDistribution() throws Exception {
        try (TestFramework framework = start()) {
            services.drop("by-file.conet", services.bundle("by-file", "1.0.0", "by-file-"));
            services.manage(ServiceCommands.INSTALL, services.bundle("by-command", "1.0.0", "command-"));
            framework.run("somewhere:by-console", services.bundle("by-console", "1.0.0", "console-"));
            awaitAnswer("by-file", "by-file-");
            awaitAnswer("by-command", "command-");
            awaitAnswer("by-console", "console-");
        }
        try (TestFramework framework = start()) {
            awaitAnswer("by-file", "by-file-");
            awaitAnswer("by-command", "command-");
            assertEquals("service_unknown", services.call("by-console").reason());
            awaitBundles(framework, 2, ".conet");
        }
    }

    private void awaitAll() throws Exception {
        awaitAnswer("by-file", "by-file-");
        awaitAnswer("by-command", "command-");
        awaitAnswer("by-console", "console-");
        awaitAnswer("by-package", "package-");
    }

    @Test
    void fileThatIsTakenAwayAndServiceThatIsRemovedServeNoMore() throws Exception {
        try (TestFramework framework = start()) {
            services.drop("dropped.conet", services.bundle("dropped", "1.0.0", "dropped-"));
            services.manage(ServiceCommands.INSTALL, services.bundle("sent", "1.0.0", "sent----"));
            awaitAnswer("dropped", "dropped-");
            awaitAnswer("sent", "sent----");
            Files.delete(services.dropped("dropped.conet"));
            awaitUnknown("dropped");
            assertTrue(services.manage(ServiceCommands.REMOVE, Map.of("service", JsonValue.of("sent"))).isOk());
            awaitUnknown("sent");
            assertTrue(framework.locations().stream().noneMatch(each -> each.endsWith(".conet")));
        }
        try (TestFramework framework = start()) {
            services.drop("late.conet", services.bundle("late", "1.0.0", "late----"));
            awaitAnswer("late", "late----");
            assertEquals("service_unknown", services.call("sent").reason());
            assertEquals("service_unknown", services.call("dropped").reason());
            awaitBundles(framework, 1, ".conet");
        }
    }

    @Test
    void whatIsRefusedIsSaidAndWhatServesServesOn() throws Exception {
        try (TestFramework framework = start()) {
            services.drop("named.conet", services.bundle("named", "1.0.0", "number-1"));
            awaitAnswer("named", "number-1");
            services.drop("unsigned.conet", TestServices.unsigned("unsigned", "1.0.0", "unsigned").toJar());
            services.drop("other.conet", services.bundle("named", "1.0.0", "number-2"));
            services.drop("text.conet", "no jar at all".getBytes(StandardCharsets.UTF_8));
            framework.run("somewhere:unsigned", TestServices.unsigned("console", "1.0.0", "console-").toJar());
            Await.until("all four in the status", () -> {
                String status = services.status();
                return status.contains("unsigned.conet is refused: bundle_unsigned")
                        && status.contains("other.conet is refused: service_version_changed")
                        && status.contains("text.conet is refused: manifest_malformed")
                        && status.contains("conet.service.console 1.0.0 is refused: bundle_unsigned");
            });
            assertTrue(services.status().contains("\"bundle_unsigned\":2"), "they are counted");
            assertTrue(services.answers("named", "number-1"));
            assertEquals("service_unknown", services.call("unsigned").reason());
            assertEquals("service_unknown", services.call("console").reason());
            assertEquals(1, framework.locations().stream().filter(each -> each.endsWith(".conet")).count(),
                    "the framework never sees a file that is refused");
            services.drop("text.conet", services.bundle("better", "1.0.0", "better--"));
            awaitAnswer("better", "better--");
            Await.until("what was replaced is told no more", () -> !services.status().contains("text.conet"));
        }
    }

    @Test
    void versionThatTrapsIsTakenBackAndStaysSo() throws Exception {
        try (TestFramework framework = start()) {
            services.drop("one.conet", services.bundle("named", "1.0.0", "number-1"));
            awaitAnswer("named", "number-1");
            services.drop("two.conet", services.bundle("named", "2.0.0", "Traps..."));
            Await.until("taken back", () -> {
                assertTrue(services.answers("named", "number-1"), "the caller notices nothing");
                return services.status().contains("named 2.0.0 failed calls that the version before answers");
            });
            assertEquals(Bundle.ACTIVE, framework.bundle("conet.service.named").getState());
        }
        try (TestFramework framework = start()) {
            Await.until("it is known as taken back",
                    () -> services.status().contains("named 2.0.0 failed calls that the version before answers"));
            assertEquals(Map.of(), framework.notActive());
            assertTrue(services.answers("named", "number-1"));
        }
    }

    @Test
    void bundlesWithCodeDoNotComeInThroughTheDirectory() throws Exception {
        try (TestFramework framework = start()) {
            byte[] code = bundleWithHeader("Bundle-Activator", "evil.Activator");
            services.drop("evil.jar", code);
            services.drop("evil.cfg", "transport.port = 1".getBytes(StandardCharsets.UTF_8));
            services.drop("evil.conet", code);
            services.drop("named.conet", services.bundle("named", "1.0.0", "number-1"));
            awaitAnswer("named", "number-1");
            Await.until("the refusal", () -> services.status().contains("evil.conet is refused: "));
            assertFalse(framework.locations().stream().anyMatch(each -> each.contains("evil")));
        }
    }

    @Test
    void frameworkSeesWhatWasCheckedAlsoWhenAnotherJarStandsBehindTheFirst() throws Exception {
        try (TestFramework framework = start()) {
            ByteArrayOutputStream both = new ByteArrayOutputStream();
            both.write(services.bundle("named", "1.0.0", "number-1"));
            both.write(bundleWithHeader("Bundle-Activator", "evil.Activator"));
            services.drop("named.conet", both.toByteArray());
            awaitAnswer("named", "number-1");
            awaitBundles(framework, 1, "/named.conet");
            Bundle installed = framework.bundle("conet.service.named");
            assertTrue(installed.getLocation().endsWith("/named.conet"));
            assertNull(installed.getHeaders("").get(Constants.BUNDLE_ACTIVATOR));
        }
    }

    private static byte[] bundleWithHeader(String name, String value) throws Exception {
        Manifest manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        main.putValue("Bundle-ManifestVersion", "2");
        main.putValue("Bundle-SymbolicName", "evil");
        main.putValue(name, value);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new JarOutputStream(out, manifest).close();
        return out.toByteArray();
    }

    @Test
    void nodeWithoutTheBundleOfServicesDoesWithoutServices() throws Exception {
        services.node().configure();
        List<Path> jars = TestFramework.distribution().stream().filter(jar -> !jar.getFileName().toString()
                .startsWith("network.conet.edge.services-")).toList();
        try (TestFramework framework = TestFramework.start(
                TestFramework.FELIX, directory.resolve("framework"), services.properties(), jars)) {
            Await.until("serving", services.node()::isServing);
            assertEquals(Map.of(), framework.notActive());
        }
    }
}
