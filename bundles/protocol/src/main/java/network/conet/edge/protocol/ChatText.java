package network.conet.edge.protocol;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Writes what stands inside the seal of a message to a wallet (section 4.6). */
public final class ChatText {
    private ChatText() {}

    /**
     * The plaintext: base64 of a JSON object, as 7-bit text.
     *
     * @param from who sends it
     * @param text the message
     * @param signature of {@code from} over the UTF-8 bytes of the text, as {@code personal_sign} does
     * @param sentMillis when it was written
     */
    public static byte[] encode(WalletAddress from, String text, WalletSignature signature, long sentMillis) {
        JsonValue json = JsonValue.object()
                .put("timestamp", sentMillis)
                .put("text", text)
                .put("from", from.toString())
                .put("signMessage", signature.toString())
                .build();
        return Base64.getEncoder().encode(json.toString().getBytes(StandardCharsets.UTF_8));
    }
}
