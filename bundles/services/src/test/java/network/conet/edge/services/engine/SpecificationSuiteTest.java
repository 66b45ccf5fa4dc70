package network.conet.edge.services.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The specification's own tests, converted by {@code wast2json} into the directory that the property names
 * ({@code distrib/spec-tests/run}): metering changes no result, and what is invalid is refused.
 */
@EnabledIfSystemProperty(named = SpecificationSuiteTest.DIRECTORY, matches = ".+")
class SpecificationSuiteTest {
    static final String DIRECTORY = "wasm.specification";

    static Stream<Path> files() throws IOException {
        try (Stream<Path> all = Files.list(Path.of(System.getProperty(DIRECTORY)))) {
            List<Path> files = all.filter(file -> file.toString().endsWith(".json")).sorted().toList();
            return files.stream();
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void meteredModulesDoWhatTheSpecificationSays(Path file) throws Exception {
        SuiteRunner bare = new SuiteRunner(file, SuiteRunner.Kind.BARE);
        SuiteRunner bareInterpreted = new SuiteRunner(file, SuiteRunner.Kind.BARE_INTERPRETED);
        SuiteRunner compiled = new SuiteRunner(file, SuiteRunner.Kind.METERED);
        SuiteRunner interpreted = new SuiteRunner(file, SuiteRunner.Kind.METERED_INTERPRETED);
        bare.run();
        bareInterpreted.run();
        compiled.run();
        interpreted.run();
        System.out.println(file.getFileName() + ": bare " + bare + "; metered " + compiled + "; interpreted "
                + interpreted);
        // What the engine itself does not do right is not for metering to mend.
        compiled.failures().removeAll(bare.failures());
        interpreted.failures().removeAll(bareInterpreted.failures());
        assertEquals(List.of(), compiled.failures());
        assertEquals(List.of(), interpreted.failures());
    }
}
