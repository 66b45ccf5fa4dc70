package network.conet.edge.crypto;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.Deflater;
import network.conet.edge.crypto.PacketReader.Packet;
import network.conet.edge.protocol.ProtocolLimits;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.RefusedException;
import org.bouncycastle.bcpg.AEADAlgorithmTags;
import org.bouncycastle.openpgp.PGPEncryptedDataGenerator;
import org.bouncycastle.openpgp.PGPPublicKeyRing;
import org.bouncycastle.openpgp.operator.bc.BcKeyFingerprintCalculator;
import org.bouncycastle.openpgp.operator.bc.BcPGPDataEncryptorBuilder;
import org.bouncycastle.openpgp.operator.bc.BcPublicKeyKeyEncryptionMethodGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever arrives: the text, or DECRYPT_FAILED, in bounded time. */
class HostileMessagesTest {
    private static final PgpPrivateKey KEY = PgpPrivateKey.generate("victim", Vectors.seeded(1), 0);
    private static final byte[] TEXT = "a text of some length, sealed to the victim".getBytes(UTF_8);
    private static final int FUZZ_ROUNDS = Integer.getInteger("fuzz.rounds", 500);

    private static void assertRefused(byte[] armored) {
        RefusedException refused = assertThrows(RefusedException.class, () -> KEY.decrypt(armored));
        assertEquals(RefuseReason.DECRYPT_FAILED, refused.reason());
    }

    private static byte[] message(byte[] packets) {
        return Armor.encode(packets, Armor.MESSAGE);
    }

    private static List<Packet> sealedPackets() throws MalformedException {
        return PacketReader.split(Armor.decode(KEY.publicKey().encrypt(TEXT, Vectors.seeded(3)), Armor.MESSAGE));
    }

    private static byte[] packet(int tag, byte[] body) {
        return ByteBuffer.allocate(6 + body.length).put((byte) (0xC0 | tag)).put((byte) 255).putInt(body.length)
                .put(body).array();
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Arrays.stream(parts).forEach(out::writeBytes);
        return out.toByteArray();
    }

    private static byte[] literal(byte[] data) {
        return packet(PacketReader.TAG_LITERAL, join(new byte[] {'b', 0, 0, 0, 0, 0}, data));
    }

    private static byte[] compressed(int algorithm, byte[] content) {
        Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, algorithm == 1);
        deflater.setInput(content);
        deflater.finish();
        byte[] out = new byte[content.length + 100];
        int size = deflater.deflate(out);
        deflater.end();
        return packet(PacketReader.TAG_COMPRESSED, join(new byte[] {(byte) algorithm}, Arrays.copyOf(out, size)));
    }

    /** Seals chosen packets properly, so that only what is inside can be refused. */
    private static byte[] seal(byte[] inside, boolean version2) throws Exception {
        byte[] key = Armor.decode(KEY.publicKey().armored().getBytes(US_ASCII), Armor.PUBLIC_KEY);
        PGPPublicKeyRing ring = new PGPPublicKeyRing(key, new BcKeyFingerprintCalculator());
        BcPGPDataEncryptorBuilder builder = new BcPGPDataEncryptorBuilder(SessionKeys.AES_256);
        builder.setSecureRandom(Vectors.seeded(4)).setWithIntegrityPacket(true);
        if (version2) {
            builder.setUseV6AEAD().setWithAEAD(AEADAlgorithmTags.OCB, 6);
        }
        PGPEncryptedDataGenerator generator = new PGPEncryptedDataGenerator(builder);
        generator.addMethod(new BcPublicKeyKeyEncryptionMethodGenerator(KeyPackets.firstSubkey(ring.getPublicKeys()))
                .setSecureRandom(Vectors.seeded(5)));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (OutputStream data = generator.open(out, inside.length)) {
            data.write(inside);
        }
        return message(out.toByteArray());
    }

    @Test
    void refusesEveryTruncation() {
        byte[] armored = KEY.publicKey().encrypt(TEXT, Vectors.seeded(3));
        for (int length = 0; length < armored.length - 1; length += 7) {
            assertRefused(Arrays.copyOf(armored, length));
        }
        assertRefused(message(packet(1, new byte[0])));
    }

    @Test
    void refusesEveryTruncationOfThePackets() throws Exception {
        byte[] packets = Armor.decode(KEY.publicKey().encrypt(TEXT, Vectors.seeded(3)), Armor.MESSAGE);
        for (int length = 0; length < packets.length; length++) {
            assertRefused(message(Arrays.copyOf(packets, length)));
        }
    }

    @Test
    void refusesEveryFlippedBit() throws Exception {
        byte[] packets = Armor.decode(KEY.publicKey().encrypt(TEXT, Vectors.seeded(3)), Armor.MESSAGE);
        for (int bit = 0; bit < 8 * packets.length; bit++) {
            byte[] damaged = packets.clone();
            damaged[bit / 8] ^= (byte) (1 << bit % 8);
            assertRefused(message(damaged));
        }
    }

    @Test
    void refusesEveryFlippedBitOfVersion2() throws Exception {
        byte[] packets = Armor.decode(seal(literal(TEXT), true), Armor.MESSAGE);
        assertArrayEquals(TEXT, KEY.decrypt(message(packets)));
        for (int bit = 0; bit < 8 * packets.length; bit++) {
            byte[] damaged = packets.clone();
            damaged[bit / 8] ^= (byte) (1 << bit % 8);
            assertRefused(message(damaged));
        }
    }

    @Test
    void refusesRandomBytes() {
        SecureRandom random = Vectors.seeded(99);
        for (int i = 0; i < FUZZ_ROUNDS; i++) {
            byte[] bytes = new byte[i % 300];
            random.nextBytes(bytes);
            assertRefused(bytes);
            assertRefused(message(bytes));
        }
    }

    @Test
    void throwsNothingElseForRandomPacketsInside() throws Exception {
        SecureRandom random = Vectors.seeded(7);
        byte[] good = compressed(2, join(packet(4, new byte[13]), literal(TEXT), packet(2, new byte[90])));
        for (int i = 0; i < FUZZ_ROUNDS; i++) {
            byte[] inside = good.clone();
            inside[random.nextInt(inside.length)] = (byte) random.nextInt(256);
            inside[random.nextInt(inside.length)] = (byte) random.nextInt(256);
            try {
                KEY.decrypt(seal(inside, false));
            } catch (RefusedException refused) {
                assertEquals(RefuseReason.DECRYPT_FAILED, refused.reason());
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"0,true", "1,true", "0,false", "1,false"})
    void acceptsLiteralOfExactlyTheBoundAndNotOneByteMore(int more, boolean zlib) throws Exception {
        byte[] inside = compressed(zlib ? 2 : 1, literal(new byte[CryptoLimits.PLAINTEXT_BYTES_MAX + more]));
        byte[] sealed = seal(inside, false);
        if (more == 0) {
            assertEquals(CryptoLimits.PLAINTEXT_BYTES_MAX, KEY.decrypt(sealed).length);
        } else {
            assertRefused(sealed);
        }
    }

    @Test
    void stopsZipBombAtTheBound() throws Exception {
        byte[] bomb = seal(compressed(2, literal(new byte[16 * CryptoLimits.PLAINTEXT_BYTES_MAX])), false);
        assertTimeoutPreemptively(Duration.ofSeconds(5), () -> assertRefused(bomb));
    }

    @Test
    void refusesArmorOneByteOverTheBound() throws Exception {
        byte[] sealed = seal(literal(TEXT), false);
        byte[] most = Arrays.copyOf(sealed, ProtocolLimits.ARMOR_BYTES_MAX);
        Arrays.fill(most, sealed.length, most.length, (byte) '\n');
        assertArrayEquals(TEXT, KEY.decrypt(most));
        byte[] over = Arrays.copyOf(most, most.length + 1);
        over[most.length] = '\n';
        assertRefused(over);
    }

    @ParameterizedTest
    @ValueSource(strings = {"two literals", "compressed in compressed", "no literal", "key inside", "bzip2",
        "empty compressed", "endless compressed", "literal too short", "name too long", "length over the end",
        "nothing"})
    void refusesInside(String what) throws Exception {
        byte[] inside = switch (what) {
            case "two literals" -> join(literal(TEXT), literal(TEXT));
            case "compressed in compressed" -> compressed(2, compressed(2, literal(TEXT)));
            case "no literal" -> packet(2, new byte[70]);
            case "key inside" -> join(packet(6, new byte[50]), literal(TEXT));
            case "bzip2" -> packet(8, new byte[] {3, 1, 2, 3});
            case "empty compressed" -> packet(8, new byte[0]);
            case "endless compressed" -> packet(8, new byte[] {2, 0x78, (byte) 0x9C, 1});
            case "literal too short" -> packet(11, new byte[] {'b', 0, 0, 0, 0});
            case "name too long" -> packet(11, new byte[] {'b', 9, 0, 0, 0, 0, 0});
            case "length over the end" -> new byte[] {(byte) 0xCB, (byte) 255, 0x7F, -1, -1, -1, 'b', 0, 0, 0, 0, 0};
            default -> new byte[0];
        };
        assertRefused(seal(inside, false));
        if (inside.length > 0) {
            assertRefused(seal(inside, true));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"bare", "none", "zip", "zlib", "signed", "marker", "padding", "private packet",
        "old format", "indeterminate length", "partial lengths"})
    void opensInside(String what) throws Exception {
        byte[] body = join(new byte[] {'b', 0, 0, 0, 0, 0}, TEXT);
        byte[] inside = switch (what) {
            case "bare" -> literal(TEXT);
            case "none" -> packet(8, join(new byte[1], literal(TEXT)));
            case "zip" -> compressed(1, literal(TEXT));
            case "zlib" -> compressed(2, literal(TEXT));
            case "signed" -> join(packet(4, new byte[13]), literal(TEXT), packet(2, new byte[90]));
            case "marker" -> join(packet(10, "PGP".getBytes(US_ASCII)), literal(TEXT));
            case "padding" -> join(literal(TEXT), packet(21, new byte[100]));
            case "private packet" -> join(literal(TEXT), packet(60, new byte[5]));
            case "old format" -> join(new byte[] {(byte) 0xAC, (byte) body.length}, body);
            case "indeterminate length" -> join(new byte[] {(byte) 0xAF}, body);
            default -> join(new byte[] {(byte) 0xCB, (byte) 0xE4}, Arrays.copyOf(body, 16),
                    new byte[] {(byte) (body.length - 16)}, Arrays.copyOfRange(body, 16, body.length));
        };
        assertArrayEquals(TEXT, KEY.decrypt(seal(inside, false)));
        assertArrayEquals(TEXT, KEY.decrypt(seal(inside, true)));
    }

    @Test
    void refusesMessageToSomebodyElseAndToNobody() throws Exception {
        PgpPrivateKey other = PgpPrivateKey.generate("other", Vectors.seeded(2), 0);
        assertRefused(other.publicKey().encrypt(TEXT, Vectors.seeded(3)));
        List<Packet> packets = sealedPackets();
        byte[] anonymous = packets.get(0).body().clone();
        Arrays.fill(anonymous, 1, 9, (byte) 0);
        assertRefused(message(join(packet(1, anonymous), packet(18, packets.get(1).body()))));
    }

    @Test
    void findsItsSessionKeyAmongTheMostRecipientsAllowed() throws Exception {
        List<Packet> packets = sealedPackets();
        byte[] foreign = packets.get(0).body().clone();
        foreign[1] ^= 1;
        List<byte[]> parts = new ArrayList<>();
        for (int i = 1; i < CryptoLimits.RECIPIENTS_MAX; i++) {
            parts.add(packet(1, foreign));
        }
        parts.add(packet(1, packets.get(0).body()));
        parts.add(packet(18, packets.get(1).body()));
        assertArrayEquals(TEXT, KEY.decrypt(message(join(parts.toArray(new byte[0][])))));
        parts.add(0, packet(1, foreign));
        assertRefused(message(join(parts.toArray(new byte[0][]))));
    }

    @Test
    void refusesSmallOrderPointsAsSendersKey() throws Exception {
        List<Packet> packets = sealedPackets();
        for (byte low : new byte[] {0, 1}) {
            byte[] body = packets.get(0).body().clone();
            Arrays.fill(body, 13, 45, (byte) 0);
            body[13] = low;
            assertRefused(message(join(packet(1, body), packet(18, packets.get(1).body()))));
        }
    }

    @Test
    void refusesProtectionThatIsNotOffered() throws Exception {
        List<Packet> packets = sealedPackets();
        byte[] session = packet(1, packets.get(0).body());
        byte[] data = packets.get(1).body();
        assertRefused(message(join(session, packet(9, Arrays.copyOfRange(data, 1, data.length)))));
        assertRefused(message(join(session, packet(20, data))));
        assertRefused(message(join(packet(18, data), session)));
        assertRefused(message(session));
        assertRefused(message(join(packet(3, new byte[20]), session, packet(18, data))));
        for (int version : new int[] {0, 2, 3}) {
            byte[] changed = data.clone();
            changed[0] = (byte) version;
            assertRefused(message(join(session, packet(18, changed))));
        }
    }
}
