package network.conet.edge.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import network.conet.edge.protocol.JsonException;
import network.conet.edge.protocol.JsonValue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The device profiles: what they say is possible, fits the board, and is known to the node. */
class ProfilesTest {
    private static final Path PROFILES = Repository.ROOT.resolve("device-profiles");
    /** What a JVM takes besides: its own code and tables, the collector's, the C library's. */
    private static final long JVM_MIB = 30;
    private static final long SERVICE_THREADS = 2;
    private static final long SERVICE_STACK_MIB = 8;
    private static final long CACHE_BYTES_DEFAULT = 32L << 20;
    /** Keys, the snapshot of the index, bundles of services, directories. */
    private static final long OTHER_MIB = 4;
    private static final long SPARE_SEGMENTS = 3;
    private static final Pattern RANGE = Pattern.compile("# \\(whole number(?: from (-?\\d+))?(?: to (\\d+))?\\)");
    private static final Pattern OPTIONS = Pattern.compile("# \\(one of (.*)\\)");
    private static final Pattern SETTING = Pattern.compile("#([a-z]+\\.[A-Za-z0-9]+) =.*");

    static List<Path> profiles() throws IOException {
        try (Stream<Path> files = Files.list(PROFILES)) {
            List<Path> found = files.filter(Files::isDirectory).sorted().toList();
            assertTrue(found.size() >= 8, "the profiles were not found");
            return found;
        }
    }

    private static JsonValue read(Path profile) throws IOException, JsonException {
        return JsonValue.parse(Files.readAllBytes(profile.resolve("profile.json")));
    }

    private static Schema schema() throws IOException {
        return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(Files.readString(PROFILES.resolve("schema.json")), InputFormat.JSON);
    }

    @ParameterizedTest
    @MethodSource("profiles")
    void isAsTheSchemaSays(Path profile) throws IOException {
        assertEquals(List.of(), schema().validate(Files.readString(profile.resolve("profile.json")), InputFormat.JSON));
        assertTrue(Files.size(profile.resolve("README.md")) > 0);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
        "\"arch\": \"arm64\" | \"arch\": \"mips\"",
        "\"about\": | \"abuot\":",
        "\"heapMiB\": 128 | \"heapMiB\": 63",
        "\"compilers\": 1 | \"compilers\": 3",
        "\"kind\": \"sd\" | \"kind\": \"floppy\"",
        "\"type\": \"pi\" | \"type\": \"pie\"",
        "noatime,lazytime | noatime; rm -rf",
        "raspberrypi,400 | raspberrypi 400",
        "\"storage.quotaMiB\" | \"storage quotaMiB\"",
        "\"segmentMiB\": 4 | \"segmentMiB\": 3"})
    void schemaRefusesWhatIsNotSo(String right, String wrong) throws IOException {
        String text = Files.readString(PROFILES.resolve("pi-4/profile.json"));
        assertTrue(text.contains(right), right);
        assertFalse(schema().validate(text.replace(right, wrong), InputFormat.JSON).isEmpty(), wrong);
    }

    @ParameterizedTest
    @MethodSource("profiles")
    void memoryFitsTheShareAndTheShareTheBoard(Path profile) throws Exception {
        long before = 0;
        for (JsonValue step : list(read(profile), "memory")) {
            long sum = number(step, "heapMiB") + number(step, "directMiB") + number(step, "metaspaceMiB")
                    + number(step, "codeMiB") + number(step, "threads") * number(step, "stackKiB") / 1024
                    + SERVICE_THREADS * SERVICE_STACK_MIB + JVM_MIB;
            long share = number(step, "shareMiB");
            long ram = number(step, "ramMiB");
            assertTrue(sum <= share, () -> "step " + ram + ": " + sum + " MiB are more than the share of " + share);
            assertTrue(share * 3 <= ram * 2, () -> "step " + ram + ": the share is more than two thirds");
            assertTrue(ram > before, "steps rise");
            before = ram;
        }
    }

    @ParameterizedTest
    @MethodSource("profiles")
    void mailAndWhatLiesBesideItFitTheBudgetOfTheMedium(Path profile) throws Exception {
        for (JsonValue medium : list(read(profile), "media")) {
            JsonValue settings = medium.member("settings").orElseThrow();
            long sum = number(settings, "storage.quotaMiB") + SPARE_SEGMENTS * number(medium, "segmentMiB")
                    + (settings.integer("services.cacheBytes").orElse(CACHE_BYTES_DEFAULT) >> 20) + OTHER_MIB;
            assertTrue(sum <= number(medium, "budgetMiB"), () -> medium.string("kind").orElseThrow() + ": " + sum);
        }
    }

    @ParameterizedTest
    @MethodSource("profiles")
    void settingsAreTheNodesInTheirRangeAndEachInOneGroup(Path profile) throws Exception {
        Map<String, String> known = known();
        JsonValue json = read(profile);
        for (JsonValue medium : list(json, "media")) {
            for (JsonValue step : list(json, "memory")) {
                Set<String> seen = new TreeSet<>(Set.of("storage.flash", "storage.segmentMiB"));
                for (JsonValue group : List.of(json, medium, step)) {
                    if (group.member("settings").orElse(null) instanceof JsonValue.Obj settings) {
                        settings.members().forEach((name, value) -> {
                            assertTrue(seen.add(name), name + " stands twice");
                            assertTrue(known.containsKey(name), "the node has no setting " + name);
                            assertAllowed(name, known.get(name), value.toString());
                        });
                    }
                }
            }
        }
    }

    private static void assertAllowed(String name, String kind, String value) {
        Matcher range = RANGE.matcher(kind);
        Matcher options = OPTIONS.matcher(kind);
        if (range.matches()) {
            long number = Long.parseLong(value);
            assertTrue((range.group(1) == null || number >= Long.parseLong(range.group(1)))
                    && (range.group(2) == null || number <= Long.parseLong(range.group(2))), name + " = " + value);
        } else if (options.matches()) {
            assertTrue(List.of(options.group(1).split(", ")).contains(value.replace("\"", "")), name + " = " + value);
        }
    }

    /** Names of the node's settings, with the line that says what each may be. */
    private static Map<String, String> known() throws IOException {
        Map<String, String> known = new HashMap<>();
        String before = "";
        for (String line : Files.readAllLines(TestFramework.DISTRIBUTION.resolve("conf/conet.conf.example"))) {
            Matcher setting = SETTING.matcher(line);
            if (setting.matches()) {
                known.put(setting.group(1), before);
            }
            before = line;
        }
        return known;
    }

    @Test
    void noBoardIsNamedTwiceAndEachArchitectureHasAProfileForOthers() throws Exception {
        List<String> named = new ArrayList<>();
        Set<String> generic = new TreeSet<>();
        for (Path profile : profiles()) {
            JsonValue json = read(profile);
            for (JsonValue board : list(json, "boards")) {
                Stream.of("compatible", "dmi").flatMap(what -> list(board, what).stream())
                        .forEach(value -> named.add(value.toString()));
            }
            if (json.member("generic").isPresent()) {
                generic.add(json.string("arch").orElseThrow());
            }
        }
        assertEquals(named.size(), Set.copyOf(named).size(), named.toString());
        assertEquals(Set.of("amd64", "arm64", "armhf"), generic);
    }

    private static List<JsonValue> list(JsonValue json, String name) {
        return json.member(name).orElse(null) instanceof JsonValue.Array array ? array.values() : List.of();
    }

    private static long number(JsonValue json, String name) {
        return json.integer(name).orElseThrow(() -> new AssertionError("no number " + name + " in " + json));
    }
}
