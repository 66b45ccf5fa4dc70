package network.conet.edge.itest;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** All rules over texts. */
final class SourceRules {
    private static final int LINE_CHARS_MAX = 120;
    private static final int FILE_LINES_MAX = 500;

    /** Owner of each library, by the package that all its names begin with. */
    private static final Map<String, Set<String>> LIBRARIES = Map.of(
            "org.bouncycastle", Set.of("crypto"),
            "io.netty", Set.of("transport"),
            "org.web3j", Set.of("chain"),
            "picocli", Set.of("client"),
            "org.mapdb", Set.of("storage"),
            "com.dylibso.chicory", Set.of("services"));

    private static final Predicate<Source> MAIN = Source::isMain;
    private static final Predicate<Source> JAVA = Source::isJava;
    private static final Predicate<Source> BUNDLE_MAIN = source -> source.isMain() && !source.bundle().isEmpty();
    private static final Predicate<Source> PURE =
            source -> source.isMain() && Set.of("relay", "metering", "protocol").contains(source.bundle());

    private SourceRules() {}

    static Stream<SourceRule> all() {
        List<SourceRule> rules = new ArrayList<>();
        libraries(rules);
        time(rules);
        rules.add(SourceRule.noCode("relay, metering and protocol hold no thread and no I/O", PURE,
                "\\bjava\\.(io\\.(?!(IO|EOF)Exception|UncheckedIO|ByteArray|(Data)?(In|Out)putStream;)"
                        + "|net\\.|nio\\.(file|channels)\\.)"
                        + "|\\bThread\\b|\\w*Executors?\\b|\\bTimer\\b"
                        + "|\\.(supply|run|then\\w+|when\\w+|handle)Async\\(",
                "bundles/relay/src/main/java/X.java", "import java.net.Socket;"));
        rules.add(SourceRule.noCode("the framework's own interfaces are for node, launcher and components",
                source -> BUNDLE_MAIN.test(source) && !source.bundle().equals("node")
                        && !source.fileName().endsWith("Component.java"),
                "\\borg\\.osgi\\.(framework|util\\.tracker)\\b",
                "bundles/storage/src/main/java/Engine.java", "import org.osgi.framework.Bundle;"));
        rules.add(SourceRule.noCode("no test is switched off", JAVA, "@Disabled\\b|@Ignore\\b",
                "bundles/x/src/test/java/XTest.java", "@Disabled void skips() {}"));
        rules.add(SourceRule.noCode("no failure is swallowed", JAVA,
                "catch\\s*\\([^)]*\\)\\s*\\{\\s*\\}", "bundles/x/src/main/java/X.java",
                "try { a(); } catch (E e) { }"));
        rules.add(SourceRule.noCode("standard output belongs to the launcher, the refusing node and commands",
                source -> BUNDLE_MAIN.test(source) && !source.bundle().equals("client")
                        && !source.fileName().equals("NodeLifecycle.java"),
                "\\bSystem\\.(out|err)\\b|\\.printStackTrace\\(\\)", "bundles/x/src/main/java/X.java",
                "e.printStackTrace();"));
        texts(rules);
        return rules.stream();
    }

    private static void libraries(List<SourceRule> rules) {
        LIBRARIES.forEach((library, owners) -> rules.add(SourceRule.noCode(
                library + " is used in " + owners + " only, of what ships",
                source -> BUNDLE_MAIN.test(source) && !owners.contains(source.bundle()),
                "\\b" + library.replace(".", "\\.") + "\\.",
                "bundles/relay/src/main/java/X.java", "import " + library + ".X;")));
    }

    private static void time(List<SourceRule> rules) {
        rules.add(SourceRule.noCode("time comes from api.Clock",
                source -> BUNDLE_MAIN.test(source) && !source.fileName().equals("SystemClock.java")
                        && !source.bundle().equals("client"),
                "\\bSystem\\.(currentTimeMillis|nanoTime)\\b"
                        + "|\\b(Instant|LocalDate|LocalDateTime|ZonedDateTime)\\.now\\b"
                        + "|\\bnew\\s+Date\\(\\)|\\bClock\\.system\\w*\\(",
                "bundles/storage/src/main/java/X.java", "long now = System.currentTimeMillis();"));
        // The command's reconnect is the one wait that nothing could end sooner.
        rules.add(SourceRule.noCode("nothing sleeps", source -> !source.fileName().equals("MailListener.java"),
                "\\bThread\\.sleep\\b|\\bTimeUnit\\.\\w+\\.sleep\\b",
                "bundles/x/src/test/java/X.java", "Thread.sleep(10);"));
        rules.add(SourceRule.noCode("chance comes from SecureRandom, or from a seed in tests", JAVA,
                "\\bnew\\s+Random\\(\\)|\\bThreadLocalRandom\\b|\\bMath\\.random\\b",
                "bundles/x/src/test/java/X.java", "int dice = new Random().nextInt();"));
        rules.add(SourceRule.noCode("what ships has no other chance than SecureRandom",
                source -> BUNDLE_MAIN.test(source) && !source.bundle().equals("testkit"),
                "\\bnew\\s+(java\\.util\\.)?Random\\(",
                "bundles/x/src/main/java/X.java", "int dice = new Random(seed).nextInt();"));
    }

    private static void texts(List<SourceRule> rules) {
        Predicate<Source> own = source -> !source.path().equals("docs/LICENSE") && !source.path().endsWith(".json");
        rules.add(SourceRule.noText("nothing is left for later", JAVA.or(named(".sh", ".xml", ".mjs", ".js", ".sol")),
                "\\b(TO" + "DO|FIX" + "ME|XX" + "X)\\b", "bundles/x/src/main/java/X.java", "// TO" + "DO: later"));
        rules.add(SourceRule.noText("no tabs", own.and(named(".java", ".xml", ".md", ".sh", ".json", ".yml")), "\t",
                "pom.xml", "\t<a/>"));
        rules.add(SourceRule.noText("no space at the end of a line",
                own.and(named(".java", ".xml", ".sh", ".service", ".options", ".bndrun")),
                "[ \t]+(?=\r?\n|$)", "bundles/x/src/main/java/X.java", "int a; \n"));
        rules.add(new SourceRule("no line is longer than " + LINE_CHARS_MAX, JAVA, source -> longLines(source),
                new Source("bundles/x/src/main/java/X.java", "x".repeat(LINE_CHARS_MAX + 1))));
        rules.add(new SourceRule("no file is longer than " + FILE_LINES_MAX + " lines", MAIN, source -> length(source),
                new Source("bundles/x/src/main/java/X.java", "\n".repeat(FILE_LINES_MAX + 1))));
        rules.add(SourceRule.noText("no place of one machine, no registry host", source -> true,
                "(?<![A-Za-z0-9_.])/(wor" + "k|tm" + "p|far" + "m|home/[a-z]+|root)/[A-Za-z0-9.]"
                        + "|\\b(repo1?\\.mave" + "n\\.(apache\\.)?org|registry\\.npm" + "js\\.org"
                        + "|deb\\.deb" + "ian\\.org|files\\.pytho" + "nhosted\\.org)\\b",
                "docs/x.md", "see /wor" + "k/x"));
        rules.add(SourceRule.noText("versions stand in the root pom only",
                // A program of others that a test starts is no part of the build.
                source -> source.path().endsWith("/pom.xml") && !source.path().contains("/hawkbit/"),
                "(?s)<version>(?!.*</parent>)[^<$]*</version>", "bundles/x/pom.xml",
                "<parent></parent><plugin><version>1.0</version></plugin>"));
    }

    private static Predicate<Source> named(String... endings) {
        return source -> Stream.of(endings).anyMatch(source.path()::endsWith);
    }

    private static List<String> longLines(Source source) {
        List<String> lines = source.text().lines().toList();
        List<String> found = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).length() > LINE_CHARS_MAX) {
                found.add(source.path() + ":" + (i + 1) + ": " + lines.get(i).length() + " characters");
            }
        }
        return found;
    }

    private static List<String> length(Source source) {
        long lines = source.text().lines().count();
        return lines > FILE_LINES_MAX ? List.of(source.path() + ": " + lines + " lines") : List.of();
    }
}
