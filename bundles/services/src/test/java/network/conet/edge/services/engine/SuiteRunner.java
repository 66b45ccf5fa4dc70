package network.conet.edge.services.engine;

import com.dylibso.chicory.compiler.MachineFactoryCompiler;
import com.dylibso.chicory.runtime.ByteArrayMemory;
import com.dylibso.chicory.runtime.GlobalInstance;
import com.dylibso.chicory.runtime.HostFunction;
import com.dylibso.chicory.runtime.ImportFunction;
import com.dylibso.chicory.runtime.ImportGlobal;
import com.dylibso.chicory.runtime.ImportMemory;
import com.dylibso.chicory.runtime.ImportTable;
import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.runtime.Store;
import com.dylibso.chicory.runtime.TableInstance;
import com.dylibso.chicory.wasm.Parser;
import com.dylibso.chicory.wasm.WasmModule;
import com.dylibso.chicory.wasm.types.FunctionType;
import com.dylibso.chicory.wasm.types.MemoryLimits;
import com.dylibso.chicory.wasm.types.Table;
import com.dylibso.chicory.wasm.types.TableLimits;
import com.dylibso.chicory.wasm.types.ValType;
import com.dylibso.chicory.wasm.types.Value;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import network.conet.edge.protocol.JsonException;
import network.conet.edge.protocol.JsonValue;
import network.conet.edge.protocol.RefusedException;
import network.conet.edge.services.wasm.Fuel;
import network.conet.edge.services.wasm.Meter;
import network.conet.edge.services.wasm.MeteredModule;

/** Runs one file of the specification's tests in one way. */
final class SuiteRunner {
    /** How modules are run. */
    enum Kind {
        BARE(false, false), BARE_INTERPRETED(false, true), METERED(true, false), METERED_INTERPRETED(true, true);

        private final boolean isMetered;
        private final boolean isInterpreted;

        Kind(boolean isMetered, boolean isInterpreted) {
            this.isMetered = isMetered;
            this.isInterpreted = isInterpreted;
        }
    }

    private static final int VALUES_MAX = 4_000_000;
    private static final long NULL = 0xFFFF_FFFFL;

    private final Path file;
    private final Kind kind;
    private final Store store = new Store();
    private final Map<String, Instance> named = new HashMap<>();
    private final List<String> failures = new ArrayList<>();
    private Instance current;
    private int passed;
    private int left;

    SuiteRunner(Path file, Kind kind) {
        this.file = file;
        this.kind = kind;
        for (String name : List.of("print", "print_i32", "print_i64", "print_f32", "print_f64", "print_i32_f32",
                "print_f64_f64")) {
            List<ValType> types = new ArrayList<>();
            for (String word : name.split("_")) {
                if (!word.equals("print")) {
                    types.add(switch (word) {
                        case "i32" -> ValType.I32;
                        case "i64" -> ValType.I64;
                        case "f32" -> ValType.F32;
                        default -> ValType.F64;
                    });
                }
            }
            store.addFunction((ImportFunction) new HostFunction("spectest", name,
                    FunctionType.of(types, List.of()), (instance, arguments) -> new long[0]));
        }
        store.addGlobal(new ImportGlobal("spectest", "global_i32", new GlobalInstance(Value.i32(666))),
                new ImportGlobal("spectest", "global_i64", new GlobalInstance(Value.i64(666))),
                new ImportGlobal("spectest", "global_f32", new GlobalInstance(Value.fromFloat(666.6f))),
                new ImportGlobal("spectest", "global_f64", new GlobalInstance(Value.fromDouble(666.6))));
        store.addMemory(new ImportMemory("spectest", "memory", new ByteArrayMemory(new MemoryLimits(1, 2))));
        store.addTable(new ImportTable("spectest", "table",
                new TableInstance(new Table(ValType.FuncRef, new TableLimits(10, 20)), -1)));
    }

    List<String> failures() {
        return failures;
    }

    @Override
    public String toString() {
        return passed + " passed, " + failures.size() + " failed, " + left + " not run";
    }

    void run() throws IOException, JsonException {
        JsonValue suite = JsonValue.parse(Files.readAllBytes(file), VALUES_MAX);
        for (JsonValue command : ((JsonValue.Array) suite.member("commands").orElseThrow()).values()) {
            String line = command.string("type").orElseThrow() + " at line " + command.integer("line").orElse(0);
            try {
                run(command, line);
            } catch (IOException | RuntimeException | StackOverflowError | RefusedException failed) {
                failures.add(line);
            }
        }
    }

    private void run(JsonValue command, String line) throws IOException, RefusedException {
        switch (command.string("type").orElseThrow()) {
            case "module" -> {
                current = instantiate(command);
                command.string("name").ifPresent(name -> named.put(name, current));
                passed++;
            }
            case "register" -> store.register(command.string("as").orElseThrow(),
                    command.string("name").map(named::get).orElse(current));
            case "action" -> {
                invoke(command.member("action").orElseThrow());
                passed++;
            }
            case "assert_return" -> {
                long[] results = invoke(command.member("action").orElseThrow());
                check(matches(results, ((JsonValue.Array) command.member("expected").orElseThrow()).values()), line);
            }
            case "assert_trap", "assert_exhaustion" -> check(fails(() ->
                    invoke(command.member("action").orElseThrow())), line);
            case "assert_malformed", "assert_invalid", "assert_unlinkable", "assert_uninstantiable" -> {
                if (command.string("module_type").orElse("").equals("text")) {
                    left++;
                } else {
                    check(fails(() -> instantiate(command)), line);
                }
            }
            default -> left++;
        }
    }

    private void check(boolean isRight, String line) {
        if (isRight) {
            passed++;
        } else {
            failures.add(line);
        }
    }

    private interface Action {
        Object run() throws IOException, RefusedException;
    }

    private static boolean fails(Action action) throws IOException {
        try {
            action.run();
            return false;
        } catch (RuntimeException | StackOverflowError | RefusedException expected) {
            return true;
        }
    }

    private Instance instantiate(JsonValue command) throws IOException, RefusedException {
        byte[] wasm = Files.readAllBytes(file.resolveSibling(command.string("filename").orElseThrow()));
        WasmModule module = Parser.parse(kind.isMetered ? Meter.meter(wasm).wasm() : wasm);
        return store.instantiate("m" + passed, imports -> {
            Instance.Builder builder = Instance.builder(module).withImportValues(imports)
                    .withMemoryFactory(ByteArrayMemory::new);
            if (!kind.isInterpreted) {
                builder.withMachineFactory(MachineFactoryCompiler.compile(module));
            }
            return builder.build();
        });
    }

    private long[] invoke(JsonValue action) {
        Instance instance = action.string("module").map(named::get).orElse(current);
        String field = action.string("field").orElseThrow();
        if (action.string("type").orElse("").equals("get")) {
            return new long[] {instance.exports().global(field).getValue()};
        }
        List<JsonValue> given = ((JsonValue.Array) action.member("args").orElseThrow()).values();
        long[] arguments = new long[given.size()];
        for (int i = 0; i < arguments.length; i++) {
            arguments[i] = bits(given.get(i));
        }
        if (kind.isMetered) {
            instance.exports().global(MeteredModule.FUEL_EXPORT).setValue(Fuel.fresh(Fuel.MAX));
        }
        long[] results = instance.export(field).apply(arguments);
        return results == null ? new long[0] : results;
    }

    private static long bits(JsonValue value) {
        String text = value.string("value").orElse("null");
        return text.equals("null") ? NULL : Long.parseUnsignedLong(text);
    }

    private static boolean matches(long[] results, List<JsonValue> expected) {
        if (results.length != expected.size()) {
            return false;
        }
        for (int i = 0; i < results.length; i++) {
            if (!matches(results[i], expected.get(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean matches(long result, JsonValue expected) {
        String text = expected.string("value").orElse("any");
        boolean isShort = List.of("i32", "f32", "funcref", "externref")
                .contains(expected.string("type").orElseThrow());
        long bits = isShort ? result & 0xFFFF_FFFFL : result;
        return switch (text) {
            case "any" -> true;
            case "null" -> bits == NULL;
            case "nan:canonical", "nan:arithmetic" -> isShort
                    ? (bits & 0x7FC0_0000L) == 0x7FC0_0000L
                    : (bits & 0x7FF8_0000_0000_0000L) == 0x7FF8_0000_0000_0000L;
            default -> bits == Long.parseUnsignedLong(text);
        };
    }
}
