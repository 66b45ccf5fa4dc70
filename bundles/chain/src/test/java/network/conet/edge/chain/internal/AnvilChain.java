package network.conet.edge.chain.internal;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import network.conet.edge.api.Clock;
import network.conet.edge.chain.HttpJsonRpc;
import network.conet.edge.chain.JsonRpc;
import network.conet.edge.chain.Transactions;
import network.conet.edge.crypto.Wallet;
import network.conet.edge.protocol.JsonValue;
import network.conet.edge.protocol.WalletAddress;

/**
 * A real Ethereum node for tests. Runs when the system property {@code anvil} names the binary:
 * {@code mvn verify -Danvil=/path/to/anvil}.
 */
final class AnvilChain implements AutoCloseable {
    static final long CHAIN_ID = 224422;
    private static final Path CONTRACTS = Path.of("..", "..", "provisioning", "contracts", "out");

    final JsonRpc rpc;
    private final Clock clock;
    private final Process anvil;

    AnvilChain(Clock clock) throws Exception {
        this.clock = clock;
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        anvil = new ProcessBuilder(System.getProperty("anvil"), "--port", Integer.toString(port), "--chain-id",
                Long.toString(CHAIN_ID)).redirectErrorStream(true).start();
        BufferedReader output = anvil.inputReader(StandardCharsets.UTF_8);
        for (String line = output.readLine(); !line.startsWith("Listening on"); line = output.readLine()) {
            assertTrue(anvil.isAlive(), line);
        }
        rpc = new HttpJsonRpc(List.of(URI.create("http://127.0.0.1:" + port)), CHAIN_ID, clock);
        for (int wallet = 1; wallet <= 4; wallet++) {
            call("anvil_setBalance", "\"" + TestKeys.wallet(wallet).address() + "\"", "\"0x8ac7230489e80000\"");
        }
    }

    static boolean isInstalled() {
        String binary = System.getProperty("anvil", "");
        return !binary.isEmpty() && Files.isExecutable(Path.of(binary));
    }

    /** Calls a method with parameters that are JSON. */
    JsonValue call(String method, String... parameters) throws Exception {
        return rpc.call(method, JsonValue.parse("[" + String.join(",", parameters) + "]"));
    }

    void mine(int blocks) throws Exception {
        call("anvil_mine", "\"0x" + Integer.toHexString(blocks) + "\"");
    }

    /** @param words of the constructor: numbers, or addresses */
    WalletAddress deploy(String name, String... words) throws Exception {
        JsonValue artifact = JsonValue.parse(Files.readAllBytes(CONTRACTS.resolve(name + ".json")));
        StringBuilder code = new StringBuilder(artifact.string("bytecode").orElseThrow().substring(2));
        for (String word : words) {
            String digits = word.startsWith("0x") ? word.substring(2) : new BigInteger(word).toString(16);
            code.append("0".repeat(64 - digits.length())).append(digits);
        }
        byte[] data = HexFormat.of().parseHex(code);
        return mined(3, new Transactions.Call(Optional.empty(), BigInteger.ZERO, data)).contract().orElseThrow();
    }

    Transactions transactions(int wallet) {
        Wallet signer = TestKeys.wallet(wallet);
        return new Transactions(rpc, CHAIN_ID, signer.address(), signer::signDigest, clock);
    }

    Transactions.Receipt mined(int wallet, Transactions.Call call) throws Exception {
        Transactions transactions = transactions(wallet);
        Transactions.Receipt receipt =
                transactions.await(transactions.send(call), Duration.ofSeconds(20), Duration.ofMillis(20));
        assertTrue(receipt.succeeded());
        return receipt;
    }

    /** As a server that is gone. */
    void kill() throws InterruptedException {
        anvil.destroyForcibly().waitFor();
    }

    @Override
    public void close() {
        anvil.destroyForcibly();
    }
}
