package network.conet.edge.protocol;

import static network.conet.edge.protocol.Refusals.assertRefused;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ArmorScannerTest {
    private static final String ID = "0123456789ABCDEF";
    /** Body of a session key packet of version 3: version, key id, algorithm, something. */
    private static final String V3 = "03" + ID + "12" + "00".repeat(20);

    static Stream<String[]> recordedRequests() {
        return Arrays.stream(Vectors.SEALED);
    }

    @ParameterizedTest
    @MethodSource("recordedRequests")
    void findsTheKeyIdOfRecordedMessages(String id, String keyId) throws RefusedException {
        assertEquals(keyId, keyIdOf(Vectors.armor(id)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"msgZlib", "msgUncompressed", "msgSEIPDv2_PKESKv6"})
    void findsTheKeyIdOfEveryFormatThatClientsWrite(String name) throws RefusedException {
        String armor = Vectors.primitive("pgp", name);
        String keyId = Vectors.primitive("pgp", "theKeyId");
        assertEquals(keyId, keyIdOf(armor));
        assertEquals(keyId, keyIdOf(armor.replace("\n", "\r\n")));
        assertEquals(keyId, keyIdOf(armor.strip()));
        assertEquals(keyId, keyIdOf("\n \t" + armor + "\r\n\r\n"));
        assertEquals(keyId, keyIdOf(armor.replaceFirst("\n\n", "\nVersion: x\nComment: a: b\n\n")));
        assertEquals(keyId, keyIdOf(armor.replaceFirst("\n\n", "\n \t\r\n")));
        assertEquals(keyId, keyIdOf(armor.replaceFirst("\n=....\n", "\n")), "without a checksum");
        assertEquals(keyId, keyIdOf(armor.replaceFirst("MESSAGE-----\n", "MESSAGE----- \t\n")));
        assertEquals(keyId, keyIdOf(armor.replaceFirst("\n\n", "\n\n\n\n")), "blank lines before the body");
    }

    /** Both header formats and every definite length type; lengths are those that the forms can express. */
    @ParameterizedTest
    @CsvSource({"C11E", "C1C000", "C1DFFF", "C1FF0000001E", "841E", "85001E", "860000001E"})
    void readsEveryPacketHeaderWithADefiniteLength(String header) throws RefusedException {
        assertEquals(ID, keyIdOf(armor(header + V3)));
    }

    @ParameterizedTest
    @CsvSource({"C1E0", "C1FE", "87"})
    void refusesPacketHeadersWithoutADefiniteLength(String header) {
        assertRefused(RefuseReason.KEY_ID_MISSING, () -> keyIdOf(armor(header + V3)));
    }

    @Test
    void readsRecipientsOfVersion6() throws RefusedException {
        String filler = "00".repeat(30);
        assertEquals(ID, keyIdOf(armor("C140" + "061504" + "AA".repeat(12) + ID + "19" + filler)));
        assertEquals(ID, keyIdOf(armor("C140" + "062106" + ID + "AA".repeat(24) + "19" + filler)));
        assertEquals("0000000000000000", keyIdOf(armor("C140" + "0600" + "19" + filler)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"061404", "061604", "062006", "062104", "061506", "061505", "0601"})
    void refusesRecipientsOfOtherShapes(String start) {
        assertRefused(RefuseReason.KEY_ID_MISSING, () -> keyIdOf(armor("C140" + start + "AA".repeat(60))));
    }

    @Test
    void knowsTheAnonymousRecipient() throws RefusedException {
        Envelope envelope = Envelope.of(Vectors.utf8(armor("C11E" + V3.replace(ID, "0".repeat(16)))));
        assertTrue(envelope.keyId().isAnonymous());
    }

    @Test
    void skipsOneMarkerPacket() throws RefusedException {
        assertEquals(ID, keyIdOf(armor("CA03504750" + "C11E" + V3)));
        assertEquals(ID, keyIdOf(armor("A803504750" + "841E" + V3)));
        assertRefused(RefuseReason.KEY_ID_MISSING, () -> keyIdOf(armor("CA03504750CA03504750" + "C11E" + V3)));
        assertRefused(RefuseReason.KEY_ID_MISSING, () -> keyIdOf(armor("CA0450475000" + "C11E" + V3)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"C21E", "C31E", "D21E", "CB1E", "C61E", "881E", "801E", "FF1E"})
    void refusesAFirstPacketOfAnotherType(String header) {
        assertRefused(RefuseReason.KEY_ID_MISSING, () -> keyIdOf(armor(header + V3)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"00", "02", "04", "05", "07", "FF"})
    void refusesOtherVersionsOfTheSessionKeyPacket(String version) {
        assertRefused(RefuseReason.KEY_ID_MISSING, () -> keyIdOf(armor("C11E" + version + V3.substring(2))));
    }

    @Test
    void refusesAPacketThatEndsBeforeTheKeyId() throws RefusedException {
        String whole = "C11E" + V3;
        for (int bytes = 0; bytes < 11; bytes++) {
            String cut = armor(whole.substring(0, 2 * bytes));
            assertRefused(RefuseReason.ARMOR_MALFORMED, () -> keyIdOf(cut));
        }
        assertEquals(ID, keyIdOf(armor(whole.substring(0, 22)).replaceFirst("\n=....\n", "\n")));
    }

    @Test
    void refusesTextThatIsNotAnArmoredMessage() {
        String good = Vectors.primitive("pgp", "msgZlib");
        String[] table = {
            "", " ", "\n", "x", "-----BEGIN PGP MESSAGE-----", "-----END PGP MESSAGE-----",
            "-----BEGIN PGP MESSAGE----------END PGP MESSAGE-----",
            "-----BEGIN PGP MESSAGE-----\n-----END PGP MESSAGE-----",
            "-----BEGIN PGP MESSAGE-----\n\n-----END PGP MESSAGE-----",
            "-----END PGP MESSAGE-----\n\n-----BEGIN PGP MESSAGE-----\n",
            good.replaceFirst("\n\n", "\n"), good.replaceFirst("\n\n", " \n"),
            good.replaceFirst("\n\n", "\nVersion: x\n"),
            good.replace("-----END PGP MESSAGE-----", ""), good.replace("END PGP", "END"),
            good + "x", good + "\n" + "wV4D", "x" + good,
            good.replace("BEGIN PGP MESSAGE", "BEGIN PGP PUBLIC KEY BLOCK"),
            good.replace("MESSAGE-----", "MESSAGE, PART 1-----"),
            good.replaceFirst("MESSAGE-----\n", "MESSAGE-----x\n"),
            good.replaceFirst("\n\nwV", "\n\n=V"), good.replaceFirst("\n\nwV", "\n\n-V"),
            good.replaceFirst("\n\nwV", "\n\n\u00e4V"), good.replaceFirst("\n\nwV", "\n\n\u0000V"),
            good.replaceFirst("\n\nwV", "\n\n_V"), good.replaceFirst("\n\nwV", "\n\nAV"),
            good.replace("\n", "\r"), Vectors.primitive("pgp", "publicKeyArmored"),
        };
        for (String text : table) {
            assertRefused(RefuseReason.ARMOR_MALFORMED, () -> keyIdOf(text));
        }
    }

    @Test
    void acceptsArmorOfExactlyMaxAndRefusesOneByteMore() throws RefusedException {
        byte[] largest = armorOfLength(ProtocolLimits.ARMOR_BYTES_MAX, 60);
        assertEquals(ID, Envelope.of(largest).keyId().toString());
        byte[] larger = armorOfLength(ProtocolLimits.ARMOR_BYTES_MAX + 1, 60);
        assertRefused(RefuseReason.ARMOR_TOO_LARGE, () -> Envelope.of(larger));
    }

    @Test
    void acceptsArmorWhoseBodyIsExactlyMaxAndRefusesOneByteMore() throws RefusedException {
        int spare = ProtocolLimits.BODY_BYTES_MAX - EnvelopeBody.encodedLength(Vectors.utf8(armor("C11E" + V3)));
        byte[] largest = Vectors.utf8("\n".repeat(spare / 2) + " ".repeat(spare % 2) + armor("C11E" + V3));
        assertEquals(ProtocolLimits.BODY_BYTES_MAX, EnvelopeBody.encode(Envelope.of(largest)).length);
        byte[] larger = Vectors.utf8(" " + new String(largest, StandardCharsets.US_ASCII));
        assertRefused(RefuseReason.ARMOR_TOO_LARGE, () -> Envelope.of(larger));
    }

    @Test
    void armorsAsClientsDo() {
        for (String name : new String[] {"msgZlib", "msgUncompressed"}) {
            String armor = Vectors.primitive("pgp", name);
            assertEquals(armor, Armor.encode(dearmor(armor)));
        }
        assertEquals(Vectors.armor("11-send-live"), Armor.encode(dearmor(Vectors.armor("11-send-live"))));
    }

    /** RFC 9580 section 6.1.1: the checksum of nothing is its start value, B704CE. */
    @Test
    void armorsNothing() {
        assertEquals("-----BEGIN PGP MESSAGE-----\n\n\n=twTO\n-----END PGP MESSAGE-----\n", Armor.encode(new byte[0]));
    }

    @Test
    void keepsTheBytesAsTheyCame() throws RefusedException {
        byte[] armor = Vectors.utf8(" " + Vectors.armor("11-send-live").replace("\n", "\r\n"));
        assertArrayEquals(armor.clone(), Envelope.of(armor).armor());
    }

    static String armor(String hex) {
        return Armor.encode(HexFormat.of().parseHex(hex));
    }

    static byte[] armorOfLength(int length, int lineLength) {
        byte[] start = Vectors.utf8(armor("C11E" + V3).replaceFirst("\n=....\n(.|\n)*", "\n"));
        byte[] end = Vectors.utf8("\n" + ArmorScanner.END + "\n");
        ByteArrayOutputStream out = new ByteArrayOutputStream(length);
        out.writeBytes(start);
        for (int column = 0; out.size() < length - end.length; column++) {
            out.write(column % (lineLength + 1) == lineLength ? '\n' : 'A');
        }
        out.writeBytes(end);
        return out.toByteArray();
    }

    private static byte[] dearmor(String armor) {
        String body = armor.substring(armor.indexOf("\n\n") + 2, armor.lastIndexOf("\n="));
        return Base64.getMimeDecoder().decode(body);
    }

    private static String keyIdOf(String armor) throws RefusedException {
        return Envelope.of(Vectors.utf8(armor)).keyId().toString();
    }
}
