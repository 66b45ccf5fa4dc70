package network.conet.edge.crypto;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import network.conet.edge.crypto.PacketReader.Packet;
import network.conet.edge.protocol.ProtocolLimits;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.RefusedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PgpKeyTest {
    private static final long CREATED = 1_700_000_000L;
    private static final PgpPrivateKey KEY = PgpPrivateKey.generate("0x7e5f", Vectors.seeded(1), CREATED);

    private static List<Packet> packets(PgpPrivateKey key) throws MalformedException {
        return PacketReader.split(Armor.decode(key.publicKey().armored().getBytes(US_ASCII), Armor.PUBLIC_KEY));
    }

    private static String armored(byte[] packets, String type) {
        return new String(Armor.encode(packets, type), US_ASCII);
    }

    private static RefuseReason refusal(String armored) {
        return assertThrows(RefusedException.class, () -> PgpPublicKey.parse(armored)).reason();
    }

    /** Writes packets with five-octet lengths. */
    private static byte[] join(List<Packet> packets) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (Packet packet : packets) {
            out.write(0xC0 | packet.tag());
            out.write(255);
            out.writeBytes(ByteBuffer.allocate(4).putInt(packet.body().length).array());
            out.writeBytes(packet.body());
        }
        return out.toByteArray();
    }

    @Test
    void hasTheShapeOfTheNetworksKeys() throws Exception {
        List<Packet> packets = packets(KEY);
        assertEquals(List.of(6, 13, 2, 14, 2), packets.stream().map(Packet::tag).toList());
        HexFormat hex = HexFormat.of();
        String primary = hex.formatHex(packets.get(0).body());
        assertTrue(primary.startsWith("04" + hex.toHexDigits((int) CREATED) + "1609"
                + "2b06010401da470f01" + "010740"));
        assertArrayEquals("0x7e5f".getBytes(UTF_8), packets.get(1).body());
        String self = hex.formatHex(packets.get(2).body());
        assertTrue(self.startsWith("0413160a"), "EdDSA over SHA-512");
        for (String subpacket : new String[] {"030b0907", "0416020100", "021e01", "021b03", "021901"}) {
            assertTrue(self.contains(subpacket), subpacket);
        }
        assertTrue(EcdhSubkey.is(packets.get(3).body()));
        assertArrayEquals(KEY.publicKey().subkeyBody(), packets.get(3).body());
        String binding = hex.formatHex(packets.get(4).body());
        assertTrue(binding.startsWith("0418160a") && binding.contains("021b0c"));
        assertTrue(KEY.publicKey().armored().length() < 1000);
    }

    @Test
    void makesTheSameKeyAndMessageFromTheSameSeed() {
        PgpPrivateKey again = PgpPrivateKey.generate("0x7e5f", Vectors.seeded(1), CREATED);
        assertEquals(KEY.publicKey().armored(), again.publicKey().armored());
        byte[] text = "text".getBytes(UTF_8);
        assertArrayEquals(KEY.publicKey().encrypt(text, Vectors.seeded(2)),
                again.publicKey().encrypt(text, Vectors.seeded(2)));
        assertEquals(KEY.exportArmored("p".toCharArray(), PasswordCost.LIGHT, Vectors.seeded(3)),
                again.exportArmored("p".toCharArray(), PasswordCost.LIGHT, Vectors.seeded(3)));
        assertNotEquals(KEY.keyId(), PgpPrivateKey.generate("0x7e5f", Vectors.seeded(2), CREATED).keyId());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 100, 65_536, ProtocolLimits.ARMOR_BYTES_MAX / 2})
    void opensWhatItSealed(int length) throws Exception {
        byte[] text = new byte[length];
        Vectors.seeded(length).nextBytes(text);
        for (int i = 0; i < length; i++) {
            text[i] = (byte) (text[i] & 0x3F | 0x40);
        }
        PgpPublicKey parsed = PgpPublicKey.parse(KEY.publicKey().armored());
        assertArrayEquals(text, KEY.decrypt(parsed.encrypt(text, Vectors.seeded(5))));
    }

    @Test
    void sealsTheLargestPlaintextAndNotOneByteMore() throws Exception {
        byte[] zeros = new byte[ProtocolLimits.ARMOR_BYTES_MAX];
        assertArrayEquals(zeros, KEY.decrypt(KEY.publicKey().encrypt(zeros, Vectors.seeded(1))));
        assertThrows(IllegalArgumentException.class,
                () -> KEY.publicKey().encrypt(new byte[zeros.length + 1], Vectors.seeded(1)));
    }

    @Test
    void loadsWhatItExported() throws Exception {
        String exported = KEY.exportArmored("correct horse".toCharArray(), PasswordCost.LIGHT, Vectors.seeded(7));
        PgpPrivateKey loaded = PgpPrivateKey.load(exported, "correct horse".toCharArray());
        assertEquals(KEY.publicKey().armored(), loaded.publicKey().armored());
        byte[] sealed = KEY.publicKey().encrypt("text".getBytes(UTF_8), Vectors.seeded(2));
        assertArrayEquals("text".getBytes(UTF_8), loaded.decrypt(sealed));
        assertThrows(IOException.class, () -> PgpPrivateKey.load(exported, "correct hors".toCharArray()));
        assertThrows(IllegalArgumentException.class,
                () -> KEY.exportArmored(new char[0], PasswordCost.LIGHT, Vectors.seeded(1)));
    }

    /** A two-octet checksum instead of SHA-1 would make openpgp.js refuse the key. */
    @Test
    void protectsPrivatePartsWithSha1Check() throws Exception {
        String exported = KEY.exportArmored("p".toCharArray(), PasswordCost.STANDARD, Vectors.seeded(7));
        List<Packet> packets = PacketReader.split(Armor.decode(exported.getBytes(US_ASCII), Armor.PRIVATE_KEY));
        assertEquals(List.of(5, 13, 2, 7, 2), packets.stream().map(Packet::tag).toList());
        String primary = HexFormat.of().formatHex(packets.get(0).body());
        String subkey = HexFormat.of().formatHex(packets.get(3).body());
        assertTrue(primary.startsWith("fe090308", 2 * 51), "SHA-1 check, AES-256, iterated, SHA-256");
        assertTrue(subkey.startsWith("fe090308", 2 * 56), subkey);
        assertTrue(subkey.startsWith("e0", 2 * (56 + 12)), "16,777,216 octets");
    }

    @Test
    void refusesToLoadWhatIsNotItsKind() {
        for (String text : new String[] {"", "x", KEY.publicKey().armored(), "x".repeat(65 * 1024)}) {
            assertThrows(IOException.class, () -> PgpPrivateKey.load(text, null));
        }
        String exported = KEY.exportArmored("p".toCharArray(), PasswordCost.LIGHT, Vectors.seeded(7));
        for (int i = 40; i < exported.length(); i += 61) {
            char flipped = exported.charAt(i) == 'A' ? 'B' : 'A';
            String damaged = exported.substring(0, i) + flipped + exported.substring(i + 1);
            try {
                assertEquals(KEY.keyId(), PgpPrivateKey.load(damaged, "p".toCharArray()).keyId());
            } catch (IOException refused) {
                assertFalse(refused.getMessage().isEmpty());
            }
        }
    }

    @Test
    void refusesPublicKeyThatIsTooLargeOrAnotherThing() {
        assertEquals(RefuseReason.ARMOR_TOO_LARGE, refusal("x".repeat(CryptoLimits.KEY_ARMOR_CHARS_MAX + 1)));
        assertEquals(RefuseReason.ARMOR_MALFORMED, refusal("x".repeat(CryptoLimits.KEY_ARMOR_CHARS_MAX)));
        assertEquals(RefuseReason.ARMOR_MALFORMED, refusal(""));
        assertEquals(RefuseReason.ARMOR_MALFORMED,
                refusal(new String(KEY.publicKey().encrypt(new byte[1], Vectors.seeded(1)), US_ASCII)));
        assertEquals(RefuseReason.ARMOR_MALFORMED,
                refusal(KEY.exportArmored("p".toCharArray(), PasswordCost.LIGHT, Vectors.seeded(1))));
        assertEquals(RefuseReason.ARMOR_MALFORMED, refusal(armored(new byte[0], Armor.PUBLIC_KEY)));
    }

    @Test
    void acceptsKeyWhoseArmorIsExactlyAtTheBound() throws Exception {
        String armored = KEY.publicKey().armored();
        String padded = armored + " ".repeat(CryptoLimits.KEY_ARMOR_CHARS_MAX - armored.length());
        assertEquals(KEY.keyId(), PgpPublicKey.parse(padded).keyId());
        assertEquals(RefuseReason.ARMOR_TOO_LARGE, refusal(padded + " "));
    }

    @Test
    void refusesPublicKeyWithoutSubkeyOrWithOneThatIsNotBound() throws Exception {
        List<Packet> ours = packets(KEY);
        List<Packet> other = packets(PgpPrivateKey.generate("other", Vectors.seeded(9), CREATED));
        assertEquals(KEY.keyId(), PgpPublicKey.parse(armored(join(ours), Armor.PUBLIC_KEY)).keyId());
        assertEquals(RefuseReason.KEY_ID_MISSING, refusal(armored(join(ours.subList(0, 3)), Armor.PUBLIC_KEY)));
        assertEquals(RefuseReason.KEY_ID_MISSING, refusal(armored(join(ours.subList(0, 4)), Armor.PUBLIC_KEY)));
        List<Packet> swapped = List.of(ours.get(0), ours.get(1), ours.get(2), other.get(3), other.get(4));
        assertEquals(RefuseReason.KEY_ID_MISSING, refusal(armored(join(swapped), Armor.PUBLIC_KEY)));
    }

    @Test
    void refusesKeyOfAnotherVersion() throws Exception {
        List<Packet> ours = packets(KEY);
        byte[] body = ours.get(0).body().clone();
        for (byte version : new byte[] {2, 3, 5, 6}) {
            body[0] = version;
            List<Packet> changed = List.of(new Packet(6, body), ours.get(1), ours.get(2), ours.get(3), ours.get(4));
            assertEquals(RefuseReason.ARMOR_MALFORMED, refusal(armored(join(changed), Armor.PUBLIC_KEY)));
        }
    }

    @Test
    void throwsNothingElseForDamagedPublicKeys() throws Exception {
        byte[] encoded = Armor.decode(KEY.publicKey().armored().getBytes(US_ASCII), Armor.PUBLIC_KEY);
        for (int i = 0; i < encoded.length; i += 3) {
            byte[] damaged = encoded.clone();
            damaged[i] ^= (byte) (1 << i % 8);
            try {
                PgpPublicKey.parse(armored(damaged, Armor.PUBLIC_KEY));
            } catch (RefusedException refused) {
                assertNotEquals(RefuseReason.ARMOR_TOO_LARGE, refused.reason());
            }
        }
    }

    @Test
    void refusesUserIdOutOfRange() {
        assertThrows(IllegalArgumentException.class, () -> PgpPrivateKey.generate("", Vectors.seeded(1), 0));
        assertThrows(IllegalArgumentException.class,
                () -> PgpPrivateKey.generate("x".repeat(257), Vectors.seeded(1), 0));
        assertThrows(IllegalArgumentException.class, () -> PgpPrivateKey.generate("x", Vectors.seeded(1), 1L << 32));
        assertThrows(IllegalArgumentException.class, () -> PgpPrivateKey.generate("x", Vectors.seeded(1), -1));
        PgpPrivateKey.generate("x".repeat(256), Vectors.seeded(1), 0);
        PgpPrivateKey.generate("x", Vectors.seeded(1), (1L << 32) - 1);
    }

    @Test
    void showsOnlyItsPublicId() {
        assertEquals("PgpPrivateKey[" + KEY.keyId() + "]", KEY.toString());
        assertEquals("PgpPublicKey[" + KEY.keyId() + "]", KEY.publicKey().toString());
        assertEquals("SessionKey[cipher=9]", new SessionKeys.SessionKey(9, new byte[] {77}).toString());
    }
}
