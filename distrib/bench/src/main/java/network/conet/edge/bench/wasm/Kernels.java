package network.conet.edge.bench.wasm;

/** An instance of {@code wasm-kernels/work.wasm} in some engine. */
interface Kernels extends AutoCloseable {
    /** Calls an export without parameters; the result, so that the work cannot be left out. */
    int call(String export) throws Exception;

    /** Writes 1 KiB in, lets it be read and changed, reads 1 KiB out. */
    int kibibyte(byte[] input, byte[] output) throws Exception;

    /** Gives back what the collector does not see. */
    @Override
    default void close() {
        // Most engines keep an instance on the heap.
    }
}
