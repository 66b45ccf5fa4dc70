package network.conet.edge.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.Attributes;
import java.util.jar.Manifest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Who may import whom, over the manifests that bnd made from the compiled classes. */
class ManifestRulesTest {
    private static final String PREFIX = "network.conet.edge.";
    private static final Pattern CLAUSE = Pattern.compile("([^,;\"]+)((?:;[^,;\"]+(?:\"[^\"]*\")?)*)(?:,|$)");

    /** Architecture, section 3. */
    private static final Map<String, Set<String>> ALLOWED = new HashMap<>(Map.of(
            "protocol", Set.of(),
            "api", Set.of("protocol"),
            "client", Set.of("protocol", "api", "crypto", "chain", "services")));
    private static final Set<String> ALLOWED_TO_OTHERS = Set.of("protocol", "api");

    /** Packages of libraries, and who imports or embeds them. web3j, which chain embeds, needs Bouncy Castle. */
    private static final Map<String, Set<String>> LIBRARIES = Map.of(
            "org.bouncycastle", Set.of("crypto", "chain"),
            "io.netty", Set.of("transport"),
            "org.web3j", Set.of("chain"),
            "picocli", Set.of("client"),
            "org.mapdb", Set.of("storage"),
            "com.dylibso.chicory", Set.of("services"),
            "org.osgi.framework", Set.of("node", "chain", "crypto", "storage", "transport", "services", "kura"));

    @Test
    void bundlesKeepTheTable() throws IOException {
        List<String> violations = new ArrayList<>();
        for (String bundle : Repository.bundles()) {
            violations.addAll(violations(bundle, Repository.manifest(bundle), Repository.packages(bundle)));
        }
        assertEquals(List.of(), violations);
    }

    @Test
    void foreignNameIsFound() {
        assertEquals(1, violations("relay", manifest("network.conet.edge.rely", "", "")).size());
    }

    @Test
    void importOfSiblingIsFound() {
        Manifest bad = manifest("network.conet.edge.relay", "network.conet.edge.storage;version=\"[1,2)\"", "");
        assertEquals(List.of("relay imports network.conet.edge.storage"), violations("relay", bad));
    }

    @Test
    void importIntoProtocolIsFound() {
        Manifest bad = manifest("network.conet.edge.protocol", "network.conet.edge.api", "");
        assertEquals(1, violations("protocol", bad).size());
    }

    @Test
    void importOfForeignLibraryIsFound() {
        Manifest bad = manifest("network.conet.edge.relay", "org.slf4j,io.netty.buffer;version=\"[4.2,5)\"", "");
        assertEquals(List.of("relay has to do with io.netty.buffer"), violations("relay", bad));
    }

    @Test
    void carriedForeignLibraryIsFound() {
        Manifest innocent = manifest("network.conet.edge.relay", "", "");
        assertEquals(List.of("relay has to do with io.netty.buffer"),
                violations("relay", innocent, Set.of("io.netty.buffer", "network.conet.edge.relay.internal")));
    }

    @Test
    void exportOfInternalPackageIsFound() {
        Manifest bad = manifest("network.conet.edge.relay", "", "network.conet.edge.relay.internal;version=\"1\"");
        assertEquals(1, violations("relay", bad).size());
    }

    @Test
    void exportWithoutVersionIsFound() {
        Manifest bad = manifest("network.conet.edge.relay", "", "network.conet.edge.relay");
        assertEquals(1, violations("relay", bad).size());
    }

    @Test
    void exportedPackageDeclaresItsVersion() throws IOException {
        List<String> violations = new ArrayList<>();
        for (String bundle : Repository.bundles()) {
            for (String exported : packages(Repository.manifest(bundle), "Export-Package").keySet()) {
                Path info = Repository.ROOT.resolve("bundles/" + bundle + "/src/main/java/"
                        + exported.replace('.', '/') + "/package-info.java");
                if (!Files.exists(info) || !Files.readString(info).contains("@Version(")) {
                    violations.add(exported);
                }
            }
        }
        assertEquals(List.of(), violations);
    }

    @Test
    void wrappedLibraryShowsItselfAndNeedsNothing() throws IOException {
        for (String wrap : Repository.wraps()) {
            Manifest manifest = Repository.wrapManifest(wrap);
            assertEquals(PREFIX + "wraps." + wrap, manifest.getMainAttributes().getValue("Bundle-SymbolicName"));
            assertEquals(Map.of(), packages(manifest, "Import-Package"));
            packages(manifest, "Export-Package").forEach((exported, attributes) -> {
                assertTrue(exported.contains('.' + wrap + '.') || exported.endsWith('.' + wrap), exported);
                assertTrue(attributes.contains("version="), exported);
            });
        }
    }

    private static List<String> violations(String bundle, Manifest manifest) {
        return violations(bundle, manifest, Set.of());
    }

    private static List<String> violations(String bundle, Manifest manifest, Set<String> carried) {
        List<String> found = new ArrayList<>();
        String name = manifest.getMainAttributes().getValue("Bundle-SymbolicName");
        if (!(PREFIX + bundle).equals(name)) {
            found.add(bundle + " is called " + name);
        }
        Set<String> allowed = ALLOWED.getOrDefault(bundle, ALLOWED_TO_OTHERS);
        Set<String> touched = new TreeSet<>(packages(manifest, "Import-Package").keySet());
        for (String imported : touched) {
            if (imported.startsWith(PREFIX)) {
                String other = imported.substring(PREFIX.length()).split("\\.")[0];
                if (!other.equals(bundle) && !allowed.contains(other)) {
                    found.add(bundle + " imports " + imported);
                }
            }
        }
        touched.addAll(carried);
        LIBRARIES.forEach((library, owners) -> touched.stream()
                .filter(each -> (each + '.').startsWith(library + '.') && !owners.contains(bundle))
                .forEach(each -> found.add(bundle + " has to do with " + each)));
        packages(manifest, "Export-Package").forEach((exported, attributes) -> {
            if (exported.contains(".internal") || !exported.startsWith(PREFIX + bundle)) {
                found.add(bundle + " exports " + exported);
            } else if (!attributes.contains("version=")) {
                found.add(bundle + " exports " + exported + " without a version");
            }
        });
        return found;
    }

    /** The packages of a header, with the text of their attributes. */
    private static Map<String, String> packages(Manifest manifest, String header) {
        Map<String, String> packages = new HashMap<>();
        String value = manifest.getMainAttributes().getValue(header);
        Matcher matcher = CLAUSE.matcher(value == null ? "" : value);
        while (matcher.find()) {
            packages.put(matcher.group(1).strip(), matcher.group(2));
        }
        return packages;
    }

    private static Manifest manifest(String name, String imports, String exports) {
        Manifest manifest = new Manifest();
        Attributes attributes = manifest.getMainAttributes();
        attributes.put(new Attributes.Name("Bundle-SymbolicName"), name);
        attributes.put(new Attributes.Name("Import-Package"), imports);
        attributes.put(new Attributes.Name("Export-Package"), exports);
        return manifest;
    }
}
