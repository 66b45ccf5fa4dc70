package network.conet.edge.protocol.service;

import java.util.Set;
import network.conet.edge.protocol.JsonValue;
import network.conet.edge.protocol.ReplyKey;
import network.conet.edge.protocol.WalletAddress;

/**
 * The commands by which services are managed ({@code docs/protocol/services.md}, section 6). All have a timestamp and a
 * {@code replyKey}, and are answered with a sealed reply; all but {@link #LIST} are the owner's.
 */
public final class ServiceCommands {
    /** What runs here. For anybody; the owner learns more. */
    public static final String LIST = "service_list";
    /** Installs a bundle ({@code bundle}, base64) beside what is there. */
    public static final String INSTALL = "service_install";
    /** Installs a bundle and removes the older versions when it has proven itself. */
    public static final String UPDATE = "service_update";
    /** Removes {@code service} in {@code version}, or in all. */
    public static final String REMOVE = "service_remove";
    /** Lets a quarantined {@code service} serve again. */
    public static final String RELEASE = "service_release";
    /** All of them. */
    public static final Set<String> ALL = Set.of(LIST, INSTALL, UPDATE, REMOVE, RELEASE);

    private ServiceCommands() {}

    /**
     * The beginning of a command; the members of its kind are to be added.
     *
     * @param timestampSeconds now
     * @param nonce random text
     */
    public static JsonValue.Builder begin(String command, WalletAddress wallet, long timestampSeconds, String nonce,
            ReplyKey replyKey) {
        return JsonValue.object()
                .put("command", command)
                .put("walletAddress", wallet.toString())
                .put("timestamp", timestampSeconds)
                .put("Securitykey", nonce)
                .put("replyKey", replyKey.base64());
    }
}
