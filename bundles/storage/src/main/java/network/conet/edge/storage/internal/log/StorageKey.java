package network.conet.edge.storage.internal.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import network.conet.edge.api.Volume;

/**
 * The node's secret of what lies on its medium. Without it the files tell sizes and times, but not whose messages
 * they are: the mailbox ids are blinded (HMAC-SHA256, RFC 2104, cut to 64 bits), and payloads, which name their
 * recipient in their first packet, are masked by a {@link Mask}. Safe for use by many threads.
 */
public final class StorageKey {
    /** Length of the secret in bytes. */
    public static final int BYTES = 32;

    private static final String HMAC = "HmacSHA256";
    private static final byte BLIND = 1;
    private static final byte CHECK = 2;
    private static final byte SEGMENT = 3;
    private static final byte SNAPSHOT = 4;

    private final SecretKeySpec key;
    private final Mac blinding;
    private final int check;

    private StorageKey(byte[] secret) {
        key = new SecretKeySpec(secret, HMAC);
        blinding = mac();
        check = ByteBuffer.wrap(derive(CHECK, 0, 0)).getInt();
    }

    /**
     * @param secret 32 random bytes; copied
     * @throws IllegalArgumentException when the length is another
     */
    public static StorageKey of(byte[] secret) {
        if (secret.length != BYTES) {
            throw new IllegalArgumentException("a storage key has " + BYTES + " bytes, not " + secret.length);
        }
        return new StorageKey(Arrays.copyOf(secret, BYTES));
    }

    /**
     * Whether files of a volume were written with a key, so that it cannot be done without.
     *
     * @throws IOException when the volume cannot be read
     */
    public static boolean isNeeded(Volume volume) throws IOException {
        for (String name : volume.list()) {
            if (Segment.numberOf(name).isPresent()) {
                try (Volume.File file = volume.open(name)) {
                    ByteBuffer bytes = ByteBuffer.allocate(SegmentHeader.BYTES);
                    int length = file.read(bytes, 0);
                    boolean isValid = SegmentHeader.kindOf(bytes, length) == SegmentHeader.Kind.VALID;
                    if (isValid && SegmentHeader.readFrom(bytes).isMasked()) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    /** The name of a mailbox on the medium and in the index. */
    public long blind(long mailbox) {
        ByteBuffer input = ByteBuffer.allocate(1 + Long.BYTES).put(BLIND).putLong(mailbox);
        synchronized (blinding) {
            return ByteBuffer.wrap(blinding.doFinal(input.array())).getLong();
        }
    }

    /** Tells in a segment's header which key it was written with; says nothing about the key. */
    int check() {
        return check;
    }

    /** The mask of one life of a segment. */
    Mask mask(long salt, long generation) {
        return new Mask(derive(SEGMENT, salt, generation));
    }

    /**
     * A file whose content is masked as a whole. Positions are multiples of 64, buffers have arrays, and no place is
     * written twice with one salt.
     *
     * @param salt new for each life of the file
     */
    public Volume.File masked(Volume.File file, long salt) {
        return new MaskedFile(file, new Mask(derive(SNAPSHOT, salt, 0)));
    }

    private byte[] derive(byte purpose, long first, long second) {
        return mac().doFinal(ByteBuffer.allocate(1 + 2 * Long.BYTES).put(purpose).putLong(first).putLong(second)
                .array());
    }

    private Mac mac() {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(key);
            return mac;
        } catch (GeneralSecurityException impossible) {
            throw new AssertionError("every Java has HmacSHA256", impossible);
        }
    }
}
