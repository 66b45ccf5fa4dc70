package network.conet.edge.services.engine;

import network.conet.edge.protocol.RefusedException;
import network.conet.edge.services.wasm.MeteredModule;

/**
 * Makes metered modules runnable. Takes nothing else, so that no guest ever runs uncounted. Safe for use by many
 * threads.
 */
public interface WasmEngine {
    /**
     * Compiles a module, or takes what was compiled before from the cache. Takes up to seconds on small boards.
     *
     * @throws RefusedException MODULE_UNSUPPORTED when the engine cannot read what the check let pass
     */
    WasmProgram load(MeteredModule module) throws RefusedException;
}
