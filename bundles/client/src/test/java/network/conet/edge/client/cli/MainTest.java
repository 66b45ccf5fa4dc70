package network.conet.edge.client.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Exit codes, which scripts rely on. */
class MainTest {
    @TempDir
    private Path folder;

    @Test
    void helps() {
        assertEquals(0, Main.execute("--help"));
        assertEquals(0, Main.execute("send", "--help"));
        assertEquals(0, Main.execute("wallet", "create", "--help"));
    }

    @Test
    void exits2OnWrongArguments() {
        assertEquals(2, Main.execute());
        assertEquals(2, Main.execute("wallet"));
        assertEquals(2, Main.execute("send", "0x00"));
        assertEquals(2, Main.execute("fly"));
        assertEquals(2, Main.execute("listen", "--count", "many"));
    }

    @Test
    void exits3OnMissingOrBadFiles() throws Exception {
        Path password = Files.writeString(folder.resolve("password"), "secret\n");
        Path empty = Files.writeString(folder.resolve("empty"), "\n");
        String wallet = folder.resolve("wallet").toString();
        String network = folder.resolve("network.json").toString();
        assertEquals(3, Main.execute("wallet", "show", "--wallet", wallet, "--password-file", password.toString()));
        assertEquals(3, Main.execute("wallet", "create", "--wallet", wallet, "--password-file", empty.toString()));
        assertEquals(3, Main.execute("wallet", "create", "--wallet", wallet, "--password-file", wallet));
        assertEquals(3, Main.execute("nodes", "--network", network));
    }

    @Test
    void makesAWalletAndShowsIt() throws Exception {
        Path password = Files.writeString(folder.resolve("password"), "secret\n");
        String wallet = folder.resolve("wallet").toString();
        assertEquals(0, Main.execute(
                "wallet", "create", "--json", "--wallet", wallet, "--password-file", password.toString()));
        assertEquals(0, Main.execute("wallet", "show", "--wallet", wallet, "--password-file", password.toString()));
        assertEquals(3, Main.execute("wallet", "create", "--wallet", wallet, "--password-file", password.toString()));
    }

    @Test
    void exits4WhenTheChainDoesNotAnswer() throws Exception {
        Path network = Files.writeString(folder.resolve("network.json"), "{\"rpcUrls\":[\"http://127.0.0.1:1\"],"
                + "\"chainId\":7,\"nodeRegistry\":\"0x5fbdb2315678afecb367f032d93f642f64180aa3\","
                + "\"routingTable\":\"0x5fbdb2315678afecb367f032d93f642f64180aa3\"}");
        assertEquals(4, Main.execute("nodes", "--network", network.toString()));
    }
}
