package network.conet.edge.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NetworkTest {
    private static final String GOOD = "{\"name\":\"n\",\"rpcUrls\":[\"http://127.0.0.1:1\"],\"chainId\":7,"
            + "\"nodeRegistry\":\"0x5fbdb2315678afecb367f032d93f642f64180aa3\","
            + "\"routingTable\":\"0xe7f1725E7734CE288F8367e1Bb143E90bb3F0512\"}";

    @TempDir
    private Path folder;

    @Test
    void readsANetworkFile() throws Exception {
        Network.OnChain network = (Network.OnChain) Network.read(file(GOOD));
        assertEquals("n", network.name());
        assertEquals(7, network.chainId());
        assertEquals("0xe7f1725e7734ce288f8367e1bb143e90bb3f0512", network.routingTable().toString());
    }

    @Test
    void readsTheNetworkFilesThatAreShipped() throws Exception {
        Network shipped = Network.read(Path.of("../../provisioning/networks/conet.json"));
        assertEquals(224422, ((Network.OnChain) shipped).chainId());
    }

    @Test
    void saysInOneLineWhatIsWrong() throws IOException {
        refuses("is not JSON", file("{"));
        refuses("rpcUrls and chainId", file(GOOD.replace("\"chainId\":7", "\"chainId\":\"7\"")));
        refuses("rpcUrls and chainId", file(GOOD.replace("[\"http://127.0.0.1:1\"]", "[]")));
        refuses("nodeRegistry is not an address", file(GOOD.replace("0x5fbd", "0x5fb")));
        refuses("routingTable is not an address", file(GOOD.replace("0xe7f1725E", "0xe7f1725e")));
        refuses("there is no network file", folder.resolve("missing.json"));
        refuses("too large", file(" ".repeat(64 * 1024) + GOOD));
    }

    private static void refuses(String why, Path file) {
        ClientException refused = assertThrows(ClientException.class, () -> Network.read(file));
        assertEquals(ClientException.Kind.SETUP, refused.kind());
        assertTrue(refused.getMessage().contains(why), refused.getMessage());
        assertTrue(refused.getMessage().lines().count() == 1, refused.getMessage());
    }

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("network.json"), text);
    }
}
