package network.conet.edge.services.wasm;

import java.util.List;
import java.util.Map;
import network.conet.edge.protocol.Hash256;

/**
 * A module that was checked and whose fuel is counted. Only {@link Meter} makes one.
 */
public final class MeteredModule {
    /** Export of the injected global. */
    public static final String FUEL_EXPORT = "conet.fuel";

    private final byte[] wasm;
    private final Hash256 sha256;
    private final List<WasmImport> imports;
    private final Map<String, WasmType> functions;
    private final int memoryPages;
    private final int memoryPagesMax;
    private final boolean isMemoryExported;

    MeteredModule(byte[] wasm, Hash256 sha256, ModuleParts parts) {
        this.wasm = wasm;
        this.sha256 = sha256;
        this.imports = List.copyOf(parts.imports);
        this.functions = Map.copyOf(parts.exportedFunctions());
        this.memoryPages = parts.memoryPages;
        this.memoryPagesMax = parts.memoryPagesMax;
        this.isMemoryExported = parts.exportsMemory("memory");
    }

    /** The rewritten module; not to be changed. */
    public byte[] wasm() {
        return wasm;
    }

    /** SHA-256 of the rewritten module: what a cache of compiled code is keyed by. */
    public Hash256 sha256() {
        return sha256;
    }

    /** What it wants of its host. */
    public List<WasmImport> imports() {
        return imports;
    }

    /** Its exported functions. */
    public Map<String, WasmType> functions() {
        return functions;
    }

    /** Pages that its memory begins with; 0 without a memory. */
    public int memoryPages() {
        return memoryPages;
    }

    /** Pages that it may grow to by its own word: 65,536 when it says nothing. */
    public int memoryPagesMax() {
        return memoryPagesMax;
    }

    /** Whether its memory is exported as {@code memory}. */
    public boolean isMemoryExported() {
        return isMemoryExported;
    }
}
