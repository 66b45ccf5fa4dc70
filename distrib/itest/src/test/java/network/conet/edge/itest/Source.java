package network.conet.edge.itest;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A text file of the project.
 *
 * @param path below the root, with slashes
 * @param text all of it
 */
record Source(String path, String text) {
    private static final Pattern BUNDLE = Pattern.compile("bundles/([a-z]+)/.*");
    private static final Pattern JAVA_TOKEN = Pattern.compile(
            "(?<comment>//[^\n]*|/\\*(?s:.)*?\\*/)"
                    + "|(?<text>\"\"\"(?s:.)*?\"\"\"|\"(?:\\\\.|[^\"\\\\\n])*\"|'(?:\\\\.|[^'\\\\\n])+')");

    boolean isJava() {
        return path.endsWith(".java");
    }

    /** Java that ships. */
    boolean isMain() {
        return isJava() && path.contains("/src/main/java/");
    }

    /** Short name of the bundle it belongs to; empty when it is of none. */
    String bundle() {
        Matcher matcher = BUNDLE.matcher(path);
        return matcher.matches() ? matcher.group(1) : "";
    }

    String fileName() {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** Java without comments and without the contents of texts; lines keep their numbers. */
    String code() {
        StringBuilder code = new StringBuilder();
        Matcher matcher = JAVA_TOKEN.matcher(text);
        while (matcher.find()) {
            boolean isComment = matcher.group("comment") != null;
            String lines = matcher.group().replaceAll("[^\n]", "");
            matcher.appendReplacement(code, isComment ? lines : "\"" + lines + "\"");
        }
        return matcher.appendTail(code).toString();
    }
}
