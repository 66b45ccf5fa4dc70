package network.conet.edge.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Dictionary;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.osgi.framework.Bundle;

/** The configuration file in a framework, with small bundles that have nothing but settings. */
class ConfigurationAgentTest {
    private static final String ADMIN = "org.osgi.service.cm.ConfigurationAdmin";
    private static final String CONFIGURATION = "org.osgi.service.cm.Configuration";

    @TempDir
    Path directory;
    /** Settings of a device, or null. */
    private Path profile;

    @Test
    void bundleGetsWhatIsItsOwnInTheRightTypes() throws Exception {
        try (TestFramework node = start("tiny.size = 7", "tiny.names = a, b", "tiny.isOn = true")) {
            Map<String, Object> properties = propertiesOf(node, "tiny");
            assertEquals(7, properties.get("size"));
            assertEquals(List.of("a", "b"), List.of((String[]) properties.get("names")));
            assertEquals(true, properties.get("isOn"));
            assertNull(properties.get("mode"), "a default is the bundle's own matter");
        }
    }

    @Test
    void bundleWithoutASettingInTheFileIsConfiguredAllTheSame() throws Exception {
        try (TestFramework node = start()) {
            assertEquals(Map.of("service.pid", "network.conet.edge.tiny"), propertiesOf(node, "tiny"));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "tiny.color = red | line 2: tiny has no setting color; it has [isOn, mode, names, size]",
        "huge.size = 7 | line 2: no bundle huge is installed; there are [tiny]",
        "tiny.size = 0 | tiny.size = 0: less than minimum",
        "tiny.size = 11 | tiny.size = 11: greater than maximum",
        "tiny.size = many | tiny.size = many: expected a whole number",
        "tiny.mode = slow | tiny.mode = slow: expected one of [chain, file]",
        "tiny size 7 | line 2: expected bundle.setting = value"})
    void fileThatIsNotRightEndsTheNode(String line, String complaint) throws Exception {
        try (TestFramework node = start(line)) {
            String refusal = node.refusal();
            assertTrue(refusal.startsWith("conet-edge: node: "), refusal);
            assertTrue(refusal.endsWith(complaint), refusal);
        }
    }

    @Test
    void settingsOfTheFileWinOverThoseOfTheDeviceProfile() throws Exception {
        profile = Files.write(directory.resolve("profile.conf"), List.of("tiny.size = 3", "tiny.mode = chain"));
        try (TestFramework node = start("tiny.size = 7")) {
            Map<String, Object> properties = propertiesOf(node, "tiny");
            assertEquals(7, properties.get("size"));
            assertEquals("chain", properties.get("mode"));
        }
    }

    @Test
    void deviceProfileThatIsNotRightEndsTheNode() throws Exception {
        profile = Files.write(directory.resolve("profile.conf"), List.of("tiny.size = 11"));
        try (TestFramework node = start()) {
            assertEquals("conet-edge: node: " + profile + " line 1: tiny.size = 11: greater than maximum",
                    node.refusal());
        }
    }

    @Test
    void smallestAndLargestValueAreTaken() throws Exception {
        try (TestFramework node = start("tiny.size = 1")) {
            assertEquals(1, propertiesOf(node, "tiny").get("size"));
        }
        try (TestFramework node = start("tiny.size = 10")) {
            assertEquals(10, propertiesOf(node, "tiny").get("size"));
        }
    }

    @Test
    void missingFileEndsTheNode() throws Exception {
        Path none = directory.resolve("none.conf");
        try (TestFramework node = startWith(none)) {
            assertEquals("conet-edge: node: there is no configuration file " + none, node.refusal());
        }
    }

    @Test
    void bundleThatComesLaterIsConfigured() throws Exception {
        try (TestFramework node = start("tiny.size = 7")) {
            assertEquals(7, propertiesOf(node, "tiny").get("size"));
            Bundle later = node.install(bundle("later"));
            later.start();
            assertEquals("network.conet.edge.later", propertiesOf(node, "later").get("service.pid"));
        }
    }

    @Test
    void bundleThatComesBackHasItsSettingsStill() throws Exception {
        try (TestFramework node = start("tiny.size = 7")) {
            assertEquals(7, propertiesOf(node, "tiny").get("size"));
            Bundle tiny = node.bundle("network.conet.edge.tiny");
            tiny.stop();
            tiny.update();
            tiny.start();
            assertEquals(7, propertiesOf(node, "tiny").get("size"));
        }
    }

    private TestFramework start(String... lines) throws Exception {
        List<String> all = new ArrayList<>(List.of("# settings"));
        Collections.addAll(all, lines);
        return startWith(Files.write(directory.resolve("conet.conf"), all));
    }

    private TestFramework startWith(Path config) throws Exception {
        List<Path> jars = new ArrayList<>(TestFramework.distribution().stream()
                .filter(jar -> jar.getFileName().toString()
                        .matches("(org\\..*|pax-.*|network\\.conet\\.edge\\.(protocol|api|node)-.*)\\.jar"))
                .toList());
        jars.add(bundle("tiny"));
        Map<String, String> properties = new TreeMap<>(Map.of("conet.config", config.toString()));
        if (profile != null) {
            properties.put("conet.profile", profile.toString());
        }
        return TestFramework.start(TestFramework.FELIX, directory.resolve("framework"), properties, jars);
    }

    /** Events are delivered on a thread of the framework; the last thing that is waited for is the configuration. */
    private static Map<String, Object> propertiesOf(TestFramework node, String bundle) throws Exception {
        Map<String, Object> properties = new TreeMap<>();
        Await.until("configuration of " + bundle, () -> {
            Object admin = node.service(ADMIN);
            Object found = admin == null ? null : node.call(admin, ADMIN, "listConfigurations",
                    "(service.pid=network.conet.edge." + bundle + ")");
            if (found == null) {
                return false;
            }
            Object read = node.call(((Object[]) found)[0], CONFIGURATION, "getProperties");
            Dictionary<?, ?> dictionary = (Dictionary<?, ?>) read;
            Collections.list(dictionary.keys()).forEach(key -> properties.put((String) key, dictionary.get(key)));
            return true;
        });
        return properties;
    }

    /** A bundle of nothing but settings. */
    private Path bundle(String name) throws IOException {
        String pid = "network.conet.edge." + name;
        Manifest manifest = new Manifest();
        Attributes attributes = manifest.getMainAttributes();
        attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.put(new Attributes.Name("Bundle-ManifestVersion"), "2");
        attributes.put(new Attributes.Name("Bundle-SymbolicName"), pid);
        String xml = """
                <metatype:MetaData xmlns:metatype='http://www.osgi.org/xmlns/metatype/v1.3.0'>
                  <OCD id='PID' name='Tiny'>
                    <AD id='size' type='Integer' min='1' max='10' default='5'/>
                    <AD id='names' type='String' cardinality='2147483647' default=''/>
                    <AD id='isOn' type='Boolean' default='false'/>
                    <AD id='mode' type='String' default='chain'>
                      <Option label='Chain' value='chain'/>
                      <Option label='File' value='file'/>
                    </AD>
                  </OCD>
                  <Designate pid='PID'><Object ocdref='PID'/></Designate>
                </metatype:MetaData>
                """.replace("PID", pid);
        Path jar = directory.resolve(name + ".jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
            out.putNextEntry(new JarEntry("OSGI-INF/metatype/" + pid + ".xml"));
            out.write(xml.getBytes(StandardCharsets.UTF_8));
            out.closeEntry();
        }
        return jar;
    }
}
