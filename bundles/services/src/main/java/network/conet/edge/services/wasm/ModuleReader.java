package network.conet.edge.services.wasm;

import java.util.Optional;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.RefusedException;

/**
 * Reads and checks everything of a module but the bodies of its functions (core specification, sections 5.5 and 3.4),
 * and tells where its sections stand.
 *
 * <pre>
 *   00 61 73 6d │ 01 00 00 00 │ section │ section │ …        section = id │ size, LEB128 │ contents
 * </pre>
 */
final class ModuleReader {
    static final int HEADER_BYTES = 8;
    static final int CUSTOM = 0;
    static final int TYPE = 1;
    static final int IMPORT = 2;
    static final int FUNCTION = 3;
    static final int TABLE = 4;
    static final int MEMORY = 5;
    static final int GLOBAL = 6;
    static final int EXPORT = 7;
    static final int START = 8;
    static final int ELEMENT = 9;
    static final int CODE = 10;
    static final int DATA = 11;
    static final int DATA_COUNT = 12;
    /** Sections in the order in which they must come. */
    static final int[] ORDER =
        {TYPE, IMPORT, FUNCTION, TABLE, MEMORY, GLOBAL, EXPORT, START, ELEMENT, DATA_COUNT, CODE, DATA};

    private static final byte[] HEADER = {0, 'a', 's', 'm', 1, 0, 0, 0};
    private static final int PAGES_MAX = 65_536;
    private static final int FUNCTION_FORM = 0x60;

    private final ModuleParts parts = new ModuleParts();
    private final ByteCursor[] sections = new ByteCursor[ORDER.length + 1];
    private final ByteCursor in;

    ModuleReader(byte[] wasm) throws RefusedException {
        if (wasm.length > ModuleLimits.MODULE_BYTES_MAX) {
            throw new RefusedException(RefuseReason.MODULE_TOO_LARGE,
                    wasm.length + " bytes, at most " + ModuleLimits.MODULE_BYTES_MAX);
        }
        in = new ByteCursor(wasm, 0, wasm.length);
        for (byte expected : HEADER) {
            if (in.isAtEnd() || in.u8() != (expected & 0xFF)) {
                throw Refusals.malformed("no module of version 1", Math.max(0, in.at() - 1));
            }
        }
    }

    /** A fresh cursor over a section's contents, or null when the module has none. */
    ByteCursor section(int id) {
        ByteCursor found = sections[id];
        return found == null ? null : new ByteCursor(found.bytes(), found.at(), found.end());
    }

    ModuleParts read() throws RefusedException {
        findSections();
        types();
        imports();
        functionTypes();
        tables();
        memories();
        globals();
        exports();
        start();
        dataCount();
        bodies();
        elements();
        data();
        return parts;
    }

    private void findSections() throws RefusedException {
        int customs = 0;
        int last = -1;
        while (!in.isAtEnd()) {
            int at = in.at();
            int id = in.u8();
            ByteCursor contents = in.part(in.u32(), "a section");
            if (id == CUSTOM) {
                Refusals.limit("custom sections", ++customs, ModuleLimits.CUSTOM_SECTIONS_MAX);
                contents.name();
                continue;
            }
            int place = place(id, at);
            if (place <= last) {
                throw Refusals.malformed("section " + id + " twice or out of its order", at);
            }
            last = place;
            sections[id] = contents;
        }
    }

    private static int place(int id, int at) throws RefusedException {
        for (int i = 0; i < ORDER.length; i++) {
            if (ORDER[i] == id) {
                return i;
            }
        }
        throw id == 13 ? Refusals.unsupported("exceptions", at) : Refusals.malformed("section " + id, at);
    }

    private void types() throws RefusedException {
        ByteCursor from = section(TYPE);
        if (from == null) {
            return;
        }
        int count = from.count("types", ModuleLimits.TYPES_MAX);
        for (int i = 0; i < count; i++) {
            int form = from.u8();
            if (form != FUNCTION_FORM) {
                throw form == 0x4E || form == 0x50 || form == 0x5E || form == 0x5F
                        ? Refusals.unsupported("garbage-collected types", from.at() - 1)
                        : Refusals.malformed("form of a type", from.at() - 1);
            }
            parts.types.add(new WasmType(
                    valueTypes(from, "parameters", ModuleLimits.PARAMETERS_MAX),
                    valueTypes(from, "results", ModuleLimits.RESULTS_MAX)));
        }
        from.requireEnd("the type section");
    }

    private static byte[] valueTypes(ByteCursor from, String what, int max) throws RefusedException {
        byte[] types = new byte[from.count(what, max)];
        for (int i = 0; i < types.length; i++) {
            types[i] = WasmType.read(from);
        }
        return types;
    }

    private void imports() throws RefusedException {
        ByteCursor from = section(IMPORT);
        if (from == null) {
            return;
        }
        int count = from.count("imports", ModuleLimits.IMPORTS_MAX);
        for (int i = 0; i < count; i++) {
            String module = from.name();
            String name = from.name();
            int kind = from.u8();
            Optional<WasmType> function = Optional.empty();
            switch (kind) {
                case ModuleParts.FUNCTION -> {
                    WasmType type = type(from);
                    parts.functions.add(type);
                    parts.importedFunctions++;
                    function = Optional.of(type);
                }
                case ModuleParts.TABLE -> table(from);
                case ModuleParts.MEMORY -> memory(from);
                case ModuleParts.GLOBAL -> {
                    parts.globals.add(globalType(from));
                    parts.importedGlobals++;
                }
                case 4 -> throw Refusals.unsupported("exceptions", from.at() - 1);
                default -> throw Refusals.malformed("kind of an import", from.at() - 1);
            }
            parts.imports.add(new WasmImport(module, name, function));
        }
        from.requireEnd("the import section");
    }

    private WasmType type(ByteCursor from) throws RefusedException {
        int at = from.at();
        int index = from.u32();
        if (Integer.compareUnsigned(index, parts.types.size()) >= 0) {
            throw Refusals.invalid("unknown type", at);
        }
        return parts.types.get(index);
    }

    private void functionTypes() throws RefusedException {
        ByteCursor from = section(FUNCTION);
        if (from == null) {
            return;
        }
        int count = from.count("functions", ModuleLimits.FUNCTIONS_MAX - parts.importedFunctions);
        for (int i = 0; i < count; i++) {
            parts.functions.add(type(from));
        }
        from.requireEnd("the function section");
    }

    private void tables() throws RefusedException {
        ByteCursor from = section(TABLE);
        if (from == null) {
            return;
        }
        int count = from.count("tables", ModuleLimits.TABLES_MAX);
        for (int i = 0; i < count; i++) {
            table(from);
        }
        from.requireEnd("the table section");
    }

    private void table(ByteCursor from) throws RefusedException {
        parts.tables.add(WasmType.readReference(from));
        Refusals.limit("tables", parts.tables.size(), ModuleLimits.TABLES_MAX);
        int at = from.at();
        int[] limits = limits(from);
        Refusals.limit("elements of a table", limits[0], ModuleLimits.TABLE_ELEMENTS_MAX);
        if (Integer.compareUnsigned(limits[1], limits[0]) < 0) {
            throw Refusals.invalid("maximum below minimum", at);
        }
    }

    /** Minimum and maximum; the largest number when there is no maximum. */
    private static int[] limits(ByteCursor from) throws RefusedException {
        int flags = from.u8();
        if (flags > 1) {
            throw flags < 8
                    ? Refusals.unsupported("shared or 64-bit memory", from.at() - 1)
                    : Refusals.malformed("limits", from.at() - 1);
        }
        int min = from.u32();
        return new int[] {min, flags == 1 ? from.u32() : -1};
    }

    private void memories() throws RefusedException {
        ByteCursor from = section(MEMORY);
        if (from == null) {
            return;
        }
        int count = from.count("memories", 16);
        for (int i = 0; i < count; i++) {
            memory(from);
        }
        from.requireEnd("the memory section");
    }

    private void memory(ByteCursor from) throws RefusedException {
        int at = from.at();
        int[] limits = limits(from);
        if (++parts.memories > 1) {
            throw Refusals.unsupported("more than one memory", at);
        }
        int max = limits[1] == -1 ? PAGES_MAX : limits[1];
        if (Integer.compareUnsigned(limits[0], PAGES_MAX) > 0 || Integer.compareUnsigned(max, PAGES_MAX) > 0) {
            throw Refusals.invalid("memory of more than 65,536 pages", at);
        }
        if (max < limits[0]) {
            throw Refusals.invalid("maximum below minimum", at);
        }
        parts.memoryPages = limits[0];
        parts.memoryPagesMax = max;
    }

    private static ModuleParts.GlobalType globalType(ByteCursor from) throws RefusedException {
        byte type = WasmType.read(from);
        int mutability = from.u8();
        if (mutability > 1) {
            throw Refusals.malformed("mutability", from.at() - 1);
        }
        return new ModuleParts.GlobalType(type, mutability == 1);
    }

    private void globals() throws RefusedException {
        ByteCursor from = section(GLOBAL);
        if (from == null) {
            return;
        }
        int count = from.count("globals", ModuleLimits.GLOBALS_MAX - parts.importedGlobals);
        for (int i = 0; i < count; i++) {
            ModuleParts.GlobalType type = globalType(from);
            constant(from, type.type());
            parts.globals.add(type);
        }
        from.requireEnd("the global section");
    }

    /** A constant expression of one instruction (section 3.3.10). */
    private void constant(ByteCursor from, byte expected) throws RefusedException {
        int at = from.at();
        int opcode = from.u8();
        byte type = switch (opcode) {
            case 0x41 -> {
                from.s32();
                yield WasmType.I32;
            }
            case 0x42 -> {
                from.s64();
                yield WasmType.I64;
            }
            case 0x43 -> {
                from.skip(4);
                yield WasmType.F32;
            }
            case 0x44 -> {
                from.skip(8);
                yield WasmType.F64;
            }
            case 0xD0 -> WasmType.readReference(from);
            case 0xD2 -> {
                parts.referable.set(functionIndex(from));
                yield WasmType.FUNCREF;
            }
            case 0x23 -> constantGlobal(from);
            case 0x0B -> throw Refusals.invalid("empty constant expression", at);
            default -> throw Refusals.invalid("instruction that is not constant", at);
        };
        int end = from.u8();
        if (end != 0x0B) {
            throw Refusals.unsupported("constant expression of several instructions", from.at() - 1);
        }
        if (type != expected) {
            throw Refusals.invalid("type of a constant", at);
        }
    }

    private byte constantGlobal(ByteCursor from) throws RefusedException {
        int at = from.at();
        int index = from.u32();
        if (Integer.compareUnsigned(index, parts.importedGlobals) >= 0 || parts.globals.get(index).isMutable()) {
            throw Refusals.invalid("constant from a global that is not imported and immutable", at);
        }
        return parts.globals.get(index).type();
    }

    private int functionIndex(ByteCursor from) throws RefusedException {
        return index(from, parts.functions.size(), "function");
    }

    private static int index(ByteCursor from, int size, String what) throws RefusedException {
        int at = from.at();
        int index = from.u32();
        if (Integer.compareUnsigned(index, size) >= 0) {
            throw Refusals.invalid("unknown " + what, at);
        }
        return index;
    }

    private void exports() throws RefusedException {
        ByteCursor from = section(EXPORT);
        if (from == null) {
            return;
        }
        int count = from.count("exports", ModuleLimits.EXPORTS_MAX);
        for (int i = 0; i < count; i++) {
            int at = from.at();
            String name = from.name();
            int kind = from.u8();
            int index = switch (kind) {
                case ModuleParts.FUNCTION -> functionIndex(from);
                case ModuleParts.TABLE -> index(from, parts.tables.size(), "table");
                case ModuleParts.MEMORY -> index(from, parts.memories, "memory");
                case ModuleParts.GLOBAL -> index(from, parts.globals.size(), "global");
                default -> throw Refusals.malformed("kind of an export", from.at() - 1);
            };
            if (kind == ModuleParts.FUNCTION) {
                parts.referable.set(index);
            }
            if (name.equals(MeteredModule.FUEL_EXPORT)) {
                throw Refusals.invalid("an export named " + name + ", which is the host's", at);
            }
            if (parts.exports.put(name, new ModuleParts.Export(kind, index)) != null) {
                throw Refusals.invalid("two exports of one name", at);
            }
        }
        from.requireEnd("the export section");
    }

    private void start() throws RefusedException {
        ByteCursor from = section(START);
        if (from == null) {
            return;
        }
        int at = from.at();
        WasmType type = parts.functions.get(functionIndex(from));
        if (type.parameters().length != 0 || type.results().length != 0) {
            throw Refusals.invalid("start function with parameters or results", at);
        }
        from.requireEnd("the start section");
    }

    private void dataCount() throws RefusedException {
        ByteCursor from = section(DATA_COUNT);
        if (from != null) {
            parts.dataCount = from.u32();
            Refusals.limit("data segments", parts.dataCount, ModuleLimits.DATA_SEGMENTS_MAX);
            from.requireEnd("the data count section");
        }
    }

    private void bodies() throws RefusedException {
        ByteCursor from = section(CODE);
        int wanted = parts.functions.size() - parts.importedFunctions;
        int count = from == null ? 0 : from.count("bodies", ModuleLimits.FUNCTIONS_MAX);
        if (count != wanted) {
            throw Refusals.malformed(wanted + " functions and " + count + " bodies", from == null ? 0 : from.at());
        }
        for (int i = 0; i < count; i++) {
            int size = from.u32();
            Refusals.limit("bytes of a body", size, ModuleLimits.BODY_BYTES_MAX);
            parts.bodies.add(from.part(size, "a body"));
        }
        if (from != null) {
            from.requireEnd("the code section");
        }
    }

    private void elements() throws RefusedException {
        ByteCursor from = section(ELEMENT);
        if (from == null) {
            return;
        }
        int count = from.count("element segments", ModuleLimits.ELEMENT_SEGMENTS_MAX);
        int total = 0;
        for (int i = 0; i < count; i++) {
            total += elementSegment(from);
            Refusals.limit("elements", total, ModuleLimits.ELEMENTS_MAX);
        }
        from.requireEnd("the element section");
    }

    /** Bit 0: passive or declarative; bit 1: a table index, or declarative; bit 2: expressions (section 5.5.12). */
    private int elementSegment(ByteCursor from) throws RefusedException {
        int at = from.at();
        int flags = from.u32();
        if (Integer.compareUnsigned(flags, 7) > 0) {
            throw Refusals.malformed("kind of an element segment", at);
        }
        boolean isActive = (flags & 1) == 0;
        boolean isExpressions = (flags & 4) != 0;
        int table = isActive && (flags & 2) != 0 ? from.u32() : 0;
        if (isActive) {
            constant(from, WasmType.I32);
        }
        byte type = WasmType.FUNCREF;
        if ((flags & 3) != 0) {
            if (isExpressions) {
                type = WasmType.readReference(from);
            } else if (from.u8() != 0) {
                throw Refusals.malformed("kind of elements", from.at() - 1);
            }
        }
        if (isActive && (Integer.compareUnsigned(table, parts.tables.size()) >= 0 || parts.tables.get(table) != type)) {
            throw Refusals.invalid("table of an element segment", at);
        }
        int count = from.count("elements", ModuleLimits.ELEMENTS_MAX);
        for (int i = 0; i < count; i++) {
            if (isExpressions) {
                constant(from, type);
            } else {
                parts.referable.set(functionIndex(from));
            }
        }
        parts.elementSegments.add(type);
        return count;
    }

    private void data() throws RefusedException {
        ByteCursor from = section(DATA);
        int count = from == null ? 0 : from.count("data segments", ModuleLimits.DATA_SEGMENTS_MAX);
        if (parts.dataCount >= 0 && parts.dataCount != count) {
            throw Refusals.malformed("data count and data segments differ", from == null ? 0 : from.at());
        }
        for (int i = 0; i < count; i++) {
            int at = from.at();
            int flags = from.u32();
            if (Integer.compareUnsigned(flags, 2) > 0) {
                throw Refusals.malformed("kind of a data segment", at);
            }
            if (flags != 1) {
                int memory = flags == 2 ? from.u32() : 0;
                if (Integer.compareUnsigned(memory, parts.memories) >= 0) {
                    throw Refusals.invalid("unknown memory", at);
                }
                constant(from, WasmType.I32);
            }
            from.part(from.u32(), "a data segment");
        }
        if (from != null) {
            from.requireEnd("the data section");
        }
    }
}
