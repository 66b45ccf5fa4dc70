package network.conet.edge.chain;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/** Armored public keys as the contracts hold them: base64 of the armor, or the armor itself (section 1.5). */
final class PublicKeys {
    private static final String BEGIN = "-----BEGIN PGP PUBLIC KEY BLOCK-----";

    private PublicKeys() {}

    static Optional<String> read(String text) {
        if (text.length() > ChainLimits.PUBLIC_KEY_CHARS_MAX) {
            return Optional.empty();
        }
        String trimmed = text.trim();
        if (trimmed.startsWith(BEGIN)) {
            return Optional.of(trimmed + "\n");
        }
        try {
            // The MIME decoder skips line breaks; what is not base64 at all does not begin as armor does.
            String armor = new String(Base64.getMimeDecoder().decode(trimmed), StandardCharsets.UTF_8);
            return armor.trim().startsWith(BEGIN) ? Optional.of(armor) : Optional.empty();
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
    }
}
