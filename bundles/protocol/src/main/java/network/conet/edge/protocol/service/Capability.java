package network.conet.edge.protocol.service;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What a guest may do beyond reading its input and writing its output. Asked for in the manifest. */
public enum Capability {
    /** Write lines to the node's log, bounded and at debug level. */
    LOG,
    /** Read the time. */
    CLOCK,
    /** Read random bytes. */
    RANDOM,
    /** Learn the wallet that calls. */
    CALLER,
    /** Keep values under keys. */
    KV,
    /** Send the reply in pieces while the call runs. */
    STREAM,
    /** Send sealed messages to wallets. */
    MAIL,
    /** Fetch from the hosts that the manifest lists. */
    HTTP,
    /** Have the host join the caller with a public address. */
    TUNNEL;

    /** The name in the manifest: lower case. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The capability of a name in a manifest. */
    public static Optional<Capability> ofLabel(String label) {
        return Arrays.stream(values()).filter(each -> each.label().equals(label)).findFirst();
    }
}
