package network.conet.edge.relay.internal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import network.conet.edge.protocol.KeyId;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.RefusedException;

/** Messages that look sealed: a real session key packet with the recipient's id, and the plaintext behind it. */
final class FakeSeal {
    private static final String BEGIN = "-----BEGIN PGP MESSAGE-----\n\n";
    private static final String END = "\n-----END PGP MESSAGE-----\n";
    private static final int HEAD_BYTES = 12;
    private static final byte SESSION_KEY_PACKET = (byte) 0xC1;
    private static final byte SEALED_PACKET = (byte) 0xD2;

    private FakeSeal() {}

    /** Armored text as clients post it, with its trailing line end. */
    static byte[] seal(KeyId recipient, byte[] plaintext) {
        byte[] message = ByteBuffer.allocate(HEAD_BYTES + 1 + plaintext.length)
                .put(SESSION_KEY_PACKET).put((byte) 10).put((byte) 3).putLong(recipient.value()).put((byte) 18)
                .put(SEALED_PACKET).put(plaintext)
                .array();
        String text = BEGIN + Base64.getMimeEncoder(60, new byte[] {'\n'}).encodeToString(message) + END;
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    static byte[] seal(KeyId recipient, String plaintext) {
        return seal(recipient, plaintext.getBytes(StandardCharsets.UTF_8));
    }

    /** The plaintext, for who has the key. */
    static byte[] open(KeyId ours, byte[] armor) throws RefusedException {
        String text = new String(armor, StandardCharsets.US_ASCII);
        String base64 = text.substring(BEGIN.length(), text.indexOf(END.trim()));
        ByteBuffer message = ByteBuffer.wrap(Base64.getMimeDecoder().decode(base64));
        if (message.remaining() <= HEAD_BYTES || message.getLong(3) != ours.value()
                || message.get(HEAD_BYTES) != SEALED_PACKET) {
            throw new RefusedException(RefuseReason.DECRYPT_FAILED);
        }
        byte[] plaintext = new byte[message.remaining() - HEAD_BYTES - 1];
        message.position(HEAD_BYTES + 1).get(plaintext);
        return plaintext;
    }
}
