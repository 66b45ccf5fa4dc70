package network.conet.edge.client;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import network.conet.edge.client.ClientException.Kind;
import network.conet.edge.crypto.WalletSignatures;
import network.conet.edge.protocol.JsonException;
import network.conet.edge.protocol.JsonValue;
import network.conet.edge.protocol.WalletAddress;

/**
 * Which network to talk to: a small JSON file, {@code provisioning/networks/*.json}.
 *
 * @param name what people call it
 * @param rpcUrls JSON-RPC addresses of its chain, tried in this order
 * @param chainId the chain's id
 * @param nodeRegistry contract with the list of nodes
 * @param routingTable contract with the users' keys and mailbox nodes
 */
public record Network(
        String name, List<String> rpcUrls, long chainId, WalletAddress nodeRegistry, WalletAddress routingTable) {
    private static final int BYTES_MAX = 64 * 1024;
    private static final WalletSignatures KECCAK = new WalletSignatures();

    /** Copies what can change. */
    public Network {
        rpcUrls = List.copyOf(rpcUrls);
    }

    /**
     * Reads the file.
     *
     * @throws ClientException naming the file and what is wrong with it
     */
    public static Network read(Path file) throws ClientException {
        JsonValue json;
        try {
            if (Files.size(file) > BYTES_MAX) {
                throw new ClientException(Kind.SETUP, file + " is too large for a network file");
            }
            json = JsonValue.parse(Files.readAllBytes(file));
        } catch (NoSuchFileException missing) {
            throw new ClientException(Kind.SETUP,
                    "there is no network file " + file + "; name one with --network or CONET_NETWORK");
        } catch (IOException unreadable) {
            throw new ClientException(Kind.SETUP, file + " cannot be read: " + unreadable.getMessage(), unreadable);
        } catch (JsonException notJson) {
            throw new ClientException(Kind.SETUP, file + " is not JSON: " + notJson.getMessage());
        }
        List<String> urls = json.member("rpcUrls").map(JsonValue::elements).orElse(List.of()).stream()
                .flatMap(url -> url.asString().stream())
                .toList();
        if (urls.isEmpty() || json.integer("chainId").isEmpty()) {
            throw new ClientException(Kind.SETUP, file + " must have rpcUrls and chainId");
        }
        return new Network(json.string("name").orElse("unnamed"), urls, json.integer("chainId").getAsLong(),
                contract(file, json, "nodeRegistry"), contract(file, json, "routingTable"));
    }

    private static WalletAddress contract(Path file, JsonValue json, String name) throws ClientException {
        return json.string(name)
                .flatMap(text -> WalletAddress.parse(text, KECCAK))
                .orElseThrow(() -> new ClientException(Kind.SETUP, file + ": " + name + " is not a contract address"));
    }
}
