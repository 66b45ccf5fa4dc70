package network.conet.edge.protocol.service;

import java.util.Base64;
import java.util.Objects;
import java.util.Optional;
import network.conet.edge.protocol.JsonValue;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.RefusedException;
import network.conet.edge.protocol.ReplyKey;
import network.conet.edge.protocol.WalletAddress;

/**
 * The members of the command {@code service_call} (our addition to the wire):
 *
 * <pre>
 *  service      name            version   absent for the current one
 *  input        base64          replyKey  base64 of 32 bytes
 *  timestamp    unix seconds    Securitykey  random, so that two equal calls differ
 * </pre>
 *
 * @param service what is called
 * @param version a certain one, else the current one
 * @param input what the guest reads; not changed afterwards
 * @param replyKey seals the reply
 */
public record ServiceCall(ServiceName service, Optional<ServiceVersion> version, byte[] input, ReplyKey replyKey) {
    /** The command's name. */
    public static final String COMMAND = "service_call";

    /** Refuses missing parts. */
    public ServiceCall {
        Objects.requireNonNull(service);
        Objects.requireNonNull(version);
        Objects.requireNonNull(input);
        Objects.requireNonNull(replyKey);
    }

    /** @throws RefusedException COMMAND_MALFORMED */
    public static ServiceCall parse(JsonValue message) throws RefusedException {
        ServiceName service = require(message.string("service").flatMap(ServiceName::parse));
        Optional<ServiceVersion> version = Optional.empty();
        Optional<JsonValue> versionMember = message.member("version");
        if (versionMember.isPresent()) {
            version = Optional.of(require(message.string("version").flatMap(ServiceVersion::parse)));
        }
        byte[] input = require(base64(message.string("input").orElse("")));
        return new ServiceCall(service, version, input, replyKey(message));
    }

    /**
     * The reply key of any command whose reply is sealed.
     *
     * @throws RefusedException COMMAND_MALFORMED
     */
    public static ReplyKey replyKey(JsonValue message) throws RefusedException {
        return require(message.string("replyKey").flatMap(ReplyKey::parse));
    }

    /**
     * Writes the whole command.
     *
     * @param timestampSeconds now
     * @param nonce random text
     */
    public String encode(WalletAddress caller, long timestampSeconds, String nonce) {
        JsonValue.Builder json = JsonValue.object()
                .put("command", COMMAND)
                .put("walletAddress", caller.toString())
                .put("timestamp", timestampSeconds)
                .put("Securitykey", nonce)
                .put("service", service.text());
        version.ifPresent(wanted -> json.put("version", wanted.toString()));
        return json.put("input", Base64.getEncoder().encodeToString(input))
                .put("replyKey", replyKey.base64())
                .build()
                .toString();
    }

    private static Optional<byte[]> base64(String text) {
        try {
            return Optional.of(Base64.getDecoder().decode(text));
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
    }

    private static <T> T require(Optional<T> part) throws RefusedException {
        return part.orElseThrow(() -> new RefusedException(RefuseReason.COMMAND_MALFORMED));
    }
}
