package network.conet.edge.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The rules of the house over all sources, and the proof that each can fail. */
class HouseRulesTest {
    private static final Set<String> TOP_LEVEL = Set.of("README.md", "pom.xml", "bundles", "distrib", "device-profiles",
            "provisioning", "docs", ".ci", ".mvn", ".gitignore", ".gitattributes");

    private static List<Source> sources;

    @BeforeAll
    static void read() throws IOException, InterruptedException {
        sources = Repository.sources();
        assertTrue(sources.size() > 50, "the project's files were not found");
    }

    static Stream<SourceRule> rules() {
        return SourceRules.all();
    }

    @ParameterizedTest
    @MethodSource("rules")
    void isKept(SourceRule rule) {
        List<String> violations = sources.stream().flatMap(source -> rule.violations(source).stream()).toList();
        assertEquals("", String.join("\n", violations), rule.name());
    }

    @ParameterizedTest
    @MethodSource("rules")
    void canFail(SourceRule rule) {
        assertFalse(rule.violations(rule.counterexample()).isEmpty(), rule.name());
    }

    @Test
    void topLevelHasOnlyTheAgreedNames() {
        Set<String> names = sources.stream().map(source -> source.path().split("/")[0])
                .collect(Collectors.toCollection(TreeSet::new));
        names.removeAll(TOP_LEVEL);
        assertEquals(Set.of(), names);
    }

    @Test
    void folderArtifactAndRootPackageHaveOneName() throws IOException {
        List<String> violations = new ArrayList<>();
        for (String bundle : Repository.bundles()) {
            String pom = Files.readString(Repository.ROOT.resolve("bundles/" + bundle + "/pom.xml"));
            if (!pom.contains("</parent>\n  <artifactId>network.conet.edge." + bundle + "</artifactId>")) {
                violations.add(bundle + ": artifactId");
            }
            String place = "bundles/" + bundle + "/src/main/java/";
            String rootPackage = place + "network/conet/edge/" + bundle + "/";
            sources.stream().map(Source::path)
                    .filter(path -> path.startsWith(place) && !path.startsWith(rootPackage))
                    .forEach(violations::add);
        }
        assertEquals(List.of(), violations);
    }

    @Test
    void everyPackageSaysWhatItIs() {
        assertEquals(List.of(), undescribed(sources));
    }

    @Test
    void packageWithoutDescriptionIsFound() {
        Source mute = new Source("bundles/x/src/main/java/x/package-info.java", "package x;");
        Source code = new Source("bundles/x/src/main/java/x/A.java", "package x;");
        Source other = new Source("bundles/x/src/main/java/y/B.java", "package y;");
        assertEquals(2, undescribed(List.of(mute, code, other)).size());
    }

    private static List<String> undescribed(List<Source> all) {
        Set<String> described = all.stream()
                .filter(source -> source.fileName().equals("package-info.java"))
                .filter(source -> source.text().strip().startsWith("/**"))
                .map(HouseRulesTest::folder).collect(Collectors.toSet());
        return all.stream().filter(Source::isMain).map(HouseRulesTest::folder).distinct()
                .filter(folder -> !described.contains(folder)).sorted().toList();
    }

    private static String folder(Source source) {
        return source.path().substring(0, source.path().lastIndexOf('/'));
    }

    @Test
    void textsAndCommentsAreNotCode() {
        Source source = new Source("X.java", "// Thread.sleep(1)\n/* a\n b */ String s = \"Thread.sleep(2)\"; int c;");
        assertEquals("\n\n String s = \"\"; int c;", source.code());
    }
}
