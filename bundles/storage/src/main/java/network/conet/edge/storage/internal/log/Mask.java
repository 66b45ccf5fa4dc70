package network.conet.edge.storage.internal.log;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.util.concurrent.ArrayBlockingQueue;
import javax.crypto.Cipher;
import javax.crypto.ShortBufferException;
import javax.crypto.spec.ChaCha20ParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Masks the payloads of one life of a segment with ChaCha20 (RFC 8439, section 2.4): the key is this life's own, the
 * nonce is the record's offset. No offset is written twice in one life, so no part of the key stream is used twice,
 * but where {@link LogOpener} goes on behind a torn tail that it wiped.
 * The mask hides, it does not prove; what proves is the record's checksum and, inside, the message's own seal.
 * Safe for use by many threads.
 */
final class Mask {
    /** Changes nothing: segments of format version 1. */
    static final Mask NONE = new Mask(null);

    private static final ArrayBlockingQueue<Cipher> CIPHERS = new ArrayBlockingQueue<>(LogLimits.CIPHERS_MAX);
    private static final int NONCE_BYTES = 12;
    /** Bytes of the key stream that one block gives. */
    static final int BLOCK_BYTES = 64;

    private final SecretKeySpec key;

    /** @param key 32 bytes, or null for no mask */
    Mask(byte[] key) {
        this.key = key == null ? null : new SecretKeySpec(key, "ChaCha20");
    }

    /** The stream for the payload of the record at an offset. Masking and unmasking are the same. */
    Stream stream(long offset) {
        return stream(offset, 0);
    }

    /** The same from a block of {@link #BLOCK_BYTES} on. */
    Stream stream(long offset, int block) {
        if (key == null) {
            return new Stream(null);
        }
        try {
            byte[] nonce = ByteBuffer.allocate(NONCE_BYTES).putLong(Integer.BYTES, offset).array();
            return new Stream(cipher(new ChaCha20ParameterSpec(nonce, block)));
        } catch (GeneralSecurityException impossible) {
            throw new AssertionError("every Java since 11 has ChaCha20", impossible);
        }
    }

    private Cipher cipher(ChaCha20ParameterSpec start) throws GeneralSecurityException {
        Cipher pooled = CIPHERS.poll();
        if (pooled != null) {
            try {
                pooled.init(Cipher.DECRYPT_MODE, key, start);
                return pooled;
            } catch (InvalidKeyException isTheSameAgain) {
                CIPHERS.offer(pooled); // it last read this very record, and refuses to begin anew
            }
        }
        Cipher cipher = Cipher.getInstance("ChaCha20");
        cipher.init(Cipher.DECRYPT_MODE, key, start); // a stream cipher is its own inverse
        return cipher;
    }

    /** One pass over a payload, from its begin. Not thread safe. */
    static final class Stream implements AutoCloseable {
        private final Cipher cipher;

        private Stream(Cipher cipher) {
            this.cipher = cipher;
        }

        /** The next {@code count} bytes, from one array to another or the same. */
        void next(byte[] from, int fromIndex, int count, byte[] to, int toIndex) {
            if (cipher == null) {
                System.arraycopy(from, fromIndex, to, toIndex, count);
            } else if (count > 0) {
                try {
                    cipher.update(from, fromIndex, count, to, toIndex);
                } catch (ShortBufferException impossible) {
                    throw new AssertionError("a stream cipher gives what it takes", impossible);
                }
            }
        }

        @Override
        public void close() {
            if (cipher != null) {
                CIPHERS.offer(cipher);
            }
        }
    }
}
