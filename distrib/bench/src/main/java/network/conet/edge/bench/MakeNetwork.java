package network.conet.edge.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import network.conet.edge.crypto.PgpPrivateKey;
import network.conet.edge.crypto.PgpPublicKey;
import network.conet.edge.crypto.Wallet;
import network.conet.edge.crypto.internal.NodeKeyRing;
import network.conet.edge.protocol.JsonValue;
import network.conet.edge.protocol.Plaintext;
import network.conet.edge.protocol.RefusedException;

/**
 * Makes a private network in a directory: keys of the nodes {@code a}, {@code b} and {@code c}, one more entry
 * {@code sink} that is no node but answers 200 to everything, users with mailboxes at {@code b} and at the sink,
 * and the signed file that says so. Prints what the load needs: messages of exact sizes to two users, and one
 * listen command for each listener.
 *
 * <p>Arguments: directory, ports of a, b, c and the sink, number of listeners, sizes of messages in bytes.
 */
public final class MakeNetwork {
    private static final String HOST = "127.0.0.1";

    private final SecureRandom random = new SecureRandom();
    private final RealClock clock = new RealClock();
    private final List<JsonValue> nodes = new ArrayList<>();
    private final List<JsonValue> users = new ArrayList<>();

    private MakeNetwork() {}

    /** Makes the network. */
    public static void main(String[] arguments) throws Exception {
        List<Integer> sizes = new ArrayList<>();
        for (int i = 6; i < arguments.length; i++) {
            sizes.add(Integer.valueOf(arguments[i]));
        }
        List<String> ports = List.of(arguments).subList(1, 5);
        System.out.println(
                new MakeNetwork().make(Path.of(arguments[0]), ports, Integer.parseInt(arguments[5]), sizes));
    }

    private JsonValue make(Path directory, List<String> ports, int listeners, List<Integer> sizes)
            throws IOException {
        node(directory.resolve("a/data/keys"), ports.get(0));
        NodeKeyRing b = node(directory.resolve("b/data/keys"), ports.get(1));
        node(directory.resolve("c/data/keys"), ports.get(2));
        NodeKeyRing sink = node(directory.resolve("sink/keys"), ports.get(3));
        PgpPublicKey stored = user(Wallet.generate(random), b);
        PgpPublicKey swallowed = user(Wallet.generate(random), sink);
        List<JsonValue> live = new ArrayList<>();
        for (int i = 0; i < listeners; i++) {
            live.add(listener(b, sizes.get(0)));
        }
        Wallet operator = Wallet.generate(random);
        write(directory.resolve("network.json"), operator);
        return JsonValue.object()
                .put("operator", operator.address().toString())
                .put("stored", messages(stored, sizes))
                .put("swallowed", messages(swallowed, sizes))
                .put("listeners", JsonValue.array(live))
                .build();
    }

    private NodeKeyRing node(Path keys, String port) throws IOException {
        Files.createDirectories(keys.getParent());
        NodeKeyRing ring = new NodeKeyRing(keys, random, clock, NodeKeyRing.Decryption.onCaller());
        nodes.add(JsonValue.object()
                .put("keyId", ring.keyId().toString())
                .put("wallet", ring.wallet().toString())
                .put("endpoint", HOST + ":" + port)
                .put("publicKey", ring.publicKeyArmored())
                .put("region", "bench")
                .build());
        return ring;
    }

    private PgpPublicKey user(Wallet wallet, NodeKeyRing mailbox) {
        PgpPublicKey key =
                PgpPrivateKey.generate(wallet.address().toString(), random, clock.epochSeconds()).publicKey();
        users.add(JsonValue.object()
                .put("wallet", wallet.address().toString())
                .put("keyId", key.keyId().toString())
                .put("publicKey", key.armored())
                .put("mailboxNode", mailbox.keyId().toString())
                .build());
        return key;
    }

    private JsonValue listener(NodeKeyRing mailbox, int messageBytes) throws IOException {
        Wallet wallet = Wallet.generate(random);
        PgpPublicKey key = user(wallet, mailbox);
        String command = JsonValue.object()
                .put("command", "mining")
                .put("walletAddress", wallet.address().toString())
                .put("timestamp", clock.epochSeconds())
                .build().toString();
        Plaintext.Signed signed = new Plaintext.Signed(
                command, wallet.signPersonal(command.getBytes(StandardCharsets.UTF_8)));
        return JsonValue.object()
                .put("listen", text(seal(mailbox.publicKeyArmored(), Plaintext.encode(signed))))
                .put("message", message(key, messageBytes))
                .build();
    }

    private byte[] seal(String publicKey, byte[] plaintext) throws IOException {
        try {
            return PgpPublicKey.parse(publicKey).encrypt(plaintext, random);
        } catch (RefusedException unreadable) {
            throw new IOException("a key that was just made cannot be read", unreadable);
        }
    }

    private JsonValue messages(PgpPublicKey key, List<Integer> sizes) {
        JsonValue.Builder messages = JsonValue.object();
        for (int size : sizes) {
            messages.put(Integer.toString(size), message(key, size));
        }
        return messages.build();
    }

    /** A sealed message whose armor is as long as can be without being longer than asked. */
    private String message(PgpPublicKey key, int armorBytes) {
        byte[] armor = key.encrypt(new byte[0], random);
        int low = 0;
        int high = armorBytes;
        while (low < high) {
            int middle = (low + high + 1) / 2;
            byte[] plaintext = new byte[middle];
            random.nextBytes(plaintext);
            byte[] longer = key.encrypt(plaintext, random);
            if (longer.length <= armorBytes) {
                low = middle;
                armor = longer;
            } else {
                high = middle - 1;
            }
        }
        return text(armor);
    }

    private void write(Path file, Wallet operator) throws IOException {
        String text = JsonValue.object()
                .put("version", 1)
                .put("issuedAt", clock.epochSeconds())
                .put("blockSeconds", 6)
                .put("nodes", JsonValue.array(nodes))
                .put("users", JsonValue.array(users))
                .build().toString();
        String signature = operator.signPersonal(text.getBytes(StandardCharsets.UTF_8)).toString();
        Files.writeString(file,
                JsonValue.object().put("message", text).put("signature", signature).build().toString());
    }

    private static String text(byte[] armor) {
        return new String(armor, StandardCharsets.US_ASCII);
    }
}
