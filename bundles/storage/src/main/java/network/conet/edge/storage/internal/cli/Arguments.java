package network.conet.edge.storage.internal.cli;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import network.conet.edge.protocol.KeyId;

/**
 * What was typed behind {@code storage}.
 *
 * @param command one of the four
 * @param isJson whether one JSON object is wanted
 * @param mailbox whose; null when not given
 * @param target where to; null when not given
 */
record Arguments(String command, boolean isJson, KeyId mailbox, Path target) {
    static final String HELP = "usage: conet-edge storage check [--mailbox KEYID] [--json] | stats [--json]"
            + " | export --mailbox KEYID --to DIR | compact; each with [--data DIR] [--config FILE]";

    private static final String JSON = "--json";
    private static final String MAILBOX = "--mailbox";
    private static final String TO = "--to";
    private static final Map<String, Set<String>> COMMANDS = Map.of("check", Set.of(JSON, MAILBOX),
            "stats", Set.of(JSON), "export", Set.of(MAILBOX, TO), "compact", Set.of());

    static Arguments parse(List<String> texts) throws ToolException {
        if (texts.isEmpty()) {
            throw ToolException.usage("a command is missing");
        }
        String command = texts.get(0);
        Set<String> options = COMMANDS.get(command);
        if (options == null) {
            throw ToolException.usage("unknown command " + command);
        }
        Map<String, String> given = new HashMap<>();
        for (int i = 1; i < texts.size(); i++) {
            String name = texts.get(i);
            if (!options.contains(name)) {
                throw ToolException.usage("unknown option " + name + " of " + command);
            }
            String value = "";
            if (!name.equals(JSON)) {
                i++;
                if (i == texts.size()) {
                    throw ToolException.usage(name + " needs a value");
                }
                value = texts.get(i);
            }
            if (given.put(name, value) != null) {
                throw ToolException.usage(name + " stands twice");
            }
        }
        if (command.equals("export")) {
            for (String needed : List.of(MAILBOX, TO)) {
                if (!given.containsKey(needed)) {
                    throw ToolException.usage("export needs " + needed);
                }
            }
        }
        return new Arguments(command, given.containsKey(JSON), mailbox(given.get(MAILBOX)), target(given.get(TO)));
    }

    private static KeyId mailbox(String text) throws ToolException {
        if (text == null) {
            return null;
        }
        return KeyId.parse(text).filter(id -> !id.isAnonymous()).orElseThrow(
                () -> ToolException.usage(MAILBOX + " " + text + ": expected a key id of 16 hex digits"));
    }

    private static Path target(String text) throws ToolException {
        try {
            return text == null ? null : Path.of(text).toAbsolutePath().normalize();
        } catch (InvalidPathException bad) {
            throw ToolException.usage(TO + " " + text + ": not a path");
        }
    }
}
