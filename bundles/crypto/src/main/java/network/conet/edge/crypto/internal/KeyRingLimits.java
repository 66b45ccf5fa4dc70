package network.conet.edge.crypto.internal;

/** The bounds of the key ring. */
final class KeyRingLimits {
    /** Threads that decrypt. A message takes a tenth of a millisecond; more threads only take memory. */
    static final int THREADS_MAX = 2;
    /** Messages that wait for one of them. Their bytes are counted where they were received. */
    static final int QUEUE_MAX = 64;
    /** Decryption is not recursive. */
    static final int STACK_BYTES = 256 * 1024;
    /** The secret's file: 64 digits and a line feed; an editor may have added a little. */
    static final int SECRET_FILE_BYTES_MAX = 128;
    /** A key file. */
    static final int KEY_FILE_BYTES_MAX = 64 * 1024;

    private KeyRingLimits() {}
}
