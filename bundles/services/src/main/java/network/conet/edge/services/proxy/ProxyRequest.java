package network.conet.edge.services.proxy;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.OptionalLong;
import network.conet.edge.protocol.Command;
import network.conet.edge.protocol.JsonValue;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.RefusedException;
import network.conet.edge.protocol.WalletAddress;

/**
 * A command to be joined with a target, as its client wrote it (5.2). Of {@code requestData} the first element counts;
 * its members {@code type}, {@code order} and {@code uuid} mean nothing here: every kind is checked alike.
 *
 * @param kind which command
 * @param caller who signed it
 * @param host name or literal, at most {@link ProxyLimits#HOST_CHARS_MAX} characters, read no further
 * @param port 1 to 65535
 * @param buffer first bytes for the target, possibly none
 * @param pairing id of the pair, for the command of two legs
 */
record ProxyRequest(Kind kind, WalletAddress caller, String host, int port, byte[] buffer, String pairing) {
    /** The commands. */
    enum Kind {
        /** One connection, both ways (5.3). */
        SOCKS("SaaS_Sock5"),
        /** Two connections, one each way (5.5). */
        TWO_LEGS("SaaS_Sock5_v2"),
        /** One connection, nothing inside the command for the target (5.4). */
        SILENT_PASS("SilentPass");

        private final String command;

        Kind(String command) {
            this.command = command;
        }

        /** Its name on the wire. */
        String command() {
            return command;
        }

        static Optional<Kind> of(String command) {
            for (Kind kind : values()) {
                if (kind.command.equals(command)) {
                    return Optional.of(kind);
                }
            }
            return Optional.empty();
        }
    }

    /**
     * @throws RefusedException COMMAND_UNKNOWN; COMMAND_MALFORMED; INPUT_TOO_LARGE for the buffer; TARGET_MALFORMED for
     *     host and port
     */
    static ProxyRequest parse(Command.OfService command) throws RefusedException {
        Kind kind = Kind.of(command.name()).orElseThrow(() -> new RefusedException(RefuseReason.COMMAND_UNKNOWN));
        JsonValue data = command.message().member("requestData").stream()
                .flatMap(array -> array.elements().stream()).findFirst()
                .filter(JsonValue::isObject).orElseThrow(ProxyRequest::malformed);
        String pairing = command.message().string("Securitykey").orElse("");
        if (kind == Kind.TWO_LEGS && (pairing.isEmpty() || pairing.length() > ProxyLimits.PAIRING_CHARS_MAX)) {
            throw malformed();
        }
        byte[] buffer = kind == Kind.SILENT_PASS ? new byte[0] : buffer(data);
        return new ProxyRequest(kind, command.header().wallet(), host(data), port(data), buffer, pairing);
    }

    /** What the deciding service reads. */
    byte[] input() {
        return JsonValue.object()
                .put("command", kind.command())
                .put("caller", caller.toString())
                .put("host", host)
                .put("port", port)
                .build().toString().getBytes(StandardCharsets.UTF_8);
    }

    private static String host(JsonValue data) throws RefusedException {
        return data.string("host")
                .filter(host -> !host.isEmpty() && host.length() <= ProxyLimits.HOST_CHARS_MAX)
                .orElseThrow(() -> new RefusedException(RefuseReason.TARGET_MALFORMED));
    }

    /** A number, or its digits as a string, as some clients write it. */
    private static int port(JsonValue data) throws RefusedException {
        OptionalLong number = data.integer("port");
        Optional<String> text = data.string("port").filter(digits -> digits.matches("[1-9][0-9]{0,4}"));
        long port = number.isPresent() ? number.getAsLong() : text.map(Long::parseLong).orElse(0L);
        if (port < 1 || port > ProxyLimits.PORT_MAX) {
            throw new RefusedException(RefuseReason.TARGET_MALFORMED);
        }
        return (int) port;
    }

    private static byte[] buffer(JsonValue data) throws RefusedException {
        Optional<JsonValue> member = data.member("buffer").filter(value -> value != JsonValue.Literal.NULL);
        if (member.isEmpty()) {
            return new byte[0];
        }
        String text = member.get().asString().orElseThrow(ProxyRequest::malformed);
        try {
            byte[] bytes = Base64.getDecoder().decode(text);
            if (bytes.length > ProxyLimits.BUFFER_BYTES_MAX) {
                throw new RefusedException(RefuseReason.INPUT_TOO_LARGE);
            }
            return bytes;
        } catch (IllegalArgumentException notBase64) {
            throw malformed();
        }
    }

    private static RefusedException malformed() {
        return new RefusedException(RefuseReason.COMMAND_MALFORMED);
    }
}
