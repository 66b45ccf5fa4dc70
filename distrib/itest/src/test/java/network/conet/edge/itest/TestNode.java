package network.conet.edge.itest;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import network.conet.edge.api.Clock;
import network.conet.edge.crypto.PgpPrivateKey;
import network.conet.edge.crypto.PgpPublicKey;
import network.conet.edge.crypto.Wallet;
import network.conet.edge.crypto.WalletSignatures;
import network.conet.edge.crypto.internal.NodeKeyRing;
import network.conet.edge.protocol.Envelope;
import network.conet.edge.protocol.EnvelopeBody;
import network.conet.edge.protocol.FrameReader;
import network.conet.edge.protocol.JsonValue;
import network.conet.edge.protocol.KeyId;

/**
 * A private network of one node and one user: the node's directories, keys and configuration, the network's signed
 * file, and the user's side of the wire. The node itself is run by the test.
 */
final class TestNode {
    private static final long START_EPOCH_MILLIS = 1_790_000_000_000L;
    private static final Duration ANSWER_MAX = Duration.ofSeconds(20);

    private final Path directory;
    private final int port;
    private final SecureRandom random = new SecureRandom();
    private final Wallet user = Wallet.generate(random);
    private final PgpPrivateKey userKey;
    private final String nodeWallet;
    private final String nodeKey;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(ANSWER_MAX).build();

    /** Makes keys, network file and configuration below a directory. */
    TestNode(Path directory) throws IOException {
        this.directory = directory;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        userKey = PgpPrivateKey.generate("user", random, START_EPOCH_MILLIS / 1000);
        KeyId nodeKeyId;
        try (NodeKeyRing keys = new NodeKeyRing(
                data().resolve("keys"), random, new Start(), NodeKeyRing.Decryption.onCaller())) {
            nodeKeyId = keys.keyId();
            nodeWallet = keys.wallet().toChecksumString(new WalletSignatures());
            nodeKey = keys.publicKeyArmored();
        }
        Wallet operator = Wallet.generate(random);
        writeNetwork(operator, nodeKeyId);
        configure("chain.mode = file", "chain.operatorWallet = " + operator.address());
    }

    private void writeNetwork(Wallet operator, KeyId nodeKeyId) throws IOException {
        JsonValue node = JsonValue.object().put("keyId", nodeKeyId.toString()).put("wallet", nodeWallet)
                .put("endpoint", "127.0.0.1:" + port).put("publicKey", nodeKey).put("region", "").build();
        JsonValue mailbox = JsonValue.object().put("wallet", user.address().toString())
                .put("keyId", userKey.keyId().toString()).put("publicKey", userKey.publicKey().armored())
                .put("mailboxNode", nodeKeyId.toString()).build();
        String text = JsonValue.object().put("version", 1).put("issuedAt", START_EPOCH_MILLIS / 1000)
                .put("blockSeconds", 2).put("nodes", JsonValue.array(List.of(node)))
                .put("users", JsonValue.array(List.of(mailbox))).build().toString();
        String signature = operator.signPersonal(text.getBytes(StandardCharsets.UTF_8)).toString();
        Files.writeString(data().resolve("network.json"),
                JsonValue.object().put("message", text).put("signature", signature).build().toString());
    }

    /** Writes the configuration: where to listen, quick commits, and the lines given. */
    void configure(String... lines) throws IOException {
        List<String> all = new ArrayList<>(List.of("transport.listen = 127.0.0.1", "transport.port = " + port,
                "storage.quotaMiB = 8", "storage.segmentMiB = 1", "storage.commitWindowMillis = 5"));
        all.addAll(List.of(lines));
        Files.write(config(), all);
    }

    Path data() {
        return directory.resolve("data");
    }

    Path run() {
        return directory.resolve("run");
    }

    Path config() {
        return directory.resolve("conet.conf");
    }

    int port() {
        return port;
    }

    String nodeWallet() {
        return nodeWallet;
    }

    /** What the launcher tells the framework. */
    Map<String, String> properties() {
        return Map.of("conet.data", data().toString(), "conet.run", run().toString(),
                "conet.config", config().toString());
    }

    /** Whether the node answers, with its own wallet. */
    boolean isServing() throws InterruptedException {
        try {
            HttpRequest request = HttpRequest.newBuilder(uri("/nodeWallet")).timeout(ANSWER_MAX).build();
            HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
            return answer.statusCode() == 200 && answer.body().strip().equals(nodeWallet);
        } catch (IOException notYet) {
            return false;
        }
    }

    /** Whether the node's list of nodes and users is loaded: a stranger's mail is then refused for good. */
    boolean hasRoutes() throws Exception {
        return post(sealToStranger()) == 404;
    }

    /** Seals a text to the user. */
    byte[] sealToUser(String text) {
        return sealTo(userKey.publicKey(), text);
    }

    /** Seals to a key that nobody knows. */
    byte[] sealToStranger() {
        return sealTo(PgpPrivateKey.generate("stranger", random, START_EPOCH_MILLIS / 1000).publicKey(), "hello");
    }

    private byte[] sealTo(PgpPublicKey key, String text) {
        return key.encrypt(text.getBytes(StandardCharsets.UTF_8), random);
    }

    /** Posts a sealed message, and gives the status of the answer. */
    int post(byte[] armor) throws Exception {
        return http.send(request(armor), BodyHandlers.ofByteArray()).statusCode();
    }

    /** Listens as the user until so many messages have come, and opens them. */
    List<String> listen(int count) throws Exception {
        String command = JsonValue.object().put("command", "mining").put("listenKind", "chat")
                .put("walletAddress", user.address().toString())
                .put("timestamp", System.currentTimeMillis() / 1000).put("n", random.nextInt(1 << 30))
                .build().toString();
        String signed = JsonValue.object().put("message", command)
                .put("signMessage", user.signPersonal(command.getBytes(StandardCharsets.UTF_8)).toString())
                .build().toString();
        String text = Base64.getEncoder().encodeToString(signed.getBytes(StandardCharsets.UTF_8));
        HttpResponse<InputStream> answer =
                http.send(request(sealTo(PgpPublicKey.parse(nodeKey), text)), BodyHandlers.ofInputStream());
        if (answer.statusCode() != 200) {
            throw new IOException("listening was answered with " + answer.statusCode());
        }
        List<String> opened = new ArrayList<>();
        FrameReader frames = new FrameReader();
        byte[] buffer = new byte[4096];
        try (InputStream in = answer.body()) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                for (JsonValue frame : frames.feed(buffer, 0, read)) {
                    if (frame.string("data").isPresent()) {
                        byte[] armor = frame.string("data").get().getBytes(StandardCharsets.UTF_8);
                        opened.add(new String(userKey.decrypt(armor), StandardCharsets.UTF_8));
                    }
                }
                if (opened.size() >= count) {
                    return opened;
                }
            }
        }
        throw new IOException("the stream ended after " + opened.size() + " messages");
    }

    private HttpRequest request(byte[] armor) throws Exception {
        return HttpRequest.newBuilder(uri("/post")).timeout(ANSWER_MAX)
                .POST(BodyPublishers.ofByteArray(EnvelopeBody.encode(Envelope.of(armor)))).build();
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    /** The time at which keys are made. */
    private static final class Start implements Clock {
        @Override
        public long epochMillis() {
            return START_EPOCH_MILLIS;
        }

        @Override
        public long monotonicNanos() {
            return 0;
        }
    }
}
