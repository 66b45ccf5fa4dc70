package network.conet.edge.chain;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import network.conet.edge.api.NodeEntry;
import network.conet.edge.api.Signatures;
import network.conet.edge.api.UserEntry;
import network.conet.edge.protocol.Endpoint;
import network.conet.edge.protocol.JsonException;
import network.conet.edge.protocol.JsonValue;
import network.conet.edge.protocol.KeyId;
import network.conet.edge.protocol.WalletAddress;
import network.conet.edge.protocol.WalletSignature;

/**
 * One reading of a private network's file. The operator's signature is over the exact text of {@code message}, so
 * the text is carried as a string and parsed only after the signature was found good.
 *
 * <pre>
 * {"message": "&lt;text&gt;", "signature": "0x&lt;EIP-191 signature of the text&gt;"}
 * text: {"version":1, "issuedAt":&lt;s&gt;, "blockSeconds":6,
 *        "nodes":[{"keyId","wallet","endpoint","publicKey","region"}],
 *        "users":[{"wallet","keyId","publicKey","mailboxNode"}]}
 * </pre>
 *
 * @param text the signed text
 * @param issuedAtSeconds when the operator made it; a lower one is never accepted after a higher one
 * @param blockSeconds length of a block; two blocks are an epoch
 */
public record NetworkFile(
        String text, long issuedAtSeconds, long blockSeconds, List<NodeEntry> nodes, List<UserEntry> users) {
    private static final long BLOCK_SECONDS_MAX = 3600;

    /** What tells that a file was changed. */
    public record Stamp(long modifiedMillis, long sizeBytes) {}

    /** What the file is now, to be compared with what it was. */
    public static Stamp stamp(Path file) throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
        return new Stamp(attributes.lastModifiedTime().toMillis(), attributes.size());
    }

    /**
     * Writes a file: the text and the operator's signature over exactly it.
     *
     * @param message the text; what it must hold is checked by {@link #read}
     * @param signature EIP-191, by the operator
     */
    public static String write(String message, WalletSignature signature) {
        return JsonValue.object().put("message", message).put("signature", signature.toString()).build() + "\n";
    }

    /**
     * Reads and checks.
     *
     * @throws IOException when the file cannot be read or says something that it may not; the text says what
     */
    public static NetworkFile read(Path file, WalletAddress operator, Signatures signatures) throws IOException {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(ChainLimits.NETWORK_FILE_BYTES_MAX + 1);
        }
        if (bytes.length > ChainLimits.NETWORK_FILE_BYTES_MAX) {
            throw new IOException("it is larger than " + ChainLimits.NETWORK_FILE_BYTES_MAX + " bytes");
        }
        JsonValue outer = parse(bytes);
        String text = outer.string("message").orElseThrow(() -> new IOException("it has no string \"message\""));
        Optional<WalletAddress> signer = outer.string("signature").flatMap(WalletSignature::parse)
                .flatMap(signature ->
                        signatures.recoverPersonal(text.getBytes(StandardCharsets.UTF_8), signature));
        if (!signer.equals(Optional.of(operator))) {
            throw new IOException("it is not signed by the operator " + operator);
        }
        return new Reader(parse(text.getBytes(StandardCharsets.UTF_8)), signatures).network(text);
    }

    private static JsonValue parse(byte[] bytes) throws IOException {
        try {
            return JsonValue.parse(bytes, ChainLimits.JSON_VALUES_MAX);
        } catch (JsonException notJson) {
            throw new IOException("it is not JSON: " + notJson.getMessage(), notJson);
        }
    }

    /** Reads the members of the signed text and names the one that is wrong. */
    private static final class Reader {
        private final JsonValue message;
        private final Signatures signatures;
        private String place = "";

        Reader(JsonValue message, Signatures signatures) {
            this.message = message;
            this.signatures = signatures;
        }

        NetworkFile network(String text) throws IOException {
            if (message.integer("version").orElse(0) != 1) {
                throw new IOException("its version is not 1");
            }
            long issuedAt = message.integer("issuedAt").orElseThrow(() -> new IOException("it has no issuedAt"));
            long blockSeconds = message.integer("blockSeconds").orElse(0);
            if (blockSeconds < 1 || blockSeconds > BLOCK_SECONDS_MAX) {
                throw new IOException("its blockSeconds is not 1 to " + BLOCK_SECONDS_MAX);
            }
            return new NetworkFile(text, issuedAt, blockSeconds, nodes(), users());
        }

        private List<NodeEntry> nodes() throws IOException {
            List<NodeEntry> nodes = new ArrayList<>();
            Set<Object> seen = new HashSet<>();
            for (JsonValue node : list("nodes", ChainLimits.NODES_MAX)) {
                place = "nodes[" + nodes.size() + "]";
                NodeEntry entry = new NodeEntry(
                        keyId(node, "keyId"), wallet(node), endpoint(node), publicKey(node),
                        node.string("region").orElse(""));
                if (entry.region().length() > ChainLimits.REGION_CHARS_MAX) {
                    throw wrong("region", "too long");
                }
                if (!seen.add(entry.keyId()) || !seen.add(entry.wallet())) {
                    throw wrong("keyId or wallet", "that of another node");
                }
                nodes.add(entry);
            }
            return List.copyOf(nodes);
        }

        private List<UserEntry> users() throws IOException {
            List<UserEntry> users = new ArrayList<>();
            Set<Object> seen = new HashSet<>();
            for (JsonValue user : list("users", ChainLimits.ROUTES_MAX)) {
                place = "users[" + users.size() + "]";
                Optional<KeyId> node = user.member("mailboxNode").isPresent()
                        ? Optional.of(keyId(user, "mailboxNode"))
                        : Optional.empty();
                UserEntry entry = new UserEntry(wallet(user), keyId(user, "keyId"), publicKey(user), node);
                if (!seen.add(entry.keyId()) || !seen.add(entry.wallet())) {
                    throw wrong("keyId or wallet", "that of another user");
                }
                users.add(entry);
            }
            return List.copyOf(users);
        }

        private List<JsonValue> list(String name, int max) throws IOException {
            List<JsonValue> elements = message.member(name).map(JsonValue::elements).orElse(List.of());
            if (elements.size() > max) {
                throw new IOException("it has more than " + max + " " + name);
            }
            return elements;
        }

        private KeyId keyId(JsonValue entry, String name) throws IOException {
            return entry.string(name).flatMap(KeyId::parse).filter(id -> !id.isAnonymous())
                    .orElseThrow(() -> wrong(name, "not 16 hexadecimal digits"));
        }

        private WalletAddress wallet(JsonValue entry) throws IOException {
            return entry.string("wallet").flatMap(text -> WalletAddress.parse(text, signatures))
                    .orElseThrow(() -> wrong("wallet", "not an address, or its checksum is wrong"));
        }

        private Endpoint endpoint(JsonValue entry) throws IOException {
            return entry.string("endpoint").flatMap(Endpoint::parse)
                    .orElseThrow(() -> wrong("endpoint", "not host or host:port"));
        }

        private String publicKey(JsonValue entry) throws IOException {
            return entry.string("publicKey").filter(text -> text.length() <= ChainLimits.PUBLIC_KEY_CHARS_MAX)
                    .filter(text -> text.startsWith("-----BEGIN PGP PUBLIC KEY BLOCK-----"))
                    .orElseThrow(() -> wrong("publicKey", "not an ASCII-armored public key"));
        }

        private IOException wrong(String member, String what) {
            return new IOException("its " + place + "." + member + " is " + what);
        }
    }
}
