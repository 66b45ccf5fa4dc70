package network.conet.edge.services.engine;

import java.util.List;

/** A module that is ready to be instantiated, any number of times, by any threads. */
public interface WasmProgram {
    /**
     * A fresh instance; its start function, if it has one, has run.
     *
     * @param imports one for each import of the module
     * @param memoryPagesMax pages of 64 KiB that its memory may grow to
     * @throws WasmTrap when the start function or a segment traps
     */
    WasmInstance instantiate(List<HostImport> imports, int memoryPagesMax) throws WasmTrap;
}
