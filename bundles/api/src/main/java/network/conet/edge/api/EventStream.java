package network.conet.edge.api;

/**
 * An answer that stays open. Frames are written in order and whole. All methods may be called from any thread
 * and never wait.
 */
public interface EventStream {
    /**
     * Queues a frame for the socket.
     *
     * @param frame the bytes, with their separator; not changed afterwards
     * @return whether the stream is still open and its buffer below the high-water mark; when false, the writer
     *     waits for {@link Events#writable()} or {@link Events#closed()}. The frame is queued in either case unless
     *     the stream is closed.
     */
    boolean write(byte[] frame);

    /** Whether the stream is open and below its high-water mark. */
    boolean isWritable();

    /** Ends the stream after what is queued. {@link Events#closed()} follows. */
    void close();

    /** What happens to the stream. Called on one thread at a time, in order. */
    interface Events {
        /** The buffer has drained below the low-water mark. */
        void writable();

        /**
         * The stream has ended, by either side, or because the peer read nothing for the transport's drain time.
         * Called exactly once.
         */
        void closed();
    }
}
