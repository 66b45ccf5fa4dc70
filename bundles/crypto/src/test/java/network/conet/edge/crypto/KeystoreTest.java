package network.conet.edge.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.HexFormat;
import network.conet.edge.protocol.JsonValue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeystoreTest {
    private static final char[] PASSWORD = "password".toCharArray();
    private static final Wallet WALLET = Wallet.generate(Vectors.seeded(1));
    private static final String FILE = Keystore.write(WALLET, PASSWORD, PasswordCost.LIGHT, Vectors.seeded(2));

    private static String refusal(String json) {
        return assertThrows(IOException.class, () -> Keystore.read(json, PASSWORD)).getMessage();
    }

    @Test
    void opensTheDefinitionsOwnVector() throws Exception {
        JsonValue vectors = Vectors.json("web3-secret-storage.json");
        Wallet wallet = Keystore.read(vectors.member("pbkdf2").orElseThrow().toString(),
                Vectors.text(vectors, "password").toCharArray());
        assertEquals(Vectors.text(vectors, "address"), wallet.address().toString());
    }

    /** The definition's scrypt vector has n = 2^18 with blocks of 1; wallets write blocks of 8. */
    @Test
    void refusesScryptParametersThatTheRfcForbids() throws Exception {
        JsonValue vectors = Vectors.json("web3-secret-storage.json");
        assertEquals("not a usable wallet file: its scrypt parameters are not allowed (RFC 7914, section 2)",
                refusal(vectors.member("scrypt").orElseThrow().toString()));
    }

    @Test
    void opensFileOfEthers() throws Exception {
        JsonValue vectors = Vectors.json("ethers.json");
        Wallet wallet = Keystore.read(
                Vectors.text(vectors, "keystore"), Vectors.text(vectors, "password").toCharArray());
        assertEquals(Vectors.text(vectors, "address"), wallet.address().toChecksumString(new WalletSignatures()));
    }

    @Test
    void opensWhatItWrote() throws Exception {
        assertEquals(WALLET.address(), Keystore.read(FILE, PASSWORD).address());
        assertEquals(FILE, Keystore.write(WALLET, PASSWORD, PasswordCost.LIGHT, Vectors.seeded(2)));
        assertTrue(FILE.contains("\"n\":4096,\"p\":1,\"r\":8"));
        assertFalse(FILE.contains(HexFormat.of().formatHex(WALLET.privateKey())));
        String id = Vectors.text(JsonValue.parse(FILE), "id");
        assertTrue(id.matches("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"), id);
    }

    @Test
    void refusesWrongPassword() {
        IOException refused = assertThrows(IOException.class, () -> Keystore.read(FILE, "Password".toCharArray()));
        assertEquals("wrong password for the wallet file, or the file is damaged", refused.getMessage());
    }

    @Test
    void refusesFileThatNamesAnotherAddress() {
        String other = FILE.replace(WALLET.address().toString().substring(2), "00".repeat(20));
        assertEquals("not a usable wallet file: it names another address than its key has", refusal(other));
    }

    @Test
    void opensFileWithoutAddress() throws Exception {
        String anonymous = FILE.replaceFirst("\"address\":\"[0-9a-f]+\",", "");
        assertEquals(WALLET.address(), Keystore.read(anonymous, PASSWORD).address());
    }

    @ParameterizedTest
    @CsvSource({"\"version\":3,\"version\":4", "aes-128-ctr,aes-128-cbc", "\"scrypt\",\"argon2\"",
        "\"dklen\":32,\"dklen\":33", "\"n\":4096,\"n\":4095", "\"n\":4096,\"n\":1", "\"n\":4096,\"n\":-4096",
        "\"n\":4096,\"n\":4194304", "\"n\":4096,\"n\":1e300", "\"r\":8,\"r\":0", "\"r\":8,\"r\":1000000000",
        "\"r\":8,\"r\":9223372036854775807", "\"p\":1,\"p\":0", "\"p\":1,\"p\":1000", "\"p\":1,\"p\":\"1\"",
        "\"mac\":\",\"mac\":\"zz", "\"iv\":\",\"iv\":\"00", "\"ciphertext\":\",\"ciphertext\":\"00",
        "\"salt\":\",\"salt\":\"0", "\"crypto\",\"krypto\"", "\"kdfparams\",\"params\""})
    void refusesBeforeItWorks(String what, String instead) {
        String changed = FILE.replace(what, instead);
        assertFalse(changed.equals(FILE));
        long before = System.nanoTime();
        assertTrue(refusal(changed).startsWith("not a usable wallet file: "), changed);
        assertTrue(System.nanoTime() - before < 1_000_000_000L);
    }

    @Test
    void refusesFileThatAsksForMoreMemoryThanTheBound() {
        // 128 * 4096 * 512 bytes are exactly the bound; using that much is left to the largest real file above.
        assertEquals(CryptoLimits.SCRYPT_MEMORY_BYTES_MAX, 128L * 4096 * 512);
        assertTrue(refusal(FILE.replace("\"r\":8", "\"r\":513")).contains("256 MiB"));
    }

    @Test
    void refusesWhatIsNotJsonOrTooLong() {
        assertEquals("not a wallet file: it is not JSON", refusal("{"));
        assertEquals("not a usable wallet file: no crypto", refusal("[]"));
        assertEquals("not a usable wallet file: too long", refusal(" ".repeat(CryptoLimits.KEYSTORE_CHARS_MAX + 1)));
        assertEquals("not a wallet file: it is not JSON", refusal(" ".repeat(CryptoLimits.KEYSTORE_CHARS_MAX)));
    }
}
