package network.conet.edge.protocol;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/** What a node finds in a message that was sealed to it (section 3.3, steps 1 to 3). */
public sealed interface Plaintext {
    /**
     * An onion layer: a message to send on.
     *
     * @param inner the message, cut behind its END line
     */
    record Layer(Envelope inner) implements Plaintext {}

    /**
     * Mailbox work: a message to keep or send on, with a wish.
     *
     * @param inner the message, cut behind its END line
     * @param isQuiet whether no push notification is wanted
     */
    record MailboxWork(Envelope inner, boolean isQuiet) implements Plaintext {}

    /**
     * A command, not yet checked.
     *
     * @param message the command's JSON text, exactly as it was signed
     * @param signature what stands beside it
     */
    record Signed(String message, WalletSignature signature) implements Plaintext {}

    /**
     * Tells the three apart.
     *
     * @param plaintext the literal data of the opened message
     * @throws RefusedException PLAINTEXT_UNKNOWN, SIGNATURE_MALFORMED, or as {@link Envelope#of}
     */
    static Plaintext parse(byte[] plaintext) throws RefusedException {
        // OpenPGP text travels with CRLF; whoever opens it has line feeds again, or the armor's hash is another.
        String text = new String(plaintext, StandardCharsets.UTF_8).replace("\r\n", "\n");
        String trimmed = text.trim();
        if (isArmor(trimmed)) {
            return new Layer(Envelope.ofLayer(trimmed));
        }
        byte[] decoded = decodeBase64(trimmed);
        String decodedText = decoded == null ? null : new String(decoded, StandardCharsets.UTF_8);
        if (decoded != null) {
            if (isArmor(decodedText.trim())) {
                return new Layer(Envelope.ofLayer(decodedText));
            }
            if (looksBinary(decoded)) {
                return new Layer(Envelope.ofLayer(Armor.encode(decoded)));
            }
        }
        Optional<MailboxWork> work = mailboxWork(decodedText == null ? trimmed : decodedText);
        if (work.isPresent()) {
            return work.get();
        }
        if (decodedText == null) {
            throw new RefusedException(RefuseReason.PLAINTEXT_UNKNOWN);
        }
        return signed(decodedText);
    }

    private static Optional<MailboxWork> mailboxWork(String text) throws RefusedException {
        JsonValue json;
        try {
            json = JsonValue.parse(text);
        } catch (JsonException notJson) {
            return Optional.empty();
        }
        Optional<String> data = json.string("data");
        boolean isCommand = json.string("message").isPresent() && json.member("signMessage").isPresent();
        if (data.isEmpty() || isCommand) {
            return Optional.empty();
        }
        boolean isQuiet = json.member("NoPush").filter(JsonValue.Literal.TRUE::equals).isPresent();
        return Optional.of(new MailboxWork(Envelope.ofLayer(data.get()), isQuiet));
    }

    private static Signed signed(String text) throws RefusedException {
        JsonValue json;
        try {
            json = JsonValue.parse(text);
        } catch (JsonException notJson) {
            throw new RefusedException(RefuseReason.PLAINTEXT_UNKNOWN);
        }
        Optional<String> message = json.string("message");
        Optional<String> signature = json.string("signMessage");
        if (message.isEmpty() || signature.isEmpty()) {
            throw new RefusedException(RefuseReason.PLAINTEXT_UNKNOWN);
        }
        return new Signed(message.get(), WalletSignature.parse(signature.get())
                .orElseThrow(() -> new RefusedException(RefuseReason.SIGNATURE_MALFORMED)));
    }

    private static boolean isArmor(String trimmed) {
        return trimmed.startsWith(ArmorScanner.BEGIN) && trimmed.contains(ArmorScanner.END);
    }

    /** Whether the first byte is the header of a session key packet, in the old or new format. */
    private static boolean looksBinary(byte[] decoded) {
        if (decoded.length == 0) {
            return false;
        }
        int header = decoded[0] & 0xFF;
        return header == 0xC1 || header >= 0x84 && header <= 0x86;
    }

    private static byte[] decodeBase64(String text) {
        if (text.isEmpty()) {
            return null;
        }
        try {
            return Base64.getDecoder().decode(text.indexOf('\n') < 0 ? text : text.replaceAll("\\s", ""));
        } catch (IllegalArgumentException notBase64) {
            return null;
        }
    }

    /** Writes mailbox work as the plaintext to seal: its JSON (section 3.3). */
    static byte[] encode(MailboxWork work) {
        JsonValue.Builder json = JsonValue.object()
                .put("data", new String(work.inner().cut().armor(), StandardCharsets.UTF_8));
        if (work.isQuiet()) {
            json.put("NoPush", true);
        }
        return json.build().toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Writes a signed command as the plaintext to seal: base64 of its JSON (section 5). */
    static byte[] encode(Signed command) {
        String json = JsonValue.object()
                .put("message", command.message())
                .put("signMessage", command.signature().toString())
                .build()
                .toString();
        return Base64.getEncoder().encode(json.getBytes(StandardCharsets.UTF_8));
    }
}
