package network.conet.edge.storage.internal;

import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import network.conet.edge.storage.internal.log.StorageKey;

/**
 * Where a node's storage lies and how it is set, read from the node's configuration file without the node: the lines
 * {@code storage.setting = value}, over the defaults that {@link StorageConfig} has. Lines of other bundles are
 * theirs.
 *
 * @param settings how it stores
 * @param directory of the mailbox
 * @param keyFile of the storage key
 */
public record StorePlace(StorageSettings settings, Path directory, Path keyFile) {
    private static final String BUNDLE = "storage";
    private static final Pattern LINE = Pattern.compile("([a-z]+)\\.([A-Za-z0-9]+)\\s*=\\s*(.*)");

    /** What was set, and where. */
    private record Line(String value, String where, String name) {}

    /**
     * Reads the configuration.
     *
     * @param data the node's data directory
     * @throws IllegalArgumentException it is missing or not right; one clear line
     */
    public static StorePlace of(Path data, Path config) {
        Map<String, Line> lines = lines(config);
        Map<String, Object> values = new LinkedHashMap<>();
        for (Method setting : StorageConfig.class.getDeclaredMethods()) {
            Line line = lines.remove(setting.getName());
            values.put(setting.getName(),
                    line == null ? setting.getDefaultValue() : convert(line, setting.getReturnType()));
        }
        for (Map.Entry<String, Line> unknown : lines.entrySet()) {
            throw new IllegalArgumentException(unknown.getValue().where() + BUNDLE + " has no setting "
                    + unknown.getKey() + "; it has " + new TreeMap<>(values).keySet());
        }
        StorageConfig set = (StorageConfig) Proxy.newProxyInstance(StorageConfig.class.getClassLoader(),
                new Class<?>[] {StorageConfig.class}, (proxy, method, arguments) -> values.get(method.getName()));
        return new StorePlace(ConfigReader.settings(set), ConfigReader.path(data, "directory", set.directory()),
                ConfigReader.path(data, "keyFile", set.keyFile()));
    }

    /**
     * The storage key; empty when there is no key file. Never makes one.
     *
     * @throws IOException it cannot be read, or others can read it; one clear line
     */
    public Optional<StorageKey> key() throws IOException {
        return Files.exists(keyFile) ? Optional.of(StorageKey.of(KeyFile.read(keyFile))) : Optional.empty();
    }

    private static Map<String, Line> lines(Path config) {
        List<String> texts;
        try {
            texts = Files.readAllLines(config);
        } catch (NoSuchFileException missing) {
            throw new IllegalArgumentException("there is no configuration file " + config, missing);
        } catch (MalformedInputException notText) {
            throw new IllegalArgumentException(config + " is not UTF-8 text", notText);
        } catch (IOException unreadable) {
            throw new IllegalArgumentException(config + " cannot be read: " + unreadable.getMessage(), unreadable);
        }
        Map<String, Line> lines = new LinkedHashMap<>();
        for (int i = 0; i < texts.size(); i++) {
            String text = (i == 0 ? texts.get(0).replaceFirst("^\uFEFF", "") : texts.get(i)).trim();
            String place = config + " line " + (i + 1) + ": ";
            if (text.isEmpty() || text.startsWith("#")) {
                continue;
            }
            Matcher matcher = LINE.matcher(text);
            if (!matcher.matches()) {
                throw new IllegalArgumentException(place + "expected bundle.setting = value");
            }
            boolean isOurs = matcher.group(1).equals(BUNDLE);
            String name = matcher.group(2);
            Line line = new Line(matcher.group(3).trim(), place, name);
            if (isOurs && lines.putIfAbsent(name, line) != null) {
                throw new IllegalArgumentException(place + BUNDLE + '.' + name + " stands twice");
            }
        }
        return lines;
    }

    private static Object convert(Line line, Class<?> type) {
        try {
            if (type == int.class) {
                return Integer.valueOf(line.value());
            }
            return type == double.class ? (Object) Double.valueOf(line.value()) : line.value();
        } catch (NumberFormatException bad) {
            throw new IllegalArgumentException(line.where() + BUNDLE + '.' + line.name() + " = " + line.value()
                    + ": expected a "
                    + (type == int.class ? "whole number" : "number"), bad);
        }
    }
}
