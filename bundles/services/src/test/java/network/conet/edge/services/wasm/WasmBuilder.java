package network.conet.edge.services.wasm;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** Makes modules byte by byte, right ones and wrong ones. */
final class WasmBuilder {
    private final TreeMap<Integer, List<byte[]>> sections = new TreeMap<>();
    private final List<byte[]> customs = new ArrayList<>();

    /** Bytes of numbers, texts, and arrays, one behind the other. */
    static byte[] bytes(Object... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (Object part : parts) {
            if (part instanceof Integer number) {
                out.write(number);
            } else if (part instanceof String text) {
                byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
                out.writeBytes(leb(utf8.length));
                out.writeBytes(utf8);
            } else {
                out.writeBytes((byte[]) part);
            }
        }
        return out.toByteArray();
    }

    static byte[] leb(long value) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        long rest = value;
        while (rest > 0x7F) {
            out.write((int) (rest & 0x7F) | 0x80);
            rest >>>= 7;
        }
        out.write((int) rest);
        return out.toByteArray();
    }

    static byte[] repeat(byte[] piece, int times) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = 0; i < times; i++) {
            out.writeBytes(piece);
        }
        return out.toByteArray();
    }

    /** Adds an entry to the vector of a section. */
    WasmBuilder add(int section, Object... parts) {
        sections.computeIfAbsent(section, id -> new ArrayList<>()).add(bytes(parts));
        return this;
    }

    WasmBuilder add(int section, int times, byte[] entry) {
        for (int i = 0; i < times; i++) {
            add(section, (Object) entry);
        }
        return this;
    }

    WasmBuilder custom(int times) {
        for (int i = 0; i < times; i++) {
            customs.add(bytes("c"));
        }
        return this;
    }

    /** A function without parameters and results. */
    WasmBuilder function(Object... code) {
        return function(bytes(0), code);
    }

    /** @param locals the groups of locals, with their count */
    WasmBuilder function(byte[] locals, Object[] code) {
        if (!sections.containsKey(ModuleReader.TYPE)) {
            add(ModuleReader.TYPE, 0x60, 0, 0);
        }
        byte[] body = bytes(locals, bytes(code), 0x0B);
        add(ModuleReader.FUNCTION, 0);
        return add(ModuleReader.CODE, leb(body.length), body);
    }

    byte[] build() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(bytes(0, 'a' & 0xFF, 's' & 0xFF, 'm' & 0xFF, 1, 0, 0, 0));
        customs.forEach(custom -> out.writeBytes(bytes(0, leb(custom.length), custom)));
        for (int id : ModuleReader.ORDER) {
            List<byte[]> entries = sections.get(id);
            if (entries != null) {
                byte[] contents = bytes(id == ModuleReader.START || id == ModuleReader.DATA_COUNT
                        ? new byte[0] : leb(entries.size()), bytes(entries.toArray()));
                out.writeBytes(bytes(id, leb(contents.length), contents));
            }
        }
        return out.toByteArray();
    }
}
