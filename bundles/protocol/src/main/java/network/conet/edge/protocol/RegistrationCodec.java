package network.conet.edge.protocol;

import java.math.BigInteger;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The members of the command {@code route_register} (our addition to the wire):
 *
 * <pre>
 *  routeKeyID   key id of the mailbox node          deadline   unix seconds        signature  0x + 130 digits
 *  key          absent to change only the route, else
 *    keyID, publicKeyArmored (base64 of the armor), encrypKeyArmored,
 *    proof { subkeyBody (0x + 112 digits), keyX, nonceX, nonceY, s (each 0x + 64 digits) }
 * </pre>
 */
public final class RegistrationCodec {
    private static final int WORD_BYTES = 32;

    private RegistrationCodec() {}

    static RegistrationRequest parse(JsonValue json, WalletAddress wallet) throws RefusedException {
        KeyId mailboxNode = keyId(json, "routeKeyID");
        OptionalLong deadline = json.integer("deadline");
        WalletSignature signature = CommandCodec.require(json.string("signature").flatMap(WalletSignature::parse));
        if (deadline.isEmpty() || deadline.getAsLong() < 0) {
            throw new RefusedException(RefuseReason.COMMAND_MALFORMED);
        }
        Optional<JsonValue> keyJson = json.member("key");
        Optional<RegistrationRequest.Key> key =
                keyJson.isPresent() ? Optional.of(parseKey(keyJson.get())) : Optional.empty();
        return new RegistrationRequest(wallet, key, mailboxNode, deadline.getAsLong(), signature);
    }

    private static RegistrationRequest.Key parseKey(JsonValue json) throws RefusedException {
        KeyId keyId = keyId(json, "keyID");
        String publicKey = CommandCodec.require(json.string("publicKeyArmored"));
        String backup = json.string("encrypKeyArmored").orElse("");
        JsonValue proof = CommandCodec.require(json.member("proof"));
        String body = CommandCodec.require(proof.string("subkeyBody"));
        byte[] bodyBytes = Hex.parsePrefixed(body, KeyProof.SUBKEY_BODY_BYTES);
        if (publicKey.length() > ProtocolLimits.KEY_CHARS_MAX || backup.length() > ProtocolLimits.KEY_CHARS_MAX
                || bodyBytes == null) {
            throw new RefusedException(RefuseReason.COMMAND_MALFORMED);
        }
        return new RegistrationRequest.Key(keyId, publicKey, backup, new KeyProof(
                bodyBytes, word(proof, "keyX"), word(proof, "nonceX"), word(proof, "nonceY"), word(proof, "s")));
    }

    /** The anonymous id addresses nobody; whoever registered it would get every anonymous message. */
    private static KeyId keyId(JsonValue json, String name) throws RefusedException {
        return CommandCodec.require(json.string(name).flatMap(KeyId::parse).filter(id -> !id.isAnonymous()));
    }

    private static BigInteger word(JsonValue proof, String name) throws RefusedException {
        byte[] bytes = Hex.parsePrefixed(proof.string(name).orElse(null), WORD_BYTES);
        if (bytes == null) {
            throw new RefusedException(RefuseReason.COMMAND_MALFORMED);
        }
        return new BigInteger(1, bytes);
    }

    /**
     * Writes the whole command.
     *
     * @param timestampSeconds now
     */
    public static String encode(RegistrationRequest request, long timestampSeconds) {
        JsonValue.Builder json = JsonValue.object()
                .put("command", CommandCodec.ROUTE_REGISTER)
                .put("walletAddress", request.wallet().toString())
                .put("timestamp", timestampSeconds)
                .put("routeKeyID", request.mailboxNode().toString())
                .put("deadline", request.deadlineSeconds())
                .put("signature", request.signature().toString());
        request.key().ifPresent(key -> json.put("key", JsonValue.object()
                .put("keyID", key.keyId().toString())
                .put("publicKeyArmored", key.publicKeyBase64())
                .put("encrypKeyArmored", key.encryptedPrivateKey())
                .put("proof", JsonValue.object()
                        .put("subkeyBody", Hex.prefixed(key.proof().subkeyBody()))
                        .put("keyX", word(key.proof().keyX()))
                        .put("nonceX", word(key.proof().nonceX()))
                        .put("nonceY", word(key.proof().nonceY()))
                        .put("s", word(key.proof().s()))
                        .build())
                .build()));
        return json.build().toString();
    }

    private static String word(BigInteger number) {
        return String.format("0x%064x", number);
    }
}
