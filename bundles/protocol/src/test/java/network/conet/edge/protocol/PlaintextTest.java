package network.conet.edge.protocol;

import static network.conet.edge.protocol.Refusals.assertRefused;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlaintextTest {
    private static final String ARMOR = Vectors.armor("11-send-live");
    private static final String SIGNATURE = Vectors.primitive("command", "eip191");

    @Test
    void readsTheRecordedOnionAsTheExistingNodeDid() throws RefusedException {
        Plaintext.Layer layer =
                assertInstanceOf(Plaintext.Layer.class, Plaintext.parse(Vectors.plaintext("18-send-onion")));
        assertEquals(Vectors.Keys.BOB, layer.inner().keyId().toString());
        assertArrayEquals(Vectors.body(Vectors.recorded("18-send-onion.tap.0010.up")),
                EnvelopeBody.encode(layer.inner()));
        Plaintext.Layer same =
                assertInstanceOf(Plaintext.Layer.class, Plaintext.parse(Vectors.plaintext("19-onion-same-node")));
        assertEquals(Vectors.Keys.NODE_A, same.inner().keyId().toString());
    }

    @Test
    void readsTheRecordedMailboxWorkAsTheExistingNodeDid() throws RefusedException {
        Plaintext.MailboxWork work = assertInstanceOf(
                Plaintext.MailboxWork.class, Plaintext.parse(Vectors.plaintext("17-send-nopush")));
        assertTrue(work.isQuiet());
        String delivered = Vectors.mailFrames("22-listen-direct").get(1);
        assertEquals(delivered, new String(StreamFrames.mail(work.inner().armor()), StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(strings = {"07-cmd-unknown", "12-ack-live", "16-online-query-online", "22-listen-direct",
        "30-mining-validator", "38-sock5-http-paid"})
    void readsRecordedCommandsAndWritesThemByteForByte(String id) throws RefusedException {
        byte[] plaintext = Vectors.plaintext(id);
        Plaintext.Signed command = assertInstanceOf(Plaintext.Signed.class, Plaintext.parse(plaintext));
        assertArrayEquals(plaintext, Plaintext.encode(command));
    }

    @Test
    void readsAndWritesTheVector() throws RefusedException {
        String text = Vectors.primitive("command", "plaintextBase64");
        Plaintext.Signed command = assertInstanceOf(Plaintext.Signed.class, parse(text));
        assertEquals(Vectors.primitive("command", "message"), command.message());
        assertEquals(SIGNATURE, command.signature().toString());
        assertArrayEquals(Vectors.utf8(text), Plaintext.encode(command));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n", "\n\n", " \n\t"})
    void readsBase64WithLineBreaks(String lineBreak) throws RefusedException {
        String text = Vectors.primitive("command", "plaintextBase64");
        String broken = text.replaceAll("(.{76})", "$1" + lineBreak) + lineBreak;
        assertEquals(parse(text), parse(broken));
        assertEquals(parse(text), parse("  " + text));
        assertEquals(parse(text), parse(text.replace("=", "")), "without padding");
    }

    @Test
    void cutsALayerBehindItsEnd() throws RefusedException {
        String cut = ARMOR.strip();
        for (String text : new String[] {
            cut, ARMOR, "\n " + ARMOR + "\n", ARMOR + "and more", ARMOR + ARMOR, base64(ARMOR),
            base64(" " + ARMOR + "x"), base64(ARMOR) + "\n",
            ARMOR.replace("\n", "\r\n"), ARMOR.replace("\n", "\r\n") + "\r\n"}) {
            Plaintext.Layer layer = assertInstanceOf(Plaintext.Layer.class, parse(text), text);
            assertEquals(cut, new String(layer.inner().armor(), StandardCharsets.UTF_8));
        }
    }

    @Test
    void armorsABinaryLayer() throws RefusedException {
        String binary = ARMOR.substring(ARMOR.indexOf("\n\n") + 2, ARMOR.lastIndexOf("\n="));
        Plaintext.Layer layer = assertInstanceOf(Plaintext.Layer.class, parse(binary));
        assertEquals(ARMOR.strip(), new String(layer.inner().armor(), StandardCharsets.UTF_8));
        byte[] oldFormat = Base64.getMimeDecoder().decode(binary);
        oldFormat[0] = (byte) 0x84;
        String keyId = assertInstanceOf(Plaintext.Layer.class, parse(Base64.getEncoder().encodeToString(oldFormat)))
                .inner().keyId().toString();
        assertEquals(Vectors.Keys.BOB, keyId);
    }

    @Test
    void refusesALayerThatIsNoMessage() {
        String empty = ArmorScanner.BEGIN + "\n\n" + ArmorScanner.END;
        assertRefused(RefuseReason.ARMOR_MALFORMED, () -> parse(empty));
        assertRefused(RefuseReason.ARMOR_MALFORMED, () -> parse(base64(empty)));
        byte[] notASessionKey = {(byte) 0x84, 1, 9};
        assertRefused(RefuseReason.KEY_ID_MISSING, () -> parse(Base64.getEncoder().encodeToString(notASessionKey)));
    }

    @Test
    void readsMailboxWork() throws RefusedException {
        String data = "\"data\":" + JsonValue.of(ARMOR);
        assertTrue(work("{" + data + ",\"NoPush\":true}").isQuiet());
        for (String noPush : new String[] {"false", "null", "1", "\"true\"", "[true]"}) {
            assertFalse(work("{" + data + ",\"NoPush\":" + noPush + "}").isQuiet());
        }
        assertFalse(work("{" + data + "}").isQuiet());
        assertFalse(work("{" + data + ",\"nopush\":true}").isQuiet());
        assertFalse(work("{" + data + ",\"message\":\"x\"}").isQuiet(), "half a command is none");
        assertFalse(work("{" + data + ",\"signMessage\":\"x\"}").isQuiet(), "half a command is none");
        assertEquals(ARMOR.strip(), new String(work("{" + data + "}").inner().armor(), StandardCharsets.UTF_8));
        assertInstanceOf(Plaintext.MailboxWork.class, parse(base64("{" + data + "}")));
    }

    @Test
    void readsTheMailboxWorkThatItWrites() throws RefusedException {
        Envelope mail = Envelope.of((ARMOR.strip() + "\r\n").getBytes(StandardCharsets.UTF_8));
        for (boolean isQuiet : new boolean[] {false, true}) {
            byte[] written = Plaintext.encode(new Plaintext.MailboxWork(mail, isQuiet));
            Plaintext.MailboxWork read = assertInstanceOf(Plaintext.MailboxWork.class, Plaintext.parse(written));
            assertEquals(isQuiet, read.isQuiet());
            assertEquals(ARMOR.strip(), new String(read.inner().armor(), StandardCharsets.UTF_8));
        }
    }

    @Test
    void refusesMailboxWorkWithoutAMessage() {
        assertRefused(RefuseReason.ARMOR_MALFORMED, () -> parse("{\"data\":\"x\"}"));
        assertRefused(RefuseReason.ARMOR_MALFORMED, () -> parse("{\"data\":\"\"}"));
        assertRefused(RefuseReason.ARMOR_MALFORMED, () -> parse(
                "{\"data\":\"" + ArmorScanner.END + ArmorScanner.BEGIN + "\"}"));
    }

    @Test
    void prefersTheCommandToData() throws RefusedException {
        String both = "{\"data\":" + JsonValue.of(ARMOR) + ",\"message\":\"m\",\"signMessage\":\"" + SIGNATURE + "\"}";
        assertEquals("m", assertInstanceOf(Plaintext.Signed.class, parse(base64(both))).message());
    }

    @Test
    void refusesAnythingElse() {
        String signed = "{\"message\":\"m\",\"signMessage\":\"" + SIGNATURE + "\"}";
        String[] table = {
            "", " ", "x", "hello world", "=", "====", "\u0000", "{}", "null", signed, base64(""), base64("x"),
            base64("{}"), base64("[]"), base64("null"), base64("{\"message\":\"m\"}"),
            base64("{\"signMessage\":\"" + SIGNATURE + "\"}"), base64("{\"message\":1,\"signMessage\":\"x\"}"),
            base64("{\"message\":\"m\",\"signMessage\":1}"), base64(base64(signed)), base64(signed) + "!",
            base64(signed.substring(1)), base64("[" + signed + "]"), "{\"data\":1}", "{\"data\":"};
        for (String text : table) {
            assertRefused(RefuseReason.PLAINTEXT_UNKNOWN, () -> parse(text));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0x", "0x00", "x"})
    void refusesSignaturesOfAnotherShape(String signature) {
        assertRefused(RefuseReason.SIGNATURE_MALFORMED,
                () -> parse(base64("{\"message\":\"m\",\"signMessage\":\"" + signature + "\"}")));
    }

    @Test
    void refusesSignaturesOfAnotherV() {
        String wrong = SIGNATURE.substring(0, SIGNATURE.length() - 2) + "1d";
        assertRefused(RefuseReason.SIGNATURE_MALFORMED,
                () -> parse(base64("{\"message\":\"m\",\"signMessage\":\"" + wrong + "\"}")));
    }

    private static Plaintext.MailboxWork work(String text) throws RefusedException {
        return assertInstanceOf(Plaintext.MailboxWork.class, parse(text));
    }

    private static Plaintext parse(String text) throws RefusedException {
        return Plaintext.parse(Vectors.utf8(text));
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(Vectors.utf8(text));
    }
}
