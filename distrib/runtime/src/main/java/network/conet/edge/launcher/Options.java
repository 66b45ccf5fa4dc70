package network.conet.edge.launcher;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Where the node finds and keeps things.
 *
 * @param home the directory of the distribution, with {@code bundles} in it
 * @param data what must survive a power cut: keys and mail
 * @param run what need not survive it, best in memory: framework cache, status
 * @param config the configuration file
 * @param logLevel the least level that is printed
 */
record Options(Path home, Path data, Path run, Path config, String logLevel) {
    static final String USAGE =
            "usage: conet-edge [--data DIR] [--run DIR] [--config FILE] [--log error|warn|info|debug]";

    private static final List<String> LEVELS = List.of("error", "warn", "info", "debug");

    /**
     * Reads the command line. What it does not name comes from the environment ({@code CONET_DATA}, {@code CONET_RUN},
     * {@code CONET_CONFIG}, {@code CONET_LOG}), else from the places that the file system standard gives.
     *
     * @throws IllegalArgumentException with a line for the user
     */
    static Options parse(Path home, List<String> arguments, Map<String, String> environment) {
        Map<String, String> given = new HashMap<>();
        for (int i = 0; i < arguments.size(); i += 2) {
            String name = arguments.get(i);
            if (!List.of("--data", "--run", "--config", "--log").contains(name)) {
                throw new IllegalArgumentException("unknown option " + name + "; " + USAGE);
            }
            if (i + 1 == arguments.size()) {
                throw new IllegalArgumentException(name + " needs a value; " + USAGE);
            }
            given.put(name, arguments.get(i + 1));
        }
        String level = pick(given, "--log", environment, "warn").toLowerCase(Locale.ROOT);
        if (!LEVELS.contains(level)) {
            throw new IllegalArgumentException("--log " + level + ": expected one of " + LEVELS);
        }
        return new Options(home,
                path(pick(given, "--data", environment, "/var/lib/conet")),
                path(pick(given, "--run", environment, "/run/conet")),
                path(pick(given, "--config", environment, "/etc/conet/conet.conf")),
                level);
    }

    private static String pick(Map<String, String> given, String option, Map<String, String> environment,
            String otherwise) {
        String variable = "CONET_" + option.substring(2).toUpperCase(Locale.ROOT);
        return given.getOrDefault(option, environment.getOrDefault(variable, otherwise));
    }

    private static Path path(String text) {
        return Path.of(text).toAbsolutePath().normalize();
    }
}
