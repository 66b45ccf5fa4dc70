package network.conet.edge.protocol;

import static network.conet.edge.protocol.Refusals.assertRefused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.math.BigInteger;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RegistrationCodecTest {
    private static final BigInteger WORD_MAX = BigInteger.ONE.shiftLeft(256).subtract(BigInteger.ONE);

    @Test
    void readsWhatItWrites() throws RefusedException {
        List<Optional<RegistrationRequest.Key>> keys = List.of(
                Optional.empty(), Optional.of(key("k", "")), Optional.of(key("", "backup \"\\\u00e4")));
        for (Optional<RegistrationRequest.Key> key : keys) {
            RegistrationRequest request = request(key);
            Command.RouteRegister command = assertInstanceOf(
                    Command.RouteRegister.class, parse(RegistrationCodec.encode(request, 1_700_000_000)));
            assertEquals(request, command.request());
            assertEquals(OptionalLong.of(1_700_000_000), command.header().timestampSeconds());
            assertEquals(request.wallet(), command.header().wallet());
        }
    }

    @Test
    void writesTheSameInEveryLocale() {
        Locale before = Locale.getDefault();
        try {
            String expected = RegistrationCodec.encode(request(Optional.of(key("k", ""))), 1);
            Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
            assertEquals(expected, RegistrationCodec.encode(request(Optional.of(key("k", ""))), 1));
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void acceptsKeyTextsOfExactlyMaxAndRefusesOneMore() throws RefusedException {
        String max = "A".repeat(ProtocolLimits.KEY_CHARS_MAX);
        RegistrationRequest largest = request(Optional.of(key(max, max)));
        assertInstanceOf(Command.RouteRegister.class, parse(RegistrationCodec.encode(largest, 1)));
        for (RegistrationRequest.Key key : new RegistrationRequest.Key[] {key(max + "A", ""), key("", max + "A")}) {
            String text = RegistrationCodec.encode(request(Optional.of(key)), 1);
            assertRefused(RefuseReason.COMMAND_MALFORMED, () -> parse(text));
        }
    }

    /** Each row replaces a value in a good command. */
    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '`', value = {
        "timestamp; null", "timestamp; \"1\"", "routeKeyID; null", "routeKeyID; \"17C0\"",
        "routeKeyID; \"0000000000000000\"", "deadline; null", "deadline; -1", "deadline; \"1\"", "deadline; 1.5",
        "deadline; 1e30", "signature; null", "signature; \"0x00\"", "key; null", "key; {}", "key; \"x\"",
        "keyID; null", "keyID; \"0000000000000000\"", "keyID; \"x\"", "publicKeyArmored; null", "publicKeyArmored; 1",
        "proof; null", "proof; {}", "subkeyBody; null", "subkeyBody; \"0x00\"", "keyX; null", "keyX; \"0x00\"",
        "nonceX; null", "nonceX; 1", "nonceY; null", "nonceY; \"\"", "s; null", "s; \"0x\""})
    void refusesMalformedMembers(String name, String value) throws RefusedException {
        String good = RegistrationCodec.encode(request(Optional.of(key("k", "b"))), 1);
        parse(good);
        String bad = good.replaceFirst("\"" + name + "\":", "\"" + name + "\":" + value.replace("\\", "\\\\")
                + ",\"_\":");
        assertRefused(RefuseReason.COMMAND_MALFORMED, () -> parse(bad));
    }

    @Test
    void aProofHasPartsInRange() {
        byte[] body = new byte[KeyProof.SUBKEY_BODY_BYTES];
        BigInteger zero = BigInteger.ZERO;
        new KeyProof(body, zero, zero, zero, WORD_MAX);
        BigInteger tooLarge = WORD_MAX.add(BigInteger.ONE);
        assertThrows(IllegalArgumentException.class, () -> new KeyProof(body, zero, zero, zero, tooLarge));
        BigInteger negative = BigInteger.ONE.negate();
        assertThrows(IllegalArgumentException.class, () -> new KeyProof(body, zero, zero, negative, zero));
        assertThrows(IllegalArgumentException.class, () -> new KeyProof(new byte[55], zero, zero, zero, zero));
        assertThrows(IllegalArgumentException.class, () -> new KeyProof(new byte[57], zero, zero, zero, zero));
    }

    /** A whole command with a key. */
    static String example() {
        return RegistrationCodec.encode(request(Optional.of(key("k", "b"))), 1);
    }

    private static RegistrationRequest request(Optional<RegistrationRequest.Key> key) {
        return new RegistrationRequest(WalletAddress.of(new byte[20]), key, new KeyId(-2), 1_800_000_000,
                WalletSignature.parse(Vectors.primitive("hop", "signature")).orElseThrow());
    }

    private static RegistrationRequest.Key key(String publicKey, String backup) {
        byte[] body = new byte[KeyProof.SUBKEY_BODY_BYTES];
        body[0] = 4;
        return new RegistrationRequest.Key(new KeyId(5), publicKey, backup,
                new KeyProof(body, BigInteger.ZERO, BigInteger.TEN, WORD_MAX, BigInteger.ONE));
    }

    private static Command parse(String text) throws RefusedException {
        return CommandCodec.parse(text, Vectors::keccak);
    }
}
