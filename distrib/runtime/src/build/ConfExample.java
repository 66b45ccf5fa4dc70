import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * Writes the example of the configuration file from the metatype files of the bundles. Run by the build as a single
 * source file: {@code java ConfExample.java BUNDLES_DIRECTORY OUTPUT_FILE}.
 */
final class ConfExample {
    private static final String PREFIX = "network.conet.edge.";
    private static final int WIDTH = 110;

    private ConfExample() {}

    public static void main(String[] arguments) throws Exception {
        Map<String, Element> definitions = new TreeMap<>();
        try (Stream<Path> jars = Files.list(Path.of(arguments[0]))) {
            for (Path jar : jars.sorted().toList()) {
                read(jar, definitions);
            }
        }
        List<String> lines = new ArrayList<>(List.of(
                "# Settings of a CONET Edge node: bundle.setting = value. Each line that is commented out shows the",
                "# default. A setting that no bundle has, or out of its range, keeps the node from starting."));
        definitions.forEach((pid, definition) -> section(pid, definition, lines));
        Files.write(Path.of(arguments[1]), lines);
    }

    private static void read(Path jar, Map<String, Element> definitions) throws Exception {
        try (JarFile file = new JarFile(jar.toFile())) {
            for (JarEntry entry : file.stream().toList()) {
                String name = entry.getName();
                if (name.startsWith("OSGI-INF/metatype/" + PREFIX) && name.endsWith(".xml")) {
                    try (InputStream xml = file.getInputStream(entry)) {
                        NodeList found = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(xml)
                                .getElementsByTagName("OCD");
                        Element definition = (Element) found.item(0);
                        definitions.put(definition.getAttribute("id"), definition);
                    }
                }
            }
        }
    }

    private static void section(String pid, Element definition, List<String> lines) {
        String bundle = pid.substring(PREFIX.length());
        lines.add("");
        lines.add("");
        comment("==== " + definition.getAttribute("name") + " ====", lines);
        comment(definition.getAttribute("description"), lines);
        NodeList attributes = definition.getElementsByTagName("AD");
        for (int i = 0; i < attributes.getLength(); i++) {
            Element attribute = (Element) attributes.item(i);
            lines.add("");
            comment(attribute.getAttribute("name") + ": " + attribute.getAttribute("description"), lines);
            comment("(" + kind(attribute) + ")", lines);
            // A default may be a list (OSGi Compendium 105.8.2), so it comes with its spaces and commas escaped.
            String value = attribute.getAttribute("default").replaceAll("\\\\(.)", "$1");
            lines.add(("#" + bundle + "." + attribute.getAttribute("id") + " = " + value).stripTrailing());
        }
    }

    private static String kind(Element attribute) {
        List<String> options = new ArrayList<>();
        NodeList found = attribute.getElementsByTagName("Option");
        for (int i = 0; i < found.getLength(); i++) {
            options.add(((Element) found.item(i)).getAttribute("value"));
        }
        if (!options.isEmpty()) {
            return "one of " + String.join(", ", options);
        }
        String cardinality = attribute.getAttribute("cardinality");
        String list = cardinality.isEmpty() || cardinality.equals("0") ? "" : "list, separated by commas, of ";
        return list + switch (attribute.getAttribute("type")) {
            case "Integer", "Long", "Short" -> "whole number" + range(attribute);
            case "Double", "Float" -> "number" + range(attribute);
            case "Boolean" -> "true or false";
            default -> "text";
        };
    }

    private static String range(Element attribute) {
        String min = attribute.getAttribute("min");
        String max = attribute.getAttribute("max");
        return (min.isEmpty() ? "" : " from " + min) + (max.isEmpty() ? "" : " to " + max);
    }

    private static void comment(String text, List<String> lines) {
        StringBuilder line = new StringBuilder("#");
        for (String word : text.trim().split("\\s+")) {
            if (line.length() + 1 + word.length() > WIDTH) {
                lines.add(line.toString());
                line = new StringBuilder("#");
            }
            line.append(' ').append(word);
        }
        lines.add(line.toString());
    }
}
