package network.conet.edge.client;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import network.conet.edge.crypto.Wallet;
import network.conet.edge.crypto.WalletSignatures;
import network.conet.edge.protocol.ChatText;
import network.conet.edge.protocol.JsonException;
import network.conet.edge.protocol.JsonValue;
import network.conet.edge.protocol.WalletAddress;
import network.conet.edge.protocol.WalletSignature;

/**
 * What stands inside the seal (section 4.6): base64 of <code>{timestamp, text, from, signMessage}</code>. Only the
 * recipient learns who sent it.
 *
 * @param from who says to have sent it
 * @param isSenderProven whether the signature is really of {@code from} and over this text
 * @param sentMillis when the sender says it was written, or -1 when it does not say
 * @param text the message
 */
public record ChatMessage(Optional<WalletAddress> from, boolean isSenderProven, long sentMillis, String text) {
    private static final WalletSignatures SIGNATURES = new WalletSignatures();

    /** Writes the plaintext of a message, signed by its sender. */
    static byte[] encode(Wallet sender, String text, long nowMillis) {
        WalletSignature signature = sender.signPersonal(text.getBytes(StandardCharsets.UTF_8));
        return ChatText.encode(sender.address(), text, signature, nowMillis);
    }

    /** Reads the plaintext of a message. One that has another form is its own text, from nobody. */
    static ChatMessage decode(byte[] plaintext) {
        String whole = new String(plaintext, StandardCharsets.UTF_8);
        JsonValue json;
        try {
            json = JsonValue.parse(Base64.getDecoder().decode(whole.trim()));
        } catch (JsonException | IllegalArgumentException anotherForm) {
            return new ChatMessage(Optional.empty(), false, -1, whole);
        }
        Optional<String> text = json.string("text");
        if (text.isEmpty()) {
            return new ChatMessage(Optional.empty(), false, -1, whole);
        }
        Optional<WalletAddress> from = json.string("from").flatMap(w -> WalletAddress.parse(w, SIGNATURES));
        Optional<WalletAddress> signer = json.string("signMessage")
                .flatMap(WalletSignature::parse)
                .flatMap(s -> SIGNATURES.recoverPersonal(text.get().getBytes(StandardCharsets.UTF_8), s));
        boolean isProven = from.isPresent() && from.equals(signer);
        return new ChatMessage(from, isProven, json.integer("timestamp").orElse(-1), text.get());
    }
}
