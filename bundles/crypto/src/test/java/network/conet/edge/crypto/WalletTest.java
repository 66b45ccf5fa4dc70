package network.conet.edge.crypto;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.HexFormat;
import java.util.Optional;
import network.conet.edge.protocol.Hash256;
import network.conet.edge.protocol.JsonValue;
import network.conet.edge.protocol.KeyId;
import network.conet.edge.protocol.WalletAddress;
import network.conet.edge.protocol.WalletSignature;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WalletTest {
    private static final String N = "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141";
    private static final String N_HALF = "7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0";
    private static final WalletSignatures SIGNATURES = new WalletSignatures();
    private static final Hash256 DIGEST = SIGNATURES.hash("digest".getBytes(UTF_8));

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits);
    }

    private static String word(BigInteger number) {
        return String.format("%064x", number);
    }

    private static WalletSignature signature(String r, String s, int v) {
        return WalletSignature.parse("0x" + r + s + String.format("%02x", v)).orElseThrow();
    }

    @Test
    void recoversItselfForManyKeysAndTexts() {
        for (int seed = 0; seed < 60; seed++) {
            Wallet wallet = Wallet.generate(Vectors.seeded(seed));
            byte[] text = ("text " + seed).getBytes(UTF_8);
            WalletSignature personal = wallet.signPersonal(text);
            assertEquals(Optional.of(wallet.address()), SIGNATURES.recoverPersonal(text, personal));
            Hash256 digest = SIGNATURES.hash(text);
            WalletSignature bare = wallet.signDigest(digest);
            assertEquals(Optional.of(wallet.address()), SIGNATURES.recoverDigest(digest, bare));
            assertFalse(Optional.of(wallet.address()).equals(SIGNATURES.recoverPersonal(text, bare)));
            BigInteger s = new BigInteger(1, bare.bytes()).shiftRight(8).mod(BigInteger.TWO.pow(256));
            assertTrue(s.compareTo(new BigInteger(N_HALF, 16)) <= 0);
        }
    }

    @Test
    void refusesTheOtherHalfOfEverySignature() {
        Wallet wallet = Wallet.generate(Vectors.seeded(1));
        String text = wallet.signDigest(DIGEST).toString();
        String r = text.substring(2, 66);
        BigInteger s = new BigInteger(text.substring(66, 130), 16);
        int v = Integer.parseInt(text.substring(130), 16);
        assertEquals(Optional.of(wallet.address()), SIGNATURES.recoverDigest(DIGEST, signature(r, word(s), v)));
        String high = word(new BigInteger(N, 16).subtract(s));
        assertEquals(Optional.empty(), SIGNATURES.recoverDigest(DIGEST, signature(r, high, 55 - v)));
    }

    @Test
    void refusesNumbersOutOfRange() {
        String one = word(BigInteger.ONE);
        String zero = word(BigInteger.ZERO);
        String above = word(new BigInteger(N_HALF, 16).add(BigInteger.ONE));
        assertTrue(SIGNATURES.recoverDigest(DIGEST, signature(one, one, 27)).isPresent());
        assertTrue(SIGNATURES.recoverDigest(DIGEST, signature(one, N_HALF, 28)).isPresent());
        for (String[] bad : new String[][] {{zero, one}, {one, zero}, {N, one}, {one, N}, {one, above},
            {"f".repeat(64), one}, {one, "f".repeat(64)}}) {
            assertEquals(Optional.empty(), SIGNATURES.recoverDigest(DIGEST, signature(bad[0], bad[1], 27)));
        }
    }

    @Test
    void refusesNumberThatIsNoPoint() {
        // 5^3 + 7 = 132 has no square root modulo p.
        String five = word(BigInteger.valueOf(5));
        assertEquals(Optional.empty(), SIGNATURES.recoverDigest(DIGEST, signature(five, five, 27)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "01", N, "0000000000000000000000000000000000000000000000000000000000000000",
        "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"})
    void refusesWhatIsNoPrivateKey(String digits) {
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> Wallet.of(hex(digits)));
        assertEquals("not a secp256k1 private key", refused.getMessage());
    }

    @Test
    void acceptsSmallestAndLargestPrivateKey() {
        assertEquals("0x7e5f4552091a69125d5dfcb7b8c2659029395bdf",
                Wallet.of(hex(word(BigInteger.ONE))).address().toString());
        Wallet largest = Wallet.of(hex(word(new BigInteger(N, 16).subtract(BigInteger.ONE))));
        assertEquals(Optional.of(largest.address()),
                SIGNATURES.recoverDigest(DIGEST, largest.signDigest(DIGEST)));
    }

    @Test
    void signsNothingAfterItWasDestroyed() {
        Wallet wallet = Wallet.generate(Vectors.seeded(3));
        WalletAddress address = wallet.address();
        wallet.destroy();
        assertThrows(IllegalStateException.class, () -> wallet.signDigest(DIGEST));
        assertEquals(address, wallet.address());
    }

    @Test
    void showsOnlyItsAddress() {
        Wallet wallet = Wallet.generate(Vectors.seeded(3));
        assertEquals("Wallet[" + wallet.address() + "]", wallet.toString());
    }

    @Test
    void digestsAndSignsRegistrationsAsEthersDoes() {
        JsonValue vector = Vectors.json("ethers.json").member("addPublicPgp").orElseThrow();
        TypedData.Domain domain = TypedData.Domain.addressPgp(224422,
                WalletAddress.parse("0x684b0ac760cEE9c9b85de36d69746420648Cf9e2", SIGNATURES).orElseThrow());
        Wallet wallet = Wallet.of(hex(word(BigInteger.ONE)));
        for (JsonValue one : vector.member("cases").orElseThrow().elements()) {
            TypedData.AddPublicPgp wish = new TypedData.AddPublicPgp(wallet.address(),
                    KeyId.parse(Vectors.text(vector, "keyId")).orElseThrow(), Vectors.text(vector, "publicKeyText"),
                    Vectors.text(vector, "encryptedPrivateKeyText"), KeyId.parse(Vectors.text(one, "route")),
                    vector.integer("nonce").orElseThrow(), vector.integer("deadline").orElseThrow());
            Hash256 digest = TypedData.digest(domain, wish);
            assertEquals(Vectors.text(one, "digest"), digest.toString());
            assertEquals(Vectors.text(one, "signature"), wallet.signDigest(digest).toString());
        }
    }
}
