import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import network.conet.edge.protocol.JsonException;
import network.conet.edge.protocol.JsonValue;

/**
 * Renders the device profiles into what {@code bin/conet-board} reads on a device: tables and option files, as a shell
 * without a JSON parser needs them. Run by the build as a single source file:
 * {@code java -cp PROTOCOL_JAR Profiles.java PROFILES_DIRECTORY OUTPUT_DIRECTORY}.
 *
 * <pre>
 *   boards                   what ⇥ value ⇥ profile: "compatible" or "dmi" and what the board says; or "arch ⇥ NAME ⇥
 *                            profile ⇥ MiB" for boards that no line names, with least memory, most first
 *   ID/media                 kinds of media, the first where it cannot be seen
 *   ID/KIND.conf             settings on such a medium
 *   ID/memory                each step: MiB that the machine has, MiB that the node may take; least first
 *   ID/memory-MIB.options    options of the JVM
 *   ID/memory-MIB.conf       settings with so much memory
 *   ID/settings.conf         settings of all
 *   ID/about                 one line for people
 *   ID/image.env             only where an image is made: variables of distrib/image
 * </pre>
 */
final class Profiles {
    private final Path output;
    private final List<String> boards = new ArrayList<>();
    private final List<Generic> generics = new ArrayList<>();

    private record Generic(String arch, String id, long ramMiB) {}

    private Profiles(Path output) {
        this.output = output;
    }

    public static void main(String[] arguments) throws IOException, JsonException {
        Profiles profiles = new Profiles(Path.of(arguments[1]));
        List<Path> files;
        try (Stream<Path> all = Files.walk(Path.of(arguments[0]), 2)) {
            files = all.filter(file -> file.endsWith("profile.json")).sorted().toList();
        }
        for (Path file : files) {
            JsonValue profile = JsonValue.parse(Files.readAllBytes(file));
            if (!file.getParent().getFileName().toString().equals(text(profile, "id"))) {
                throw new IOException(file + ": its id is not the name of its folder");
            }
            profiles.render(profile);
        }
        profiles.generics.sort(Comparator.comparing(Generic::arch)
                .thenComparing(Comparator.comparingLong(Generic::ramMiB).reversed()));
        profiles.generics.forEach(each -> profiles.boards.add(
                String.join("\t", "arch", each.arch, each.id, Long.toString(each.ramMiB))));
        Files.write(profiles.output.resolve("boards"), profiles.boards);
    }

    private void render(JsonValue profile) throws IOException {
        String id = text(profile, "id");
        Path directory = Files.createDirectories(output.resolve(id));
        for (JsonValue board : list(profile, "boards")) {
            for (String what : List.of("compatible", "dmi")) {
                for (JsonValue value : list(board, what)) {
                    boards.add(String.join("\t", what, value.asString().orElseThrow(), id));
                }
            }
        }
        Files.writeString(directory.resolve("about"), text(profile, "about") + "\n");
        settings(directory.resolve("settings.conf"), profile);
        List<String> kinds = new ArrayList<>();
        for (JsonValue medium : list(profile, "media")) {
            kinds.add(text(medium, "kind"));
            Path file = directory.resolve(text(medium, "kind") + ".conf");
            settings(file, medium);
            Files.write(file, List.of("storage.flash = " + text(medium, "kind"),
                    "storage.segmentMiB = " + number(medium, "segmentMiB")), StandardOpenOption.APPEND);
        }
        Files.write(directory.resolve("media"), kinds);
        List<String> steps = new ArrayList<>();
        for (JsonValue step : list(profile, "memory")) {
            String name = "memory-" + number(step, "ramMiB");
            steps.add(number(step, "ramMiB") + " " + number(step, "shareMiB"));
            settings(directory.resolve(name + ".conf"), step);
            Files.write(directory.resolve(name + ".options"), options(step));
        }
        Files.write(directory.resolve("memory"), steps);
        if (profile.member("generic").isPresent()) {
            generics.add(new Generic(text(profile, "arch"), id, number(list(profile, "memory").get(0), "ramMiB")));
        }
        if (profile.member("image").isPresent()) {
            image(directory.resolve("image.env"), profile, profile.member("image").get());
        }
    }

    private static List<String> options(JsonValue step) {
        return List.of("-Xmx" + number(step, "heapMiB") + "m",
                "-XX:MaxDirectMemorySize=" + number(step, "directMiB") + "m",
                "-XX:MaxMetaspaceSize=" + number(step, "metaspaceMiB") + "m",
                "-XX:ReservedCodeCacheSize=" + number(step, "codeMiB") + "m",
                "-Xss" + number(step, "stackKiB") + "k",
                "-XX:TieredStopAtLevel=" + (number(step, "compilers") == 1 ? 1 : 4));
    }

    private static void settings(Path file, JsonValue holder) throws IOException {
        List<String> lines = new ArrayList<>();
        if (holder.member("settings").orElse(null) instanceof JsonValue.Obj settings) {
            for (Map.Entry<String, JsonValue> each : settings.members().entrySet()) {
                lines.add(each.getKey() + " = " + each.getValue().asString().orElse(each.getValue().toString()));
            }
        }
        Files.write(file, lines);
    }

    private static void image(Path file, JsonValue profile, JsonValue image) throws IOException {
        Files.write(file, List.of("PROFILE_ID=" + text(profile, "id"), "ARCH=" + text(profile, "arch"),
                "IMAGE_TYPE=" + text(image, "type"), "IMAGE_DATA_FS=" + text(image, "dataFileSystem"),
                "IMAGE_DATA_MOUNT=" + text(image, "dataMount"), "IMAGE_ZRAM_MIB=" + number(image, "zramMiB"),
                "IMAGE_WATCHDOG_SECONDS=" + number(image, "watchdogSeconds")));
    }

    private static String text(JsonValue json, String name) {
        return json.string(name).orElseThrow(() -> new IllegalArgumentException("no text " + name + " in " + json));
    }

    private static long number(JsonValue json, String name) {
        return json.integer(name).orElseThrow(() -> new IllegalArgumentException("no number " + name + " in " + json));
    }

    private static List<JsonValue> list(JsonValue json, String name) {
        return json.member(name).orElse(null) instanceof JsonValue.Array array ? array.values() : List.of();
    }
}
