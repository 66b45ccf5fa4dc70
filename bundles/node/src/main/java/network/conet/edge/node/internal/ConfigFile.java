package network.conet.edge.node.internal;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A configuration file of the node, or the settings of its device profile: lines <code>bundle.setting = value</code>,
 * empty lines, and comments that begin with {@code #}. Carriage returns and a byte order mark are tolerated, for files
 * edited on Windows.
 */
final class ConfigFile {
    static final int BYTES_MAX = 256 * 1024;
    private static final Pattern LINE = Pattern.compile("([a-z]+)\\.([A-Za-z0-9]+)\\s*=\\s*(.*)");

    private ConfigFile() {}

    /**
     * One setting.
     *
     * @param bundle short name of the bundle that owns it
     * @param name its name there
     * @param value the text behind the equals sign, trimmed
     * @param file the file that it stands in
     * @param line where it stands there, from 1
     */
    record Setting(String bundle, String name, String value, String file, int line) {
        String key() {
            return bundle + '.' + name;
        }

        /** For a complaint. */
        String place() {
            return file + " line " + line + ": ";
        }
    }

    /**
     * Reads the file.
     *
     * @return the settings by key, in the order of the file
     * @throws ConfigException naming the file, the line and what is wrong with it
     */
    static Map<String, Setting> read(Path file) throws ConfigException {
        List<String> lines;
        try {
            if (Files.size(file) > BYTES_MAX) {
                throw new ConfigException(file + " is larger than " + BYTES_MAX + " bytes");
            }
            lines = Files.readAllLines(file);
        } catch (NoSuchFileException missing) {
            throw new ConfigException("there is no configuration file " + file);
        } catch (AccessDeniedException denied) {
            throw new ConfigException(file + " cannot be read by the user that this node runs as");
        } catch (MalformedInputException notText) {
            throw new ConfigException(file + " is not UTF-8 text");
        } catch (IOException unreadable) {
            throw new ConfigException(file + " cannot be read: " + unreadable.getMessage());
        }
        return parse(file.toString(), lines);
    }

    static Map<String, Setting> parse(String file, List<String> lines) throws ConfigException {
        Map<String, Setting> settings = new LinkedHashMap<>();
        for (int i = 0; i < lines.size(); i++) {
            boolean isMarked = i == 0 && lines.get(0).startsWith("\uFEFF");
            String line = (isMarked ? lines.get(0).substring(1) : lines.get(i)).trim();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            Matcher matcher = LINE.matcher(line);
            if (!matcher.matches()) {
                throw new ConfigException(file + " line " + (i + 1) + ": expected bundle.setting = value");
            }
            Setting setting = new Setting(matcher.group(1), matcher.group(2), matcher.group(3).trim(), file,
                    i + 1);
            Setting earlier = settings.putIfAbsent(setting.key(), setting);
            if (earlier != null) {
                throw new ConfigException(
                        file + " line " + (i + 1) + ": " + setting.key() + " stands already in line " + earlier.line());
            }
        }
        return Collections.unmodifiableMap(settings);
    }

    /** What is wrong with the configuration, as one line for the operator. */
    static final class ConfigException extends Exception {
        private static final long serialVersionUID = 1L;

        ConfigException(String line) {
            super(line);
        }
    }
}
