package network.conet.edge.protocol;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A node's signed word to one listener that it served it in an epoch: heartbeat and mining challenge in one
 * (section 6.2).
 *
 * @param epoch the block number, not negative; even in a frame of an honest node
 * @param nodeWallet the node that signed
 * @param nodeKeyId routing address of the node
 * @param signature EIP-191 signature by {@code nodeWallet} over {@link #signedText}
 */
public record EpochFrame(long epoch, WalletAddress nodeWallet, KeyId nodeKeyId, WalletSignature signature) {
    /** Refuses missing parts and negative epochs. */
    public EpochFrame {
        Objects.requireNonNull(nodeWallet);
        Objects.requireNonNull(nodeKeyId);
        Objects.requireNonNull(signature);
        if (epoch < 0) {
            throw new IllegalArgumentException("negative epoch");
        }
    }

    /** What an epoch frame's signature signs: exactly this JSON. */
    public static byte[] signedText(long epoch, WalletAddress listener) {
        String text = "{\"epoch\":\"" + epoch + "\",\"wallet\":\"" + listener + "\"}";
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** What the signature of the greeting signs: the epoch as decimal text. */
    public static byte[] greetingText(long epoch) {
        return Long.toString(epoch).getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * Writes the frame with its separator. The lists of miners and users that existing nodes put here are empty, and
     * the traffic is the node's own in one sum: they tell every listener who else uses the node (section 9).
     *
     * @param totals what the network says of itself
     * @param endpoint the node's own address as the directory has it; empty when it has none
     * @param forwardedBytes what the node sent on since the epoch before, 0 or more
     */
    public byte[] encode(Epoch totals, String endpoint, long forwardedBytes) {
        JsonValue none = JsonValue.array(List.of());
        JsonValue transfer = forwardedBytes == 0 ? none : JsonValue.array(List.of(JsonValue.object()
                .put("wallet", nodeWallet.toString()).put("bytes", forwardedBytes).build()));
        JsonValue json = JsonValue.object()
                .put("status", 200)
                .put("epoch", Long.toString(epoch))
                .put("rate", JsonValue.of(totals.rate()))
                .put("hash", signature.toString())
                .put("nodeWallet", nodeWallet.toString())
                .put("online", totals.minersTotal())
                .put("connetingNodes", 0)
                .put("nodeDomain", nodeKeyId.toString())
                .put("nodeIpAddr", endpoint)
                .put("nodeWallets", none)
                .put("minerResponseHash", "")
                .put("userWallets", none)
                .put("totalUsers", totals.usersTotal())
                .put("transfer", transfer)
                .build();
        return StreamFrames.separated(json.toString());
    }

    /** Reads what a validator needs of a frame; empty when a part is missing or malformed. */
    public static Optional<EpochFrame> parse(JsonValue json, Keccak256 keccak) {
        OptionalLong epoch = epochNumber(json);
        Optional<WalletAddress> wallet = json.string("nodeWallet").flatMap(w -> WalletAddress.parse(w, keccak));
        Optional<KeyId> keyId = json.string("nodeDomain").flatMap(KeyId::parse);
        Optional<WalletSignature> signature = json.string("hash").flatMap(WalletSignature::parse);
        if (epoch.isEmpty() || wallet.isEmpty() || keyId.isEmpty() || signature.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new EpochFrame(epoch.getAsLong(), wallet.get(), keyId.get(), signature.get()));
    }

    private static OptionalLong epochNumber(JsonValue json) {
        Optional<String> text = json.string("epoch");
        if (text.isPresent()) {
            return text.get().matches("[0-9]{1,18}")
                    ? OptionalLong.of(Long.parseLong(text.get()))
                    : OptionalLong.empty();
        }
        OptionalLong number = json.integer("epoch");
        return number.isPresent() && number.getAsLong() >= 0 ? number : OptionalLong.empty();
    }
}
