package network.conet.edge.bench.wasm;

/** An engine under measurement. */
interface WasmSubject extends AutoCloseable {
    /** Makes a module ready to be instantiated; a second time from the engine's cache, if it has one. */
    void load(byte[] wasm) throws Exception;

    /** A fresh instance of what was loaded. */
    Kernels instance() throws Exception;

    @Override
    void close();
}
