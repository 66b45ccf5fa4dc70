package network.conet.edge.services.wasm;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What was read of a module, as the checks of its functions need it. Index spaces begin with the imports. */
final class ModuleParts {
    /** Kinds of imports and exports (core specification, section 5.5.5). */
    static final int FUNCTION = 0;
    static final int TABLE = 1;
    static final int MEMORY = 2;
    static final int GLOBAL = 3;

    final List<WasmType> types = new ArrayList<>();
    final List<WasmImport> imports = new ArrayList<>();
    final List<WasmType> functions = new ArrayList<>();
    final List<Byte> tables = new ArrayList<>();
    final List<GlobalType> globals = new ArrayList<>();
    final List<Byte> elementSegments = new ArrayList<>();
    final List<ByteCursor> bodies = new ArrayList<>();
    final Map<String, Export> exports = new HashMap<>();
    /** Functions that ref.func may name: those that occur outside of bodies. */
    final BitSet referable = new BitSet();
    int importedFunctions;
    int importedGlobals;
    int memories;
    int memoryPages;
    int memoryPagesMax;
    /** Data segments announced before the code, or -1. */
    int dataCount = -1;

    record GlobalType(byte type, boolean isMutable) {}

    record Export(int kind, int index) {}

    Map<String, WasmType> exportedFunctions() {
        Map<String, WasmType> found = new HashMap<>();
        exports.forEach((name, export) -> {
            if (export.kind == FUNCTION) {
                found.put(name, functions.get(export.index));
            }
        });
        return found;
    }

    boolean exportsMemory(String name) {
        Export export = exports.get(name);
        return export != null && export.kind == MEMORY;
    }
}
