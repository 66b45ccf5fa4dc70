package network.conet.edge.itest.replay;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import network.conet.edge.crypto.PgpPrivateKey;
import network.conet.edge.crypto.Wallet;
import network.conet.edge.protocol.JsonValue;

/**
 * The keys of one recorded node or user, made for the recordings only.
 *
 * @param wallet who it is
 * @param key what messages to it are sealed to
 */
record RecordedKeys(Wallet wallet, PgpPrivateKey key) {
    /** The nodes, by their address. */
    static final Map<String, RecordedKeys> NODES = read("nodes", "ip");
    /** The users, by their name. */
    static final Map<String, RecordedKeys> USERS = read("users", "name");

    /** Read once: the nodes' passphrases take their time. */
    private static Map<String, RecordedKeys> read(String kind, String nameMember) {
        Map<String, RecordedKeys> keys = new LinkedHashMap<>();
        for (JsonValue holder : Recording.json("keys.json").member(kind).orElseThrow().elements()) {
            byte[] wallet = HexFormat.of().parseHex(text(holder, "walletKey").substring(2));
            char[] passphrase = holder.string("passphrase").orElse("").toCharArray();
            try {
                keys.put(text(holder, nameMember), new RecordedKeys(Wallet.of(wallet),
                        PgpPrivateKey.load(text(holder, "pgpPrivate"), passphrase)));
            } catch (IOException unreadable) {
                throw new UncheckedIOException(unreadable);
            }
        }
        return keys;
    }

    private static String text(JsonValue holder, String name) {
        return holder.string(name).orElseThrow();
    }
}
