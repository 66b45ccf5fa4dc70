package network.conet.edge.protocol;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The value of the header {@value #NAME}: base64 of a JSON array of hops, the first hop first; a value that begins
 * with a bracket is the JSON itself (section 3.6).
 */
public final class HopHeader {
    /** Name of the header. */
    public static final String NAME = "X-CoNET-Hop-Sigs";

    private HopHeader() {}

    /**
     * Reads the header. Signatures are not checked.
     *
     * @param value the header's value; null or blank means no hops
     * @param keccak for the checksums in addresses of mixed case
     * @throws RefusedException HOPS_FULL for more than {@link ProtocolLimits#HOPS_MAX} entries, HOPS_MALFORMED
     */
    public static List<Hop> parse(String value, Keccak256 keccak) throws RefusedException {
        if (value == null || value.isBlank()) {
            return List.of();
        }
        if (value.length() > ProtocolLimits.HOP_HEADER_CHARS_MAX) {
            throw new RefusedException(RefuseReason.HOPS_MALFORMED);
        }
        JsonValue json = parseJson(value.trim());
        if (!(json instanceof JsonValue.Array)) {
            throw new RefusedException(RefuseReason.HOPS_MALFORMED);
        }
        List<JsonValue> entries = json.elements();
        if (entries.size() > ProtocolLimits.HOPS_MAX) {
            throw new RefusedException(RefuseReason.HOPS_FULL);
        }
        List<Hop> hops = new ArrayList<>(entries.size());
        for (JsonValue entry : entries) {
            hops.add(parseHop(entry, keccak)
                    .orElseThrow(() -> new RefusedException(RefuseReason.HOPS_MALFORMED)));
        }
        return List.copyOf(hops);
    }

    /**
     * Writes the header.
     *
     * @param hops 1 to {@link ProtocolLimits#HOPS_MAX} hops
     * @param keccak for the checksums of the addresses
     */
    public static String encode(List<Hop> hops, Keccak256 keccak) {
        if (hops.isEmpty() || hops.size() > ProtocolLimits.HOPS_MAX) {
            throw new IllegalArgumentException("a hop header has 1 to 3 hops, not " + hops.size());
        }
        StringBuilder json = new StringBuilder(hops.size() * 400).append('[');
        for (Hop hop : hops) {
            json.append(json.length() > 1 ? "," : "")
                    .append("{\"w\":\"").append(hop.signer().toChecksumString(keccak))
                    .append("\",\"t\":").append(hop.epochSeconds())
                    .append(",\"n\":").append(hop.armorBytes())
                    .append(",\"h\":\"").append(hop.armorHash())
                    .append("\",\"k\":\"").append(hop.keyId())
                    .append("\",\"s\":\"").append(hop.signature()).append("\"}");
        }
        byte[] text = json.append(']').toString().getBytes(StandardCharsets.US_ASCII);
        return Base64.getEncoder().encodeToString(text);
    }

    private static JsonValue parseJson(String value) throws RefusedException {
        try {
            return value.startsWith("[")
                    ? JsonValue.parse(value)
                    : JsonValue.parse(Base64.getDecoder().decode(value));
        } catch (JsonException | IllegalArgumentException unreadable) {
            throw new RefusedException(RefuseReason.HOPS_MALFORMED);
        }
    }

    private static Optional<Hop> parseHop(JsonValue entry, Keccak256 keccak) {
        Optional<WalletAddress> signer = entry.string("w").flatMap(w -> WalletAddress.parse(w, keccak));
        OptionalLong seconds = entry.integer("t");
        OptionalLong bytes = entry.integer("n");
        Optional<Hash256> hash = entry.string("h").flatMap(Hash256::parse);
        Optional<KeyId> keyId = entry.string("k").flatMap(KeyId::parse);
        Optional<WalletSignature> signature = entry.string("s").flatMap(WalletSignature::parse);
        if (signer.isEmpty() || seconds.isEmpty() || bytes.isEmpty() || bytes.getAsLong() < 0 || hash.isEmpty()
                || keyId.isEmpty() || signature.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Hop(
                signer.get(), seconds.getAsLong(), bytes.getAsLong(), hash.get(), keyId.get(), signature.get()));
    }
}
