package network.conet.edge.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import network.conet.edge.protocol.JsonValue;
import org.junit.jupiter.api.Test;

/** What lies in the directory that people install. */
class DistributionTest {
    private static final Pattern LOCKED = Pattern.compile("\\t([A-Za-z0-9_.-]+);version='");
    private static final Pattern ATTRIBUTE = Pattern.compile("<AD [^>]*\\bid=\"([^\"]+)\"");
    private static final Pattern EXAMPLE = Pattern.compile("#([a-z]+\\.[A-Za-z0-9]+) =.*");
    private static final String SETTINGS = "OSGI-INF/metatype/network.conet.edge.";

    @Test
    void bundlesAreExactlyTheLockedOnes() throws IOException {
        String bndrun = Files.readString(Repository.ROOT.resolve("distrib/runtime/node.bndrun"));
        Set<String> locked = LOCKED.matcher(bndrun.substring(bndrun.indexOf("-runbundles:"))).results()
                .map(match -> match.group(1)).collect(Collectors.toCollection(TreeSet::new));
        Set<String> present = new TreeSet<>();
        for (Path jar : TestFramework.distribution()) {
            try (JarFile file = new JarFile(jar.toFile())) {
                String name = file.getManifest().getMainAttributes().getValue("Bundle-SymbolicName");
                present.add(name.split(";")[0].strip());
            }
        }
        assertTrue(locked.size() > 10, "locked: " + locked);
        assertEquals(locked, present);
    }

    @Test
    void exampleShowsEverySettingOfEveryBundle() throws IOException {
        Set<String> settings = new TreeSet<>();
        for (Path jar : TestFramework.distribution()) {
            try (JarFile file = new JarFile(jar.toFile())) {
                for (var entry : file.stream().filter(each -> each.getName().startsWith(SETTINGS)).toList()) {
                    String bundle = entry.getName().substring(SETTINGS.length()).replace(".xml", "");
                    String xml = new String(file.getInputStream(entry).readAllBytes(), StandardCharsets.UTF_8);
                    ATTRIBUTE.matcher(xml).results().forEach(match -> settings.add(bundle + '.' + match.group(1)));
                }
            }
        }
        Set<String> shown = new TreeSet<>();
        for (String line : Files.readAllLines(TestFramework.DISTRIBUTION.resolve("conf/conet.conf.example"))) {
            Matcher matcher = EXAMPLE.matcher(line);
            if (matcher.matches()) {
                assertTrue(shown.add(matcher.group(1)), line);
            } else {
                assertTrue(line.isEmpty() || line.startsWith("# "), line);
            }
        }
        assertTrue(settings.size() > 10, "settings: " + settings);
        assertEquals(settings, shown);
    }

    @Test
    void onlyTheScriptsAreExecutable() throws IOException {
        try (Stream<Path> files = Files.walk(TestFramework.DISTRIBUTION)) {
            assertEquals(Set.of("bin/conet-edge", "bin/conet-board"), files
                    .filter(Files::isRegularFile).filter(Files::isExecutable)
                    .map(file -> TestFramework.DISTRIBUTION.relativize(file).toString()).collect(Collectors.toSet()));
        }
    }

    @Test
    void billOfMaterialsNamesEveryBundleAndEveryLicence() throws Exception {
        JsonValue bill = JsonValue.parse(Files.readAllBytes(TestFramework.DISTRIBUTION.resolve("bom.json")));
        Set<String> named = new TreeSet<>();
        for (JsonValue component : ((JsonValue.Array) bill.member("components").orElseThrow()).values()) {
            String name = component.string("name").orElseThrow() + '-' + component.string("version").orElseThrow();
            assertTrue(component.member("licenses").isPresent(), name);
            named.add(name + ".jar");
        }
        Set<String> shipped = TestFramework.distribution().stream().map(jar -> jar.getFileName().toString())
                .collect(Collectors.toCollection(TreeSet::new));
        shipped.removeAll(named);
        assertEquals(Set.of(), shipped);
        assertTrue(named.stream().anyMatch(name -> name.startsWith("netty-transport-")), "and what is embedded");
    }
}
