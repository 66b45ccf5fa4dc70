package network.conet.edge.itest.replay;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import network.conet.edge.api.KeyRing;
import network.conet.edge.crypto.PgpPublicKey;
import network.conet.edge.crypto.Wallet;
import network.conet.edge.crypto.WalletSignatures;
import network.conet.edge.protocol.CommandCodec;
import network.conet.edge.protocol.JsonValue;
import network.conet.edge.protocol.Plaintext;
import network.conet.edge.protocol.RefusedException;

/**
 * A user, who signs what no recording holds.
 *
 * @param wallet who it is
 */
record TestUser(Wallet wallet) {
    /** A posted message that is already sealed. */
    static byte[] post(byte[] armor) {
        String body = JsonValue.object().put("data", new String(armor, StandardCharsets.US_ASCII)).build().toString();
        return ("POST /post HTTP/1.1\r\nHost: node\r\nContent-Type: application/json;charset=UTF-8\r\nContent-Length: "
                + body.length() + "\r\n\r\n" + body).getBytes(StandardCharsets.US_ASCII);
    }

    /** Listens for mail at a node. */
    byte[] listen(KeyRing node, long epochSeconds) throws RefusedException {
        return command(node, JsonValue.object().put("command", CommandCodec.MINING).put("listenKind", "chat")
                .put("walletAddress", wallet.address().toString()).put("timestamp", epochSeconds));
    }

    /** Acknowledges a message. */
    byte[] acknowledge(KeyRing node, String armor, long epochSeconds) throws RefusedException {
        String hash = new WalletSignatures().hash(armor.getBytes(StandardCharsets.US_ASCII)).toString();
        return command(node, JsonValue.object().put("command", CommandCodec.DELIVERY_ACK).put("armorHash", hash)
                .put("walletAddress", wallet.address().toString()).put("timestamp", epochSeconds));
    }

    private byte[] command(KeyRing node, JsonValue.Builder command) throws RefusedException {
        String message = command.build().toString();
        Plaintext.Signed signed =
                new Plaintext.Signed(message, wallet.signPersonal(message.getBytes(StandardCharsets.UTF_8)));
        return post(PgpPublicKey.parse(node.publicKeyArmored())
                .encrypt(Plaintext.encode(signed), new SecureRandom()));
    }
}
