package network.conet.edge.client.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Files;
import java.nio.file.Path;
import network.conet.edge.client.Identity;
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

    @Test
    void signsAPrivateNetworkThatClientsThenRead() throws Exception {
        String password = Files.writeString(folder.resolve("password"), "secret\n").toString();
        String wallet = folder.resolve("wallet").toString();
        Main.execute("wallet", "create", "--wallet", wallet, "--password-file", password);
        String operator = Identity.load(Path.of(wallet), "secret".toCharArray()).wallet().address().toString();
        Path draft = Files.writeString(folder.resolve("draft.json"),
                "{\"version\":1,\"blockSeconds\":6,\"nodes\":[],\"users\":[]}");
        Path signed = folder.resolve("signed.json");
        assertEquals(0, sign(wallet, password, draft, signed));
        Path network = Files.writeString(folder.resolve("network.json"),
                "{\"networkFile\":\"signed.json\",\"operatorWallet\":\"" + operator + "\"}");
        assertEquals(0, Main.execute("nodes", "--network", network.toString()));
        Files.writeString(network,
                "{\"networkFile\":\"signed.json\",\"operatorWallet\":\"0x" + "11".repeat(20) + "\"}");
        assertEquals(3, Main.execute("nodes", "--network", network.toString()), "signed by another wallet");
    }

    @Test
    void signsNothingThatNodesWouldRefuse() throws Exception {
        String password = Files.writeString(folder.resolve("password"), "secret\n").toString();
        String wallet = folder.resolve("wallet").toString();
        Main.execute("wallet", "create", "--wallet", wallet, "--password-file", password);
        Path signed = folder.resolve("signed.json");
        for (String bad : new String[] {"{", "[]", "{\"version\":2}", "{\"version\":1,\"blockSeconds\":0}",
                "{\"version\":1,\"blockSeconds\":6,\"nodes\":[{}],\"users\":[]}"}) {
            Path draft = Files.writeString(folder.resolve("draft.json"), bad);
            assertEquals(3, sign(wallet, password, draft, signed), bad);
            assertFalse(Files.exists(signed), bad);
        }
        assertEquals(3, sign(wallet, password, folder.resolve("missing.json"), signed));
    }

    private static int sign(String wallet, String password, Path draft, Path signed) {
        return Main.execute("network", "sign", "--wallet", wallet, "--password-file", password,
                draft.toString(), signed.toString());
    }
}
