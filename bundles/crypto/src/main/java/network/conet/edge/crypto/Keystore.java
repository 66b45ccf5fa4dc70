package network.conet.edge.crypto;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.OptionalLong;
import java.util.UUID;
import network.conet.edge.protocol.JsonException;
import network.conet.edge.protocol.JsonValue;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.engines.AESEngine;
import org.bouncycastle.crypto.generators.PKCS5S2ParametersGenerator;
import org.bouncycastle.crypto.generators.SCrypt;
import org.bouncycastle.crypto.modes.CTRModeCipher;
import org.bouncycastle.crypto.modes.SICBlockCipher;
import org.bouncycastle.crypto.params.KeyParameter;
import org.bouncycastle.crypto.params.ParametersWithIV;

/**
 * Wallet files: Web3 Secret Storage version 3, as geth, ethers and the existing nodes write it. Stateless.
 *
 * <pre>
 *  derived key (32) = scrypt or PBKDF2-HMAC-SHA256 of the password
 *  ciphertext       = AES-128-CTR(derived key 0..15, iv, private key)
 *  mac              = keccak256(derived key 16..31 || ciphertext)
 * </pre>
 *
 * A password's characters are taken as UTF-8, as they are. Programs differ about how to normalise letters with
 * accents, so that a password that moves between programs had better be ASCII.
 */
public final class Keystore {
    private static final int DERIVED_BYTES = 32;
    private static final int CIPHER_KEY_BYTES = 16;
    private static final int IV_BYTES = 16;
    private static final int SALT_BYTES = 32;
    private static final int UUID_BYTES = 16;
    /** With blocks of 1, n must be smaller than 2^(128 * r / 8). */
    private static final int SCRYPT_N_END_OF_R1 = 1 << 16;

    private Keystore() {}

    /**
     * Makes a wallet file.
     *
     * @param password not kept, not cleared
     * @param random for salt, initial vector and the file's id
     * @return compact JSON
     */
    public static String write(Wallet wallet, char[] password, PasswordCost cost, SecureRandom random) {
        byte[] salt = bytes(random, SALT_BYTES);
        byte[] iv = bytes(random, IV_BYTES);
        byte[] passwordBytes = utf8(password);
        byte[] derived = SCrypt.generate(passwordBytes, salt, cost.scryptN, PasswordCost.SCRYPT_R,
                PasswordCost.SCRYPT_P, DERIVED_BYTES);
        byte[] key = wallet.privateKey();
        byte[] ciphertext = crypt(derived, iv, key);
        HexFormat hex = HexFormat.of();
        JsonValue crypto = JsonValue.object()
                .put("cipher", "aes-128-ctr")
                .put("cipherparams", JsonValue.object().put("iv", hex.formatHex(iv)).build())
                .put("ciphertext", hex.formatHex(ciphertext))
                .put("kdf", "scrypt")
                .put("kdfparams", JsonValue.object().put("dklen", DERIVED_BYTES).put("n", cost.scryptN)
                        .put("p", PasswordCost.SCRYPT_P).put("r", PasswordCost.SCRYPT_R)
                        .put("salt", hex.formatHex(salt)).build())
                .put("mac", hex.formatHex(mac(derived, ciphertext)))
                .build();
        for (byte[] secret : new byte[][] {passwordBytes, derived, key}) {
            SessionKeys.scrub(secret);
        }
        return JsonValue.object().put("address", wallet.address().toString().substring(2)).put("crypto", crypto)
                .put("id", uuid(random)).put("version", 3).build().toString();
    }

    /**
     * Opens a wallet file.
     *
     * @param json at most 16 Ki characters
     * @param password not kept, not cleared
     * @throws IOException with one line for the operator: not a wallet file, a wrong password, another wallet than
     *         the file names, or one whose password hash asks for more than 256 MiB or an unreasonable time
     */
    public static Wallet read(String json, char[] password) throws IOException {
        try {
            if (json.length() > CryptoLimits.KEYSTORE_CHARS_MAX) {
                throw new MalformedException("too long");
            }
            return open(JsonValue.parse(json), password);
        } catch (JsonException notJson) {
            throw new IOException("not a wallet file: it is not JSON");
        } catch (MalformedException malformed) {
            throw new IOException("not a usable wallet file: " + malformed.getMessage());
        }
    }

    private static Wallet open(JsonValue file, char[] password) throws MalformedException, IOException {
        JsonValue crypto = member(file, file.member("Crypto").isPresent() ? "Crypto" : "crypto");
        if (!file.integer("version").equals(OptionalLong.of(3))
                || !crypto.string("cipher").orElse("").equals("aes-128-ctr")) {
            throw new MalformedException("only version 3 with aes-128-ctr is known");
        }
        byte[] iv = hex(member(crypto, "cipherparams"), "iv", IV_BYTES, IV_BYTES);
        byte[] ciphertext = hex(crypto, "ciphertext", Secp256k1.SCALAR_BYTES, Secp256k1.SCALAR_BYTES);
        byte[] mac = hex(crypto, "mac", DERIVED_BYTES, DERIVED_BYTES);
        byte[] derived = derive(crypto, password);
        byte[] key = null;
        try {
            if (!MessageDigest.isEqual(mac, mac(derived, ciphertext))) {
                throw new IOException("wrong password for the wallet file, or the file is damaged");
            }
            key = crypt(derived, iv, ciphertext);
            if (!Secp256k1.isPrivateKey(key)) {
                throw new MalformedException("what it holds is not a private key");
            }
            Wallet wallet = Wallet.of(key);
            requireSameAddress(file, wallet);
            return wallet;
        } finally {
            SessionKeys.scrub(derived);
            SessionKeys.scrub(key);
        }
    }

    private static void requireSameAddress(JsonValue file, Wallet wallet) throws MalformedException {
        String named = file.string("address").orElse("");
        String digits = named.startsWith("0x") ? named.substring(2) : named;
        if (!digits.isEmpty() && !wallet.address().toString().substring(2).equalsIgnoreCase(digits)) {
            throw new MalformedException("it names another address than its key has");
        }
    }

    private static byte[] derive(JsonValue crypto, char[] password) throws MalformedException {
        JsonValue parameters = member(crypto, "kdfparams");
        byte[] salt = hex(parameters, "salt", 0, CryptoLimits.SALT_BYTES_MAX);
        if (number(parameters, "dklen") != DERIVED_BYTES) {
            throw new MalformedException("dklen is not " + DERIVED_BYTES);
        }
        byte[] passwordBytes = utf8(password);
        try {
            return switch (crypto.string("kdf").orElse("")) {
                case "scrypt" -> scrypt(parameters, passwordBytes, salt);
                case "pbkdf2" -> pbkdf2(parameters, passwordBytes, salt);
                default -> throw new MalformedException("unknown kdf");
            };
        } finally {
            SessionKeys.scrub(passwordBytes);
        }
    }

    private static byte[] scrypt(JsonValue parameters, byte[] password, byte[] salt) throws MalformedException {
        long n = number(parameters, "n");
        long r = number(parameters, "r");
        long p = number(parameters, "p");
        long most = CryptoLimits.SCRYPT_WORK_MAX;
        boolean sane = n > 1 && n <= most && Long.bitCount(n) == 1 && r > 0 && r <= most && p > 0 && p <= most;
        if (!sane || 128 * n * r > CryptoLimits.SCRYPT_MEMORY_BYTES_MAX || n * r > most / p) {
            throw new MalformedException("its scrypt parameters ask for more than 256 MiB, or make no sense");
        }
        long heapBytes = Runtime.getRuntime().maxMemory();
        if (128 * n * r > heapBytes / 4 * 3) {
            throw new MalformedException("its scrypt parameters ask for " + (128 * n * r >> 20)
                    + " MiB; this program may use " + (heapBytes >> 20) + " (raise -Xmx)");
        }
        if (r == 1 && n >= SCRYPT_N_END_OF_R1) {
            throw new MalformedException("its scrypt parameters are not allowed (RFC 7914, section 2)");
        }
        return SCrypt.generate(password, salt, (int) n, (int) r, (int) p, DERIVED_BYTES);
    }

    private static byte[] pbkdf2(JsonValue parameters, byte[] password, byte[] salt) throws MalformedException {
        long iterations = number(parameters, "c");
        if (!parameters.string("prf").orElse("").equals("hmac-sha256")
                || iterations < 1 || iterations > CryptoLimits.PBKDF2_ITERATIONS_MAX) {
            throw new MalformedException("its pbkdf2 parameters ask for too much, or make no sense");
        }
        PKCS5S2ParametersGenerator generator = new PKCS5S2ParametersGenerator(new SHA256Digest());
        generator.init(password, salt, (int) iterations);
        return ((KeyParameter) generator.generateDerivedMacParameters(8 * DERIVED_BYTES)).getKey();
    }

    private static byte[] crypt(byte[] derived, byte[] iv, byte[] input) {
        CTRModeCipher cipher = SICBlockCipher.newInstance(AESEngine.newInstance());
        cipher.init(true, new ParametersWithIV(new KeyParameter(derived, 0, CIPHER_KEY_BYTES), iv));
        byte[] output = new byte[input.length];
        cipher.processBytes(input, 0, input.length, output, 0);
        return output;
    }

    private static byte[] mac(byte[] derived, byte[] ciphertext) {
        byte[] second = Arrays.copyOfRange(derived, CIPHER_KEY_BYTES, DERIVED_BYTES);
        byte[] mac = Secp256k1.keccak(second, ciphertext);
        SessionKeys.scrub(second);
        return mac;
    }

    private static JsonValue member(JsonValue parent, String name) throws MalformedException {
        return parent.member(name).orElseThrow(() -> new MalformedException("no " + name));
    }

    private static long number(JsonValue parent, String name) throws MalformedException {
        return parent.integer(name).orElseThrow(() -> new MalformedException("no " + name));
    }

    private static byte[] hex(JsonValue parent, String name, int bytesMin, int bytesMax) throws MalformedException {
        String text = parent.string(name).orElseThrow(() -> new MalformedException("no " + name));
        String digits = text.startsWith("0x") ? text.substring(2) : text;
        if (digits.length() % 2 != 0 || digits.length() < 2 * bytesMin || digits.length() > 2 * bytesMax
                || !digits.chars().allMatch(HexFormat::isHexDigit)) {
            throw new MalformedException(name + " is not of the right form");
        }
        return HexFormat.of().parseHex(digits);
    }

    private static byte[] utf8(char[] password) {
        ByteBuffer encoded = StandardCharsets.UTF_8.encode(CharBuffer.wrap(password));
        byte[] bytes = new byte[encoded.remaining()];
        encoded.get(bytes);
        SessionKeys.scrub(encoded.array());
        return bytes;
    }

    private static byte[] bytes(SecureRandom random, int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }

    /** RFC 9562 version 4. */
    private static String uuid(SecureRandom random) {
        ByteBuffer bits = ByteBuffer.wrap(bytes(random, UUID_BYTES));
        long high = bits.getLong() & 0xFFFF_FFFF_FFFF_0FFFL | 0x4000L;
        long low = bits.getLong() & 0x3FFF_FFFF_FFFF_FFFFL | 0x8000_0000_0000_0000L;
        return new UUID(high, low).toString();
    }
}
