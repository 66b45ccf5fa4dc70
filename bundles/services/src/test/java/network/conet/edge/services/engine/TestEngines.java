package network.conet.edge.services.engine;

/** Engines for tests of other packages. */
public final class TestEngines {
    private TestEngines() {}

    /** As it ships, without a cache. */
    public static WasmEngine compiling() {
        return new ChicoryEngine(CompileCache.none());
    }

    /** The fallback. */
    public static WasmEngine interpreting() {
        return new ChicoryEngine(CompileCache.none(), false);
    }
}
