package network.conet.edge.protocol.service;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;
import network.conet.edge.protocol.JsonException;
import network.conet.edge.protocol.JsonValue;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.RefusedException;

/**
 * What a service says of itself: {@code OSGI-INF/conet/service.json} ({@code docs/protocol/services.md}, section 4).
 * Members that it does not know are refused, so that a limit with a slip of the pen is not a limit that is missing.
 *
 * @param name the service's name
 * @param version the version
 * @param about one line for people, at most 200 characters
 * @param commands commands of the wire that it decides about, beside being called by name
 * @param capabilities what it asks for, with what belongs to each
 * @param limits what one call may use
 * @param price what a call costs
 * @param stateVersion version of the form of its state; a higher one than before is carried over by the guest
 */
public record ServiceManifest(ServiceName name, ServiceVersion version, String about, List<String> commands,
        Map<Capability, JsonValue> capabilities, Limits limits, Price price, int stateVersion) {
    /** Largest manifest. */
    public static final int BYTES_MAX = 16 * 1024;
    /** Bytes that state may take when the manifest does not say. */
    public static final long KV_QUOTA_BYTES_DEFAULT = 64 * 1024;
    /** Most that a manifest may ask for. */
    public static final long KV_QUOTA_BYTES_MAX = 16 << 20;

    private static final Pattern COMMAND = Pattern.compile("[A-Za-z][A-Za-z0-9_]{0,39}");
    private static final Pattern HOST = Pattern.compile("[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?");
    private static final int ABOUT_CHARS_MAX = 200;
    private static final int COMMANDS_MAX = 8;
    private static final int HOSTS_MAX = 16;
    private static final Set<String> MEMBERS = Set.of(
            "name", "version", "about", "commands", "capabilities", "limits", "price", "stateVersion");

    /**
     * @param fuel units, 1 to 2^40
     * @param deadlineMillis 1 to 60,000
     * @param memoryPages pages of 64 KiB, 1 to 1,024
     * @param inputBytes 0 to 512 KiB
     * @param outputBytes 0 to 1 MiB, or to 64 MiB with the capability {@code stream}
     * @param callsInFlight 1 to 64
     */
    public record Limits(long fuel, int deadlineMillis, int memoryPages, int inputBytes, int outputBytes,
            int callsInFlight) {}

    /**
     * In nanocredits.
     *
     * @param call for each call
     * @param megafuel for each million units of fuel, begun ones counted
     */
    public record Price(long call, long megafuel) {
        private static final long UNITS = 1_000_000;

        /** Whether calls cost nothing. */
        public boolean isFree() {
            return call == 0 && megafuel == 0;
        }

        /** What a call costs that used so much fuel. */
        public long of(long fuel) {
            return Math.addExact(call, Math.multiplyExact(megafuel, (fuel + UNITS - 1) / UNITS));
        }
    }

    /** @throws RefusedException MANIFEST_MALFORMED, with what is wrong */
    public static ServiceManifest parse(byte[] json) throws RefusedException {
        if (json.length > BYTES_MAX) {
            throw malformed("more than " + BYTES_MAX + " bytes");
        }
        JsonValue read;
        try {
            read = JsonValue.parse(json);
        } catch (JsonException notJson) {
            throw malformed("not JSON: " + notJson.getMessage());
        }
        if (!(read instanceof JsonValue.Obj object)) {
            throw malformed("not an object");
        }
        only(object, MEMBERS, "the manifest");
        Map<Capability, JsonValue> capabilities = capabilities(read);
        return new ServiceManifest(
                read.string("name").flatMap(ServiceName::parse).orElseThrow(() -> malformed("name")),
                read.string("version").flatMap(ServiceVersion::parse).orElseThrow(() -> malformed("version")),
                about(read), commands(read), capabilities, limits(read, capabilities.containsKey(Capability.STREAM)),
                price(read), (int) number(read, "stateVersion", 1, 1, 1_000_000));
    }

    private static String about(JsonValue read) throws RefusedException {
        String about = read.string("about").orElse("");
        boolean isLine = about.length() <= ABOUT_CHARS_MAX && about.chars().noneMatch(Character::isISOControl);
        if (!isLine || read.member("about").isPresent() && read.string("about").isEmpty()) {
            throw malformed("about: one line of at most " + ABOUT_CHARS_MAX + " characters");
        }
        return about;
    }

    private static List<String> commands(JsonValue read) throws RefusedException {
        List<String> commands = strings(read, "commands", COMMANDS_MAX, COMMAND);
        for (String command : commands) {
            if (command.startsWith("service_")) {
                throw malformed("commands: " + command + " is the node's own");
            }
        }
        return commands;
    }

    private static Map<Capability, JsonValue> capabilities(JsonValue read) throws RefusedException {
        Map<Capability, JsonValue> found = new EnumMap<>(Capability.class);
        Optional<JsonValue> member = read.member("capabilities");
        if (member.isEmpty()) {
            return found;
        }
        if (!(member.get() instanceof JsonValue.Obj object)) {
            throw malformed("capabilities: an object");
        }
        for (Map.Entry<String, JsonValue> each : object.members().entrySet()) {
            Capability capability = Capability.ofLabel(each.getKey())
                    .orElseThrow(() -> malformed("capabilities: " + printable(each.getKey()) + " is none"));
            if (!(each.getValue() instanceof JsonValue.Obj details)) {
                throw malformed("capabilities: " + capability.label() + ": an object");
            }
            details(capability, details);
            found.put(capability, details);
        }
        return found;
    }

    private static void details(Capability capability, JsonValue.Obj details) throws RefusedException {
        switch (capability) {
            case KV -> {
                only(details, Set.of("quotaBytes"), "kv");
                number(details, "quotaBytes", KV_QUOTA_BYTES_DEFAULT, 0, KV_QUOTA_BYTES_MAX);
            }
            case MAIL -> {
                only(details, Set.of("messagesPerHour"), "mail");
                number(details, "messagesPerHour", 60, 1, 3600);
            }
            case HTTP -> {
                only(details, Set.of("hosts", "bytesPerHour"), "http");
                if (strings(details, "hosts", HOSTS_MAX, HOST).isEmpty()) {
                    throw malformed("http: hosts");
                }
                number(details, "bytesPerHour", 1 << 20, 1, 1L << 30);
            }
            default -> only(details, Set.of(), capability.label());
        }
    }

    private static Limits limits(JsonValue read, boolean isStreaming) throws RefusedException {
        JsonValue from = part(read, "limits", Set.of(
                "fuel", "deadlineMillis", "memoryPages", "inputBytes", "outputBytes", "callsInFlight"));
        return new Limits(
                number(from, "fuel", 50_000_000, 1, 1L << 40),
                (int) number(from, "deadlineMillis", 2000, 1, 60_000),
                (int) number(from, "memoryPages", 64, 1, 1024),
                (int) number(from, "inputBytes", 64 * 1024, 0, 512 * 1024),
                (int) number(from, "outputBytes", 256 * 1024, 0, isStreaming ? 64 << 20 : 1 << 20),
                (int) number(from, "callsInFlight", 4, 1, 64));
    }

    private static Price price(JsonValue read) throws RefusedException {
        JsonValue from = part(read, "price", Set.of("call", "megafuel"));
        long most = 1L << 40;
        return new Price(number(from, "call", 0, 0, most), number(from, "megafuel", 0, 0, 1 << 20));
    }

    private static JsonValue part(JsonValue read, String name, Set<String> members) throws RefusedException {
        Optional<JsonValue> member = read.member(name);
        if (member.isEmpty()) {
            return JsonValue.object().build();
        }
        if (!(member.get() instanceof JsonValue.Obj object)) {
            throw malformed(name + ": an object");
        }
        only(object, members, name);
        return object;
    }

    private static void only(JsonValue.Obj object, Set<String> known, String where) throws RefusedException {
        for (String name : object.members().keySet()) {
            if (!known.contains(name)) {
                throw malformed(where + ": unknown member " + printable(name));
            }
        }
    }

    private static long number(JsonValue from, String name, long whenAbsent, long min, long max)
            throws RefusedException {
        if (from.member(name).isEmpty()) {
            return whenAbsent;
        }
        OptionalLong value = from.integer(name);
        if (value.isEmpty() || value.getAsLong() < min || value.getAsLong() > max) {
            throw malformed(name + ": a whole number from " + min + " to " + max);
        }
        return value.getAsLong();
    }

    private static List<String> strings(JsonValue from, String name, int max, Pattern form) throws RefusedException {
        Optional<JsonValue> member = from.member(name);
        if (member.isEmpty()) {
            return List.of();
        }
        List<String> found = new ArrayList<>();
        if (!(member.get() instanceof JsonValue.Array array) || array.values().size() > max) {
            throw malformed(name + ": a list of at most " + max);
        }
        for (JsonValue each : array.values()) {
            found.add(each.asString().filter(text -> form.matcher(text).matches())
                    .orElseThrow(() -> malformed(name + ": " + printable(each.toString()))));
        }
        return List.copyOf(found);
    }

    private static String printable(String text) {
        String clean = text.replaceAll("[^ -~]", "?");
        return clean.length() > 60 ? clean.substring(0, 60) : clean;
    }

    private static RefusedException malformed(String what) {
        return new RefusedException(RefuseReason.MANIFEST_MALFORMED, what);
    }

    /** A number that belongs to a capability, or what stands for it when the manifest does not say. */
    public long number(Capability capability, String name, long whenAbsent) {
        JsonValue details = capabilities.get(capability);
        return details == null ? whenAbsent : details.integer(name).orElse(whenAbsent);
    }

    /** Hosts that the guest may fetch from. */
    public List<String> hosts() {
        JsonValue details = capabilities.get(Capability.HTTP);
        if (details == null || !(details.member("hosts").orElse(null) instanceof JsonValue.Array array)) {
            return List.of();
        }
        return array.values().stream().flatMap(each -> each.asString().stream()).toList();
    }

    /** Name and version, as in {@code echo 1.0.0}. */
    public String title() {
        return name + " " + version;
    }
}
