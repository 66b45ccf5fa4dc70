package network.conet.edge.itest.replay;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import network.conet.edge.api.NodeEntry;
import network.conet.edge.api.UserEntry;
import network.conet.edge.crypto.PgpPrivateKey;
import network.conet.edge.crypto.WalletSignatures;
import network.conet.edge.crypto.internal.NodeKeyRing;
import network.conet.edge.protocol.Endpoint;
import network.conet.edge.protocol.Epoch;
import network.conet.edge.protocol.KeyId;
import network.conet.edge.protocol.WalletAddress;
import network.conet.edge.storage.internal.CommitDriver;
import network.conet.edge.storage.internal.CommitThread;
import network.conet.edge.testkit.SettableClock;

/**
 * The network of the recordings: nodes A, B and C with their recorded keys, as far as a test starts them, and the
 * users, whose mailbox is at B where they have one. Its clock shows the second of the exchange that is replayed.
 */
final class RecordedNetwork implements Closeable {
    /** The entry. */
    static final String A = "127.0.0.2";
    /** The mailbox node of bob and dave. */
    static final String B = "127.0.0.3";
    /** The other entry. */
    static final String C = "127.0.0.4";

    private static final NodeKeyRing.Decryption DECRYPTION = new NodeKeyRing.Decryption(2, 64);

    private final SettableClock clock = new SettableClock(
            TimeUnit.SECONDS.toMillis(Recording.of("01").epochSeconds().orElseThrow()));
    private final TestNetwork table = new TestNetwork();
    private final Path directory;
    private final Map<String, NodeKeyRing> keys = new HashMap<>();
    private final Map<String, InetSocketAddress> addresses = new HashMap<>();
    private final Deque<Closeable> open = new ArrayDeque<>();

    /** @param directory for all volumes */
    RecordedNetwork(Path directory) {
        this.directory = directory;
        RecordedKeys.NODES.forEach((host, known) -> {
            NodeKeyRing ring = new NodeKeyRing(known.wallet(), known.key(), new SecureRandom(), DECRYPTION);
            keys.put(host, ring);
            open.push(ring);
        });
        RecordedKeys.USERS.forEach((name, known) -> {
            Optional<KeyId> mailbox = name.equals("bob") || name.equals("dave")
                    ? Optional.of(keys.get(B).keyId()) : Optional.empty();
            table.put(new UserEntry(known.wallet().address(), known.key().keyId(),
                    known.key().publicKey().armored(), mailbox));
        });
    }

    /** Starts a node of ours. */
    TestNode start(String host) throws IOException {
        return start(host, new CommitThread());
    }

    /** Starts a node of ours that writes when the driver says so. */
    TestNode start(String host, CommitDriver driver) throws IOException {
        TestNode node = new TestNode(keys.get(host), table, clock, directory.resolve(host), host, driver);
        open.push(node);
        addresses.put(host, node.address());
        return node;
    }

    /** Puts a node in its place that does only what the test does with its socket. */
    ScriptedNode script(String host) throws IOException {
        ScriptedNode node = new ScriptedNode(host);
        open.push(node);
        NodeKeyRing ring = keys.get(host);
        table.put(new NodeEntry(ring.keyId(), ring.wallet(), new Endpoint(host, node.port()),
                ring.publicKeyArmored(), ""));
        return node;
    }

    /** Lists a node, as the directory had it, that cannot be reached. */
    void list(String host) {
        NodeKeyRing ring = keys.get(host);
        table.put(new NodeEntry(ring.keyId(), ring.wallet(), new Endpoint(host, 1), ring.publicKeyArmored(), ""));
    }

    /** Adds a user of B, with a new key: one whose keys no recording holds. */
    PgpPrivateKey addUser(String wallet) {
        PgpPrivateKey key = PgpPrivateKey.generate(wallet, new SecureRandom(), clock.epochSeconds());
        table.put(new UserEntry(WalletAddress.parse(wallet, new WalletSignatures()).orElseThrow(), key.keyId(),
                key.publicKey().armored(), Optional.of(keys.get(B).keyId())));
        return key;
    }

    /** The beat that was recorded: the rig's rate and totals at a block. */
    static Epoch epoch(long number) {
        return new Epoch(number, 0.5, 10, 20);
    }

    SettableClock clock() {
        return clock;
    }

    TestUser user(String name) {
        return new TestUser(RecordedKeys.USERS.get(name).wallet());
    }

    KeyId keyId(String user) {
        return RecordedKeys.USERS.get(user).key().keyId();
    }

    /** Sends a recorded request to the node that it was sent to, in its second. */
    RawClient send(Recording recording) throws IOException {
        return send(recording, recording.host(), recording.request());
    }

    /** Sends to B what reached it, in its second. */
    RawClient sendToB(Recording recording) throws IOException {
        return send(recording, B, recording.sentToB());
    }

    /** Sends any request. */
    RawClient send(String host, byte[] request) throws IOException {
        RawClient client = new RawClient(addresses.get(host));
        open.push(client);
        return client.send(request);
    }

    private RawClient send(Recording recording, String host, byte[] request) throws IOException {
        recording.epochSeconds().ifPresent(second -> clock.jumpTo(TimeUnit.SECONDS.toMillis(second)));
        return send(host, request);
    }

    @Override
    public void close() throws IOException {
        while (!open.isEmpty()) {
            open.pop().close();
        }
    }
}
