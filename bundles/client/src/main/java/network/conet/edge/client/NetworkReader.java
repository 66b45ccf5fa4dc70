package network.conet.edge.client;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import network.conet.edge.client.ClientException.Kind;
import network.conet.edge.crypto.WalletSignatures;
import network.conet.edge.protocol.JsonException;
import network.conet.edge.protocol.JsonValue;
import network.conet.edge.protocol.WalletAddress;

/** Reads one network file and names what is wrong with it. */
final class NetworkReader {
    private static final int BYTES_MAX = 64 * 1024;
    private static final WalletSignatures KECCAK = new WalletSignatures();

    private final Path file;

    NetworkReader(Path file) {
        this.file = file;
    }

    Network read() throws ClientException {
        JsonValue json = json();
        String name = json.string("name").orElse("unnamed");
        Optional<String> signedFile = json.string("networkFile");
        return signedFile.isPresent() ? inFile(name, signedFile.get(), json) : onChain(name, json);
    }

    private JsonValue json() throws ClientException {
        try {
            if (Files.size(file) > BYTES_MAX) {
                throw new ClientException(Kind.SETUP, file + " is too large for a network file");
            }
            return JsonValue.parse(Files.readAllBytes(file));
        } catch (NoSuchFileException missing) {
            throw new ClientException(Kind.SETUP,
                    "there is no network file " + file + "; name one with --network or CONET_NETWORK");
        } catch (IOException unreadable) {
            throw new ClientException(Kind.SETUP, file + " cannot be read: " + unreadable.getMessage(), unreadable);
        } catch (JsonException notJson) {
            throw new ClientException(Kind.SETUP, file + " is not JSON: " + notJson.getMessage());
        }
    }

    private Network inFile(String name, String signedFile, JsonValue json) throws ClientException {
        try {
            return new Network.InFile(name, file.resolveSibling(signedFile), address(json, "operatorWallet"));
        } catch (InvalidPathException notAPath) {
            throw new ClientException(Kind.SETUP, file + ": networkFile is not a path");
        }
    }

    private Network onChain(String name, JsonValue json) throws ClientException {
        List<String> urls = json.member("rpcUrls").map(JsonValue::elements).orElse(List.of()).stream()
                .flatMap(url -> url.asString().stream())
                .toList();
        if (urls.isEmpty() || json.integer("chainId").isEmpty()) {
            throw new ClientException(Kind.SETUP,
                    file + " must have rpcUrls and chainId, or networkFile and operatorWallet");
        }
        return new Network.OnChain(name, urls, json.integer("chainId").getAsLong(),
                address(json, "nodeRegistry"), address(json, "routingTable"),
                optional(json, "settlement"), optional(json, "nameRegistry"));
    }

    private Optional<WalletAddress> optional(JsonValue json, String member) throws ClientException {
        return json.member(member).isPresent() ? Optional.of(address(json, member)) : Optional.empty();
    }

    private WalletAddress address(JsonValue json, String member) throws ClientException {
        return json.string(member)
                .flatMap(text -> WalletAddress.parse(text, KECCAK))
                .orElseThrow(() -> new ClientException(Kind.SETUP, file + ": " + member + " is not an address"));
    }
}
