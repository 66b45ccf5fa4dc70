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
import network.conet.edge.protocol.Hash256;
import network.conet.edge.protocol.JsonValue;
import network.conet.edge.protocol.KeyId;

/**
 * A private network of one node and its users: the node's directories, keys and configuration, the network's signed
 * file, and the users' side of the wire. The node itself is run by the test.
 */
final class TestNode {
    private static final long START_EPOCH_MILLIS = 1_790_000_000_000L;
    private static final Duration ANSWER_MAX = Duration.ofSeconds(20);

    private final Path directory;
    private final int port;
    private final SecureRandom random = new SecureRandom();
    private final List<User> users = new ArrayList<>();
    private final String nodeWallet;
    private final String nodeKey;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(ANSWER_MAX).build();

    private record User(Wallet wallet, PgpPrivateKey key) {}

    /** A node with one user. */
    TestNode(Path directory) throws IOException {
        this(directory, 1);
    }

    /**
     * Makes keys, network file and configuration below a directory.
     *
     * @param userCount how many users have their mailbox at the node
     * @param settings lines of the configuration beside the usual ones
     */
    TestNode(Path directory, int userCount, String... settings) throws IOException {
        this.directory = directory;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        for (int i = 0; i < userCount; i++) {
            users.add(new User(Wallet.generate(random),
                    PgpPrivateKey.generate("user", random, START_EPOCH_MILLIS / 1000)));
        }
        KeyId nodeKeyId;
        try (NodeKeyRing keys = new NodeKeyRing(
                data().resolve("keys"), random, new Start(), NodeKeyRing.Decryption.onCaller())) {
            nodeKeyId = keys.keyId();
            nodeWallet = keys.wallet().toChecksumString(new WalletSignatures());
            nodeKey = keys.publicKeyArmored();
        }
        Wallet operator = Wallet.generate(random);
        writeNetwork(operator, nodeKeyId);
        List<String> lines = new ArrayList<>(
                List.of("chain.mode = file", "chain.operatorWallet = " + operator.address()));
        lines.addAll(List.of(settings));
        configure(lines.toArray(String[]::new));
    }

    private void writeNetwork(Wallet operator, KeyId nodeKeyId) throws IOException {
        JsonValue node = JsonValue.object().put("keyId", nodeKeyId.toString()).put("wallet", nodeWallet)
                .put("endpoint", "127.0.0.1:" + port).put("publicKey", nodeKey).put("region", "").build();
        List<JsonValue> mailboxes = users.stream().map(user -> JsonValue.object()
                .put("wallet", user.wallet.address().toString()).put("keyId", user.key.keyId().toString())
                .put("publicKey", user.key.publicKey().armored()).put("mailboxNode", nodeKeyId.toString()).build())
                .toList();
        String text = JsonValue.object().put("version", 1).put("issuedAt", START_EPOCH_MILLIS / 1000)
                .put("blockSeconds", 2).put("nodes", JsonValue.array(List.of(node)))
                .put("users", JsonValue.array(mailboxes)).build().toString();
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

    /** The node's process, not started yet. What it prints goes to the files {@code out} and {@code err}. */
    ProcessBuilder process(Path distribution, String... options) {
        List<String> command = new ArrayList<>(List.of(distribution.resolve("bin/conet-edge").toString(),
                "--data", data().toString(), "--run", run().toString(), "--config", config().toString()));
        command.addAll(List.of(options));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("CONET_JAVA", Path.of(System.getProperty("java.home"), "bin/java").toString());
        return builder.redirectOutput(directory.resolve("out").toFile())
                .redirectError(directory.resolve("err").toFile());
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

    /** The mailbox of a user. */
    KeyId mailbox(int user) {
        return users.get(user).key.keyId();
    }

    /** Seals a text to the first user. */
    byte[] sealToUser(String text) {
        return sealToUser(0, text);
    }

    byte[] sealToUser(int user, String text) {
        return sealTo(users.get(user).key.publicKey(), text);
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

    /** Acknowledges a message as a user. */
    HttpResponse<String> acknowledge(int user, Hash256 armorHash) throws Exception {
        byte[] command = command(user, JsonValue.object().put("command", "gossip_delivery_ack")
                .put("armorHash", armorHash.toString()));
        return http.send(request(command), BodyHandlers.ofString());
    }

    /** Begins to listen as a user; ends when the node does. */
    InputStream openMail(int user) throws Exception {
        byte[] command = command(user, JsonValue.object().put("command", "mining").put("listenKind", "chat")
                .put("n", random.nextInt(1 << 30)));
        HttpResponse<InputStream> answer = open(command);
        if (answer.statusCode() != 200) {
            throw new IOException("listening was answered with " + answer.statusCode());
        }
        return answer.body();
    }

    /** Signs a command as a user and seals it to the node. */
    private byte[] command(int user, JsonValue.Builder members) throws Exception {
        Wallet wallet = users.get(user).wallet;
        return command(wallet, members.put("walletAddress", wallet.address().toString())
                .put("timestamp", System.currentTimeMillis() / 1000).build().toString());
    }

    /** Signs a command, complete as it is, and seals it to the node. */
    byte[] command(Wallet wallet, String command) throws Exception {
        String signed = JsonValue.object().put("message", command)
                .put("signMessage", wallet.signPersonal(command.getBytes(StandardCharsets.UTF_8)).toString())
                .build().toString();
        String text = Base64.getEncoder().encodeToString(signed.getBytes(StandardCharsets.UTF_8));
        return sealTo(PgpPublicKey.parse(nodeKey), text);
    }

    /** Posts a sealed command, and gives the answer as it comes. */
    HttpResponse<InputStream> open(byte[] armor) throws Exception {
        return http.send(request(armor), BodyHandlers.ofInputStream());
    }

    /** Listens as the first user until so many messages have come, and opens them. */
    List<String> listen(int count) throws Exception {
        List<String> opened = new ArrayList<>();
        FrameReader frames = new FrameReader();
        byte[] buffer = new byte[4096];
        try (InputStream in = openMail(0)) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                for (JsonValue frame : frames.feed(buffer, 0, read)) {
                    if (frame.string("data").isPresent()) {
                        byte[] armor = frame.string("data").get().getBytes(StandardCharsets.UTF_8);
                        opened.add(new String(users.get(0).key.decrypt(armor), StandardCharsets.UTF_8));
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
