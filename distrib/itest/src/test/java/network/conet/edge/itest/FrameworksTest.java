package network.conet.edge.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Exactly the bundles of the distribution, in its own framework and in that of Eclipse Kura. */
class FrameworksTest {
    private static final Set<Integer> GOOD_STATES = Set.of(4, 8);

    @TempDir
    Path directory;

    private TestNode node;

    @BeforeEach
    void makeNode() throws Exception {
        Files.createDirectories(directory.resolve("run"));
        node = new TestNode(directory);
    }

    @ParameterizedTest
    @ValueSource(strings = {TestFramework.FELIX, TestFramework.EQUINOX})
    void wholeNodeServesAndKeepsMailOverARestart(String factory) throws Exception {
        try (TestFramework framework = start(factory, TestFramework.distribution())) {
            Await.until("serving", node::isServing);
            assertEquals(Map.of(), framework.notActive());
            assertEquals(Map.of(), componentsNotWell(framework));
            Await.until("routes", node::hasRoutes);
            assertEquals(200, node.post(node.sealToUser("before the restart")));
        }
        try (TestFramework framework = start(factory, TestFramework.distribution())) {
            Await.until("serving", node::isServing);
            Await.until("routes", node::hasRoutes);
            assertEquals(200, node.post(node.sealToUser("after it")));
            assertEquals(Map.of(), componentsNotWell(framework));
            assertEquals(List.of("before the restart", "after it"), node.listen(2));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {TestFramework.FELIX, TestFramework.EQUINOX})
    void nodeWithoutTheChainBundleDoesWithoutRoutes(String factory) throws Exception {
        node.configure();
        List<Path> jars = TestFramework.distribution().stream()
                .filter(jar -> !jar.getFileName().toString().startsWith("network.conet.edge.chain-")).toList();
        assertTrue(jars.size() < TestFramework.distribution().size());
        try (TestFramework framework = start(factory, jars)) {
            Await.until("serving", node::isServing);
            assertEquals(Map.of(), framework.notActive());
            assertEquals(Map.of(), componentsNotWell(framework));
            assertEquals(503, node.post(node.sealToStranger()));
        }
    }

    private TestFramework start(String factory, List<Path> jars) throws Exception {
        return TestFramework.start(factory, directory.resolve("framework"), node.properties(), jars);
    }

    private static Map<String, Integer> componentsNotWell(TestFramework framework) throws Exception {
        Map<String, Integer> states = new TreeMap<>(framework.componentStates());
        assertTrue(states.size() >= 5, "components: " + states);
        states.values().removeIf(GOOD_STATES::contains);
        return states;
    }
}
