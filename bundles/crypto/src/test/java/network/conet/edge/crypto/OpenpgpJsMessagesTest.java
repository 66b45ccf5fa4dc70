package network.conet.edge.crypto;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import network.conet.edge.protocol.JsonValue;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.RefusedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages made by openpgp.js in all the forms that a client of the network may send. */
class OpenpgpJsMessagesTest {
    private static final JsonValue VECTORS = Vectors.json("openpgpjs.json");

    static Stream<String> messages() {
        return elements().stream().map(message -> Vectors.text(message, "name"));
    }

    private static List<JsonValue> elements() {
        return VECTORS.member("messages").orElseThrow().elements();
    }

    private static JsonValue message(String name) {
        return elements().stream().filter(message -> Vectors.text(message, "name").equals(name)).findFirst()
                .orElseThrow();
    }

    private static PgpPrivateKey key() throws IOException {
        return PgpPrivateKey.load(Vectors.text(VECTORS, "privateKey"), null);
    }

    @ParameterizedTest
    @MethodSource("messages")
    void opens(String name) throws Exception {
        JsonValue message = message(name);
        PgpPrivateKey key = name.startsWith("version 2")
                ? PgpPrivateKey.load(Vectors.text(VECTORS, "privateKeyVersion2"), new char[0]) : key();
        byte[] text = key.decrypt(Vectors.text(message, "armored").getBytes(US_ASCII));
        assertEquals(message.integer("textLength").orElseThrow(), text.length);
        assertEquals(Vectors.text(message, "sha256"),
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text)));
    }

    @Test
    void peelsLayerToTheTextThatTheReferenceSentOn() throws Exception {
        JsonValue onion = Vectors.json("onion.json");
        JsonValue node = Vectors.json("node-keys.json").member("nodes").orElseThrow().elements().get(0);
        PgpPrivateKey key = PgpPrivateKey.load(
                Vectors.text(node, "pgpPrivate"), Vectors.text(node, "passphrase").toCharArray());
        String text = new String(key.decrypt(Vectors.text(onion, "layer").getBytes(US_ASCII)), US_ASCII);
        assertEquals(Vectors.text(onion, "inner").strip(), text.strip());
    }

    @Test
    void keepsLineEndsOfBinaryData() throws Exception {
        byte[] armored = Vectors.text(message("binary literal, CR LF inside"), "armored").getBytes(US_ASCII);
        assertArrayEquals("a\r\nb\nc\r".getBytes(UTF_8), key().decrypt(armored));
    }

    @Test
    void opensWithPassphraseOnly() throws Exception {
        String sealed = Vectors.text(VECTORS, "privateKeyProtected");
        PgpPrivateKey key = PgpPrivateKey.load(sealed, Vectors.text(VECTORS, "passphrase").toCharArray());
        assertEquals(key().keyId(), key.keyId());
        for (String wrong : new String[] {"open sesam", ""}) {
            IOException refused =
                    assertThrows(IOException.class, () -> PgpPrivateKey.load(sealed, wrong.toCharArray()));
            assertEquals("wrong passphrase for the OpenPGP private key, or the key is damaged", refused.getMessage());
        }
        assertThrows(IOException.class, () -> PgpPrivateKey.load(sealed, null));
    }

    @ParameterizedTest
    @ValueSource(strings = {"crlf", "headers", "no checksum", "wrong checksum", "space around", "text behind"})
    void acceptsArmorOf(String form) throws Exception {
        String armored = Vectors.text(message("default AES-256"), "armored").replace("\r\n", "\n");
        String changed = switch (form) {
            case "crlf" -> armored.replace("\n", "\r\n");
            case "headers" -> armored.replaceFirst("\n\n", "\nVersion: 1\nComment: two: colons\n \t\n");
            case "no checksum" -> armored.replaceFirst("\n=....\n", "\n");
            case "wrong checksum" -> armored.replaceFirst("\n=....\n", "\n=AAAA\n");
            case "space around" -> "\n \t" + armored.replace("\n", " \n");
            default -> armored + "\r\n--\nsomething";
        };
        assertEquals(200, key().decrypt(changed.getBytes(US_ASCII)).length, form);
    }

    @ParameterizedTest
    @ValueSource(strings = {"no empty line", "other type", "text before", "no end", "other end", "not base64",
        "empty", "no body"})
    void refusesArmorOf(String form) throws Exception {
        String armored = Vectors.text(message("default AES-256"), "armored").replace("\r\n", "\n");
        String changed = switch (form) {
            case "no empty line" -> armored.replaceFirst("\n\n", "\n");
            case "other type" -> armored.replace("PGP MESSAGE", "PGP SIGNATURE");
            case "text before" -> "x\n" + armored;
            case "no end" -> armored.substring(0, armored.indexOf("-----END"));
            case "other end" -> armored.replace("END PGP MESSAGE", "END PGP MASSAGE");
            case "not base64" -> armored.replaceFirst("\n\n", "\n\n*");
            case "empty" -> "";
            default -> "-----BEGIN PGP MESSAGE-----\n\n-----END PGP MESSAGE-----\n";
        };
        PgpPrivateKey key = key();
        RefusedException refused =
                assertThrows(RefusedException.class, () -> key.decrypt(changed.getBytes(US_ASCII)));
        assertEquals(RefuseReason.DECRYPT_FAILED, refused.reason());
    }
}
