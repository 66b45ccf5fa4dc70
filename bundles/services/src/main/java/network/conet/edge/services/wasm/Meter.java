package network.conet.edge.services.wasm;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import network.conet.edge.protocol.Hash256;
import network.conet.edge.protocol.RefusedException;

/**
 * Makes a module countable: reads it, checks it completely, writes it anew with one more global, exported as
 * {@link MeteredModule#FUEL_EXPORT}, that every function counts in ({@code docs/protocol/metering.md}). The only way to
 * a {@link MeteredModule}. Custom sections are dropped. The same bytes give the same bytes, on every machine.
 */
public final class Meter {
    private static final int GLOBAL_KIND = 3;
    private static final int MUTABLE = 1;
    private static final int I64_CONST = 0x42;

    private Meter() {}

    /**
     * @param wasm a module in the binary format; not changed
     * @throws RefusedException MODULE_TOO_LARGE, MODULE_MALFORMED, MODULE_INVALID, MODULE_UNSUPPORTED,
     *     MODULE_LIMIT_EXCEEDED, each with what and where
     */
    public static MeteredModule meter(byte[] wasm) throws RefusedException {
        ModuleReader reader = new ModuleReader(wasm);
        ModuleParts parts = reader.read();
        ByteSink out = new ByteSink(2 * wasm.length);
        out.all(wasm, 0, ModuleReader.HEADER_BYTES);
        for (int id : ModuleReader.ORDER) {
            ByteSink contents = switch (id) {
                case ModuleReader.TABLE -> tables(reader);
                case ModuleReader.GLOBAL -> globals(reader, parts);
                case ModuleReader.EXPORT -> exports(reader, parts);
                case ModuleReader.CODE -> code(parts);
                default -> copy(reader.section(id));
            };
            if (contents != null) {
                out.u8(id);
                out.u32(contents.length());
                out.all(contents);
            }
        }
        byte[] metered = out.toBytes();
        return new MeteredModule(metered, sha256(metered), parts);
    }

    private static ByteSink copy(ByteCursor section) throws RefusedException {
        if (section == null) {
            return null;
        }
        ByteSink out = new ByteSink(section.end() - section.at());
        out.all(section.bytes(), section.at(), section.end());
        return out;
    }

    /** Gives every table a maximum, so that table.grow is bounded. */
    private static ByteSink tables(ModuleReader reader) throws RefusedException {
        ByteCursor from = reader.section(ModuleReader.TABLE);
        if (from == null) {
            return null;
        }
        ByteSink out = new ByteSink(from.end() - from.at() + 16);
        int count = from.u32();
        out.u32(count);
        for (int i = 0; i < count; i++) {
            out.u8(from.u8());
            boolean hasMax = from.u8() == 1;
            int min = from.u32();
            int max = hasMax ? from.u32() : -1;
            out.u8(1);
            out.u32(min);
            boolean isOver = Integer.compareUnsigned(max, ModuleLimits.TABLE_ELEMENTS_MAX) > 0;
            out.u32(isOver ? ModuleLimits.TABLE_ELEMENTS_MAX : max);
        }
        return out;
    }

    /** The fuel is the last global, so no other one changes its number. */
    private static ByteSink globals(ModuleReader reader, ModuleParts parts) throws RefusedException {
        ByteSink out = extended(reader.section(ModuleReader.GLOBAL), parts.globals.size() - parts.importedGlobals);
        out.u8(WasmType.I64);
        out.u8(MUTABLE);
        out.u8(I64_CONST);
        out.s64(Fuel.fresh(Fuel.START));
        out.u8(Instructions.END);
        return out;
    }

    private static ByteSink exports(ModuleReader reader, ModuleParts parts) throws RefusedException {
        ByteSink out = extended(reader.section(ModuleReader.EXPORT), parts.exports.size());
        out.u32(MeteredModule.FUEL_EXPORT.length());
        for (char letter : MeteredModule.FUEL_EXPORT.toCharArray()) {
            out.u8(letter);
        }
        out.u8(GLOBAL_KIND);
        out.u32(parts.globals.size());
        return out;
    }

    /** A vector's section with a count that is one higher. */
    private static ByteSink extended(ByteCursor section, int count) throws RefusedException {
        ByteSink out = new ByteSink(section == null ? 32 : section.end() - section.at() + 32);
        out.u32(count + 1);
        if (section != null) {
            section.u32();
            out.all(section.bytes(), section.at(), section.end());
        }
        return out;
    }

    private static ByteSink code(ModuleParts parts) throws RefusedException {
        if (parts.bodies.isEmpty()) {
            return null;
        }
        ByteSink out = new ByteSink(4096);
        out.u32(parts.bodies.size());
        for (int i = 0; i < parts.bodies.size(); i++) {
            ByteSink body = body(parts, parts.functions.get(parts.importedFunctions + i), parts.bodies.get(i));
            out.u32(body.length());
            out.all(body);
        }
        return out;
    }

    private static ByteSink body(ModuleParts parts, WasmType type, ByteCursor body) throws RefusedException {
        int groups = body.count("groups of locals", ModuleLimits.LOCALS_MAX);
        int begin = body.at();
        byte[] locals = Arrays.copyOf(type.parameters(), ModuleLimits.LOCALS_MAX);
        int count = type.parameters().length;
        for (int i = 0; i < groups; i++) {
            int more = body.u32();
            Refusals.limit("locals", more, ModuleLimits.LOCALS_MAX - count);
            Arrays.fill(locals, count, count + more, WasmType.read(body));
            count += more;
        }
        locals = Arrays.copyOf(locals, count);
        ByteCursor declared = new ByteCursor(body.bytes(), begin, body.at());
        int operandsMax = BodyValidator.validate(parts, type, locals, remaining(body));
        return BodyMeter.meter(parts, parts.globals.size(), declared, groups, count, operandsMax, remaining(body));
    }

    private static ByteCursor remaining(ByteCursor body) {
        return new ByteCursor(body.bytes(), body.at(), body.end());
    }

    private static Hash256 sha256(byte[] bytes) {
        try {
            return Hash256.of(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException missing) {
            throw new AssertionError("every Java platform has SHA-256", missing);
        }
    }
}
