package network.conet.edge.itest;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import network.conet.edge.crypto.Wallet;
import network.conet.edge.protocol.JsonValue;
import network.conet.edge.protocol.ReplyKey;
import network.conet.edge.protocol.ReplyReader;
import network.conet.edge.protocol.service.ServiceBundle;
import network.conet.edge.protocol.service.ServiceCall;
import network.conet.edge.protocol.service.ServiceCommands;
import network.conet.edge.protocol.service.ServiceName;

/**
 * A node that takes services, and those around it: their publisher, the owner of the node, callers. All talk to it over
 * the wire or through its directory. Each version of a service answers with eight characters of its own.
 */
final class TestServices {
    private static final Path MODULE = Repository.ROOT.resolve(
            "bundles/services/src/test/resources/network/conet/edge/services/named.wasm");
    private static final String PLACE = "version?";

    private final SecureRandom random = new SecureRandom();
    private final Wallet publisher = Wallet.generate(random);
    private final Wallet owner = Wallet.generate(random);
    private final Wallet caller = Wallet.generate(random);
    private final AtomicLong serial = new AtomicLong();
    private final TestNode node;

    /** @param outcome the last piece of the reply */
    record Reply(String text, JsonValue outcome) {
        boolean isOk() {
            return outcome.member("ok").equals(Optional.of(JsonValue.of(true)));
        }

        /** Why not, or nothing. */
        String reason() {
            return outcome.string("reason").orElse("");
        }
    }

    TestServices(Path directory) throws IOException {
        node = new TestNode(directory, 1, "services.publishers = " + publisher.address(),
                "services.owners = " + owner.address());
        Files.createDirectories(node.run());
    }

    TestNode node() {
        return node;
    }

    /** What the launcher tells the framework; File Install looks more often. */
    Map<String, String> properties() {
        Map<String, String> all = new HashMap<>(node.properties());
        all.put("felix.fileinstall.dir", node.data().resolve("services").toString());
        all.put("felix.fileinstall.filter", ".*\\.conet");
        all.put("felix.fileinstall.poll", "100");
        all.put("felix.fileinstall.noInitialDelay", "true");
        all.put("felix.fileinstall.enableConfigSave", "false");
        all.put("felix.fileinstall.tmpdir", node.run().resolve("fileinstall").toString());
        return all;
    }

    /** A bundle that nobody signed. */
    static ServiceBundle unsigned(String name, String version, String eight) throws Exception {
        String manifest = "{\"name\":\"" + name + "\",\"version\":\"" + version + "\"}";
        // One character is one byte in both directions.
        String wasm = Files.readString(MODULE, StandardCharsets.ISO_8859_1).replace(PLACE, eight);
        return ServiceBundle.of(manifest.getBytes(StandardCharsets.UTF_8),
                wasm.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** A bundle of the node's publisher, packed. */
    byte[] bundle(String name, String version, String eight) throws Exception {
        ServiceBundle unsigned = unsigned(name, version, eight);
        return unsigned.with(new ServiceBundle.Signed(publisher.address(),
                publisher.signPersonal(unsigned.signedText()))).toJar();
    }

    /** Puts a file into the directory of services, whole at once. */
    void drop(String file, byte[] contents) throws IOException {
        Path place = dropped(file);
        Files.createDirectories(place.getParent());
        Path unfinished = place.resolveSibling(file + ".new");
        Files.write(unfinished, contents);
        Files.move(unfinished, place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** The place of a file in that directory. */
    Path dropped(String file) {
        return node.data().resolve("services").resolve(file);
    }

    /** Calls the current version of a service. */
    Reply call(String service) throws Exception {
        return call(caller, service);
    }

    Reply call(Wallet wallet, String service) throws Exception {
        ReplyKey key = replyKey();
        ServiceCall call = new ServiceCall(new ServiceName(service), Optional.empty(), new byte[0], key);
        return reply(wallet, call.encode(wallet.address(), now(), nonce()), key);
    }

    /** Sends a command of the owner. */
    Reply manage(String command, Map<String, JsonValue> members) throws Exception {
        ReplyKey key = replyKey();
        JsonValue.Builder json = ServiceCommands.begin(command, owner.address(), now(), nonce(), key);
        members.forEach(json::put);
        return reply(owner, json.build().toString(), key);
    }

    /** Installs or updates by command. */
    Reply manage(String command, byte[] bundle) throws Exception {
        return manage(command, Map.of("bundle", JsonValue.of(Base64.getEncoder().encodeToString(bundle))));
    }

    private Reply reply(Wallet wallet, String command, ReplyKey key) throws Exception {
        HttpResponse<InputStream> answer = node.open(node.command(wallet, command));
        if (answer.statusCode() != 200) {
            throw new IOException("answered with " + answer.statusCode());
        }
        try (InputStream in = answer.body()) {
            ByteArrayOutputStream text = new ByteArrayOutputStream();
            JsonValue outcome = new ReplyReader(key, in).readTo(text);
            return new Reply(text.toString(StandardCharsets.UTF_8), outcome);
        }
    }

    private ReplyKey replyKey() {
        byte[] bytes = new byte[ReplyKey.BYTES];
        random.nextBytes(bytes);
        return ReplyKey.of(bytes);
    }

    private String nonce() {
        return Long.toString(serial.incrementAndGet());
    }

    private static long now() {
        return System.currentTimeMillis() / 1000;
    }

    /** Whether a service answers so now. */
    boolean answers(String service, String eight) throws Exception {
        return call(service).text().equals(eight);
    }

    /** What the node says of itself. */
    String status() throws IOException {
        Path status = node.run().resolve("status.json");
        return Files.exists(status) ? Files.readString(status) : "";
    }
}
