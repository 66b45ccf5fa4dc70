package network.conet.edge.itest;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One rule over the project's texts.
 *
 * @param name what it forbids
 * @param applies to which files
 * @param check what is wrong with a file, one line each
 * @param counterexample a file that breaks it: the proof that the rule can fail
 */
record SourceRule(String name, Predicate<Source> applies, Function<Source, List<String>> check,
        Source counterexample) {

    /** What is wrong with a file; nothing when the rule does not apply. */
    List<String> violations(Source source) {
        return applies.test(source) ? check.apply(source) : List.of();
    }

    /** Forbids a pattern in the code of Java files: comments and texts do not count. */
    static SourceRule noCode(String name, Predicate<Source> applies, String pattern, String path, String example) {
        return new SourceRule(name, source -> source.isJava() && applies.test(source),
                source -> matches(source, source.code(), Pattern.compile(pattern)), new Source(path, example));
    }

    /** Forbids a pattern anywhere in the text. */
    static SourceRule noText(String name, Predicate<Source> applies, String pattern, String path, String example) {
        return new SourceRule(name, applies, source -> matches(source, source.text(), Pattern.compile(pattern)),
                new Source(path, example));
    }

    private static List<String> matches(Source source, String text, Pattern pattern) {
        List<String> found = new ArrayList<>();
        Matcher matcher = pattern.matcher(text);
        while (matcher.find()) {
            long line = text.substring(0, matcher.start()).lines().count();
            found.add(source.path() + ":" + Math.max(1, line) + ": " + matcher.group().strip());
        }
        return found;
    }

    @Override
    public String toString() {
        return name;
    }
}
