package network.conet.edge.protocol;

import java.nio.charset.StandardCharsets;

/** Writes the frames of a listener's event stream (sections 4.2 and 4.3). Each ends with an empty line. */
public final class StreamFrames {
    private static final String SEPARATOR = "\r\n\r\n";

    private StreamFrames() {}

    /**
     * The first frame. It alone has the prefix {@code data:} and two empty lines behind it.
     *
     * @param peerAddress the listener's own address as the node sees it
     * @param epoch the present epoch
     * @param nodeWallet the node
     * @param signature by the node over {@link EpochFrame#greetingText}
     */
    public static byte[] greeting(String peerAddress, long epoch, WalletAddress nodeWallet, WalletSignature signature) {
        JsonValue json = JsonValue.object()
                .put("ipaddress", peerAddress)
                .put("epoch", epoch)
                .put("status", 200)
                .put("nodeWallet", nodeWallet.toString())
                .put("hash", signature.toString())
                .build();
        return ("data: " + json + SEPARATOR + SEPARATOR).getBytes(StandardCharsets.UTF_8);
    }

    /** A mail frame. */
    public static byte[] mail(byte[] armor) {
        return EnvelopeBody.encodeFrame(armor);
    }

    static byte[] separated(String json) {
        return (json + SEPARATOR).getBytes(StandardCharsets.UTF_8);
    }
}
