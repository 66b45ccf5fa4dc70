package network.conet.edge.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import network.conet.edge.protocol.JsonValue;
import network.conet.edge.protocol.KeyProof;
import network.conet.edge.protocol.WalletAddress;
import org.junit.jupiter.api.Test;

class KeyProofsTest {
    private static final WalletAddress CONTRACT = address("0x5FfC79c4682F7d000052AfadC5b1C4D6Aa738226");
    private static final WalletAddress OWNER = address("0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf");
    private static final long CHAIN = 224422;

    private static final BigInteger P = BigInteger.TWO.pow(255).subtract(BigInteger.valueOf(19));
    private static final BigInteger L = BigInteger.TWO.pow(252)
            .add(new BigInteger("27742317777372353535851937790883648493"));
    private static final BigInteger D = BigInteger.valueOf(-121665).multiply(BigInteger.valueOf(121666).modInverse(P))
            .mod(P);
    private static final BigInteger[] BASE = {
        new BigInteger("15112221349535400772501151409588531511454012693041857206046113283949847762202"),
        new BigInteger("46316835694926478169428394003475163141307993866256225615783033603165251855960")
    };

    private static WalletAddress address(String text) {
        return WalletAddress.parse(text, new WalletSignatures()).orElseThrow();
    }

    private static BigInteger number(JsonValue value, String name) {
        return new BigInteger(Vectors.text(value, name).substring(2), 16);
    }

    private static byte[] bytes(JsonValue value, String name) {
        return HexFormat.of().parseHex(Vectors.text(value, name).substring(2));
    }

    private static KeyProof proof(JsonValue vector) {
        JsonValue proof = vector.member("proof").orElseThrow();
        return new KeyProof(bytes(proof, "subkeyBody"), number(proof, "keyX"), number(proof, "nonceX"),
                number(proof, "nonceY"), number(proof, "s"));
    }

    @Test
    void makesTheProofsOfTheContractsVectors() {
        int count = 0;
        for (JsonValue vector : Vectors.json("keyproof.json").member("valid").orElseThrow().elements()) {
            KeyProof expected = proof(vector);
            byte[] body = bytes(vector, "body");
            long chain = vector.integer("chainId").orElseThrow();
            WalletAddress contract = address(Vectors.text(vector, "contract"));
            WalletAddress owner = address(Vectors.text(vector, "owner"));
            BigInteger a = number(vector, "privateScalar");
            byte[] context = KeyProofs.context(chain, contract, owner, EcdhSubkey.point(body), expected.keyX());
            assertEquals(expected, KeyProofs.prove(body, a, number(vector, "nonceScalar"), context),
                    Vectors.text(vector, "name"));
            count++;
            assertTrue(verifies(expected, chain, contract, owner), Vectors.text(vector, "name"));
        }
        assertTrue(count > 0);
    }

    @Test
    void provesOwnKeyToAnIndependentVerifier() {
        for (int seed = 0; seed < 4; seed++) {
            PgpPrivateKey key = PgpPrivateKey.generate("prover", Vectors.seeded(seed), 1_700_000_000);
            KeyProof proof = KeyProofs.make(key, CHAIN, CONTRACT, OWNER, Vectors.seeded(100 + seed));
            assertArrayEquals(key.publicKey().subkeyBody(), proof.subkeyBody());
            assertTrue(verifies(proof, CHAIN, CONTRACT, OWNER));
            assertFalse(verifies(proof, CHAIN + 1, CONTRACT, OWNER));
            assertFalse(verifies(proof, CHAIN, OWNER, OWNER));
            assertFalse(verifies(proof, CHAIN, CONTRACT, CONTRACT));
        }
    }

    @Test
    void usesAnotherNonceForAnotherContextEvenWhenRandomnessRepeats() {
        PgpPrivateKey key = PgpPrivateKey.generate("prover", Vectors.seeded(1), 1_700_000_000);
        KeyProof one = KeyProofs.make(key, CHAIN, CONTRACT, OWNER, Vectors.seeded(9));
        KeyProof two = KeyProofs.make(key, CHAIN, CONTRACT, CONTRACT, Vectors.seeded(9));
        assertNotEquals(one.nonceX(), two.nonceX());
        assertEquals(one, KeyProofs.make(key, CHAIN, CONTRACT, OWNER, Vectors.seeded(9)));
    }

    /** Written from the contract's comment and RFC 8032 alone, on affine Edwards coordinates. */
    private static boolean verifies(KeyProof proof, long chainId, WalletAddress contract, WalletAddress owner) {
        byte[] packed = Arrays.copyOfRange(proof.subkeyBody(), 20, 52);
        byte[] reversed = new byte[32];
        for (int i = 0; i < 32; i++) {
            reversed[i] = packed[31 - i];
        }
        BigInteger u = new BigInteger(1, reversed);
        BigInteger y = u.subtract(BigInteger.ONE).multiply(u.add(BigInteger.ONE).modInverse(P)).mod(P);
        BigInteger[] key = {proof.keyX(), y};
        BigInteger[] nonce = {proof.nonceX(), proof.nonceY()};
        if (!onCurve(key) || !onCurve(nonce) || proof.s().compareTo(L) >= 0) {
            return false;
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (BigInteger word : new BigInteger[] {BigInteger.valueOf(256), BigInteger.valueOf(chainId),
            new BigInteger(1, contract.bytes()), new BigInteger(1, owner.bytes()), new BigInteger(1, packed),
            proof.keyX(), proof.nonceX(), proof.nonceY(), BigInteger.valueOf(17)}) {
            byte[] digits = word.toByteArray();
            byte[] padded = new byte[32];
            int length = Math.min(32, digits.length);
            System.arraycopy(digits, digits.length - length, padded, 32 - length, length);
            out.writeBytes(padded);
        }
        out.writeBytes(Arrays.copyOf("conet.keyproof.v1".getBytes(StandardCharsets.US_ASCII), 32));
        BigInteger c = new BigInteger(1, new WalletSignatures().hash(out.toByteArray()).bytes()).mod(L);
        return Arrays.equals(multiply(BASE, proof.s()), add(nonce, multiply(key, c)));
    }

    private static boolean onCurve(BigInteger[] point) {
        BigInteger xx = point[0].multiply(point[0]);
        BigInteger yy = point[1].multiply(point[1]);
        return yy.subtract(xx).subtract(BigInteger.ONE).subtract(D.multiply(xx).multiply(yy)).mod(P).signum() == 0;
    }

    private static BigInteger[] add(BigInteger[] a, BigInteger[] b) {
        BigInteger product = D.multiply(a[0]).multiply(a[1]).mod(P).multiply(b[0]).multiply(b[1]).mod(P);
        BigInteger x = a[0].multiply(b[1]).add(a[1].multiply(b[0]))
                .multiply(BigInteger.ONE.add(product).modInverse(P)).mod(P);
        BigInteger y = a[1].multiply(b[1]).add(a[0].multiply(b[0]))
                .multiply(BigInteger.ONE.subtract(product).modInverse(P)).mod(P);
        return new BigInteger[] {x, y};
    }

    private static BigInteger[] multiply(BigInteger[] point, BigInteger scalar) {
        BigInteger[] sum = {BigInteger.ZERO, BigInteger.ONE};
        for (int i = scalar.bitLength() - 1; i >= 0; i--) {
            sum = add(sum, sum);
            sum = scalar.testBit(i) ? add(sum, point) : sum;
        }
        return sum;
    }
}
