package network.conet.edge.protocol;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * One sealed message as it travels: ASCII armor, and the key id it is routed by. Nodes see nothing else of it
 * (sections 3.1 and 4.1).
 */
public final class Envelope {
    private final byte[] armor;
    private final KeyId keyId;
    /** The body it came in, when that is what would be written of it again; else null. */
    private final byte[] body;
    /** Computed when first asked for. A race computes it twice, to the same value. */
    private Hash256 armorHash;

    private Envelope(byte[] armor, KeyId keyId, byte[] body) {
        this.armor = armor;
        this.keyId = keyId;
        this.body = body;
    }

    /**
     * @param armor exactly the bytes to be hashed, stored and sent on; owned by the envelope from now on
     * @throws RefusedException ARMOR_TOO_LARGE, ARMOR_MALFORMED or KEY_ID_MISSING
     */
    public static Envelope of(byte[] armor) throws RefusedException {
        if (armor.length > ProtocolLimits.ARMOR_BYTES_MAX
                || EnvelopeBody.encodedLength(armor) > ProtocolLimits.BODY_BYTES_MAX) {
            throw new RefusedException(RefuseReason.ARMOR_TOO_LARGE);
        }
        return new Envelope(armor, ArmorScanner.keyId(armor), null);
    }

    /**
     * {@link #of(byte[])} of what a body of at most {@link ProtocolLimits#BODY_BYTES_MAX} holds.
     *
     * @param body exactly what {@link EnvelopeBody#encode} would write of the armor
     */
    static Envelope ofBody(byte[] armor, byte[] body) throws RefusedException {
        if (armor.length > ProtocolLimits.ARMOR_BYTES_MAX) {
            throw new RefusedException(RefuseReason.ARMOR_TOO_LARGE);
        }
        return new Envelope(armor, ArmorScanner.keyId(armor), body);
    }

    /** {@link #of(byte[])} of a text found inside a layer: what stands behind its END line is cut off. */
    static Envelope ofLayer(String text) throws RefusedException {
        int begin = text.indexOf(ArmorScanner.BEGIN);
        int end = text.indexOf(ArmorScanner.END);
        if (begin < 0 || end < begin) {
            throw new RefusedException(RefuseReason.ARMOR_MALFORMED);
        }
        String cut = text.substring(begin, end + ArmorScanner.END.length());
        return of(cut.getBytes(StandardCharsets.UTF_8));
    }

    /** This message as a layer or mailbox work carries it: without what stands behind its END line. */
    public Envelope cut() {
        int length = ArmorScanner.trimmedLength(armor);
        return length == armor.length ? this : new Envelope(Arrays.copyOf(armor, length), keyId, null);
    }

    /** The body it came in if it can be sent on as it is, else null. Not to be changed. */
    byte[] body() {
        return body;
    }

    /** The armor. Not to be changed. */
    public byte[] armor() {
        return armor;
    }

    /**
     * By this the message is known: hop signatures, acknowledgements and copies name it (sections 3.6 and 4.1).
     *
     * @param keccak computes it, once
     */
    public Hash256 armorHash(Keccak256 keccak) {
        Hash256 known = armorHash;
        if (known == null) {
            known = keccak.hash(armor);
            armorHash = known;
        }
        return known;
    }

    /** The key the message is sealed to; {@link KeyId#isAnonymous()} when the message does not say. */
    public KeyId keyId() {
        return keyId;
    }
}
