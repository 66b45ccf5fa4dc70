package network.conet.edge.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The code cites sections of docs/protocol/wire.md; they exist, and its table of refusals is the code's. */
class SpecificationTest {
    private static final Path SPECIFICATION = Path.of("../../docs/protocol/wire.md");
    private static final Path SERVICES = Path.of("../../docs/protocol/services.md");
    private static final Path PAYMENT = Path.of("../../docs/protocol/payment.md");
    private static final Path SOURCES = Path.of("src/main/java");
    private static final Pattern OTHER_DOCUMENT =
            Pattern.compile("RFC \\d+ sections? [\\d.]+(?:(?:,| and| to) [\\d.]*\\d)*");
    private static final Pattern CITED = Pattern.compile(
            "sections? (\\d+(?:\\.\\d+)?)(?:(?:,| and| to) (\\d+(?:\\.\\d+)?))?|\\((\\d+\\.\\d+)\\)");
    private static final Pattern HEADING = Pattern.compile("(?m)^##+ (\\d+(?:\\.\\d+)?)\\.? ");

    @Test
    void everySectionThatTheCodeCitesExists() throws IOException {
        Set<String> headings = HEADING.matcher(Files.readString(SPECIFICATION)).results()
                .map(match -> match.group(1)).collect(Collectors.toSet());
        Set<String> cited = new TreeSet<>();
        for (Path source : sources()) {
            Matcher matcher = CITED.matcher(comments(source));
            while (matcher.find()) {
                for (int group = 1; group <= 3; group++) {
                    String section = matcher.group(group);
                    if (section != null) {
                        cited.add(section);
                        assertTrue(headings.contains(section), () -> source.getFileName() + " cites " + section);
                    }
                }
            }
        }
        assertTrue(cited.size() > 10, () -> "found only " + cited);
    }

    @Test
    void theTableOfRefusalsIsTheCodes() throws IOException {
        String text = Files.readString(SPECIFICATION) + Files.readString(SERVICES) + Files.readString(PAYMENT);
        for (RefuseReason reason : RefuseReason.values()) {
            String answer = switch (reason.answer()) {
                case NOT_FOUND -> "404";
                case PAYMENT_REQUIRED -> "402";
                case CLOSE -> "close";
                case BAD_GATEWAY -> "502";
                case UNAVAILABLE, LATER -> "503";
                case INSUFFICIENT_STORAGE -> "507";
            };
            assertTrue(text.contains("| `" + reason.label() + "` | " + answer + " |"), reason.label());
        }
    }

    @Test
    void limitsFollowFromEachOther() {
        assertEquals(1_114_112, ProtocolLimits.BODY_BYTES_MAX);
        assertEquals(ProtocolLimits.BODY_BYTES_MAX, ProtocolLimits.FRAME_BYTES_MAX);
        assertEquals(2 * ProtocolLimits.COMMAND_WINDOW_SECONDS, ProtocolLimits.REPLAY_MEMORY_SECONDS);
        assertTrue(ProtocolLimits.HOP_HEADER_CHARS_MAX < ProtocolLimits.HEADER_BYTES_MAX);
        assertTrue(ProtocolLimits.KEY_CHARS_MAX < ProtocolLimits.ARMOR_BYTES_MAX);
    }

    private static List<Path> sources() throws IOException {
        try (Stream<Path> files = Files.walk(SOURCES)) {
            List<Path> sources = files.filter(file -> file.toString().endsWith(".java")).toList();
            assertFalse(sources.isEmpty());
            return sources;
        }
    }

    /** The comments as running text, without what they say of other documents. */
    private static String comments(Path source) throws IOException {
        String text = Pattern.compile("/\\*.*?\\*/|//[^\n]*", Pattern.DOTALL).matcher(Files.readString(source))
                .results().map(match -> match.group()).collect(Collectors.joining("\n"));
        String running = text.replaceAll("\\s*\n\\s*\\*?\\s*", " ");
        return OTHER_DOCUMENT.matcher(running).replaceAll("");
    }
}
