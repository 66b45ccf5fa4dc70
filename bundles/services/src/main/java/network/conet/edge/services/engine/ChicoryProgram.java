package network.conet.edge.services.engine;

import com.dylibso.chicory.runtime.ByteArrayMemory;
import com.dylibso.chicory.runtime.HostFunction;
import com.dylibso.chicory.runtime.ImportFunction;
import com.dylibso.chicory.runtime.ImportValues;
import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.runtime.Machine;
import com.dylibso.chicory.wasm.WasmModule;
import com.dylibso.chicory.wasm.types.FunctionType;
import com.dylibso.chicory.wasm.types.MemoryLimits;
import com.dylibso.chicory.wasm.types.ValType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import network.conet.edge.services.wasm.MeteredModule;
import network.conet.edge.services.wasm.WasmType;

/** A parsed module with its compiled code. */
final class ChicoryProgram implements WasmProgram {
    private static final long[] NOTHING = new long[0];

    private final WasmModule parsed;
    private final MeteredModule module;
    private final Function<Instance, Machine> compiled;

    /** @param compiled null to interpret */
    ChicoryProgram(WasmModule parsed, MeteredModule module, Function<Instance, Machine> compiled) {
        this.parsed = parsed;
        this.module = module;
        this.compiled = compiled;
    }

    @Override
    public WasmInstance instantiate(List<HostImport> imports, int memoryPagesMax) throws WasmTrap {
        Instance.Builder builder = Instance.builder(parsed)
                .withImportValues(ImportValues.builder().withFunctions(functions(imports)).build())
                // An array is what the JIT compiles best on OpenJDK.
                .withMemoryFactory(ByteArrayMemory::new);
        if (module.memoryPages() > 0 || module.memoryPagesMax() > 0) {
            builder.withMemoryLimits(
                    new MemoryLimits(module.memoryPages(), Math.min(memoryPagesMax, module.memoryPagesMax())));
        }
        if (compiled != null) {
            builder.withMachineFactory(compiled);
        }
        try {
            return new ChicoryInstance(builder.build(), module.functions());
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError failed) {
            throw ChicoryInstance.trap(failed, 0);
        }
    }

    private static List<ImportFunction> functions(List<HostImport> imports) {
        List<ImportFunction> functions = new ArrayList<>();
        for (HostImport each : imports) {
            boolean hasResult = each.type().results().length > 0;
            FunctionType type = FunctionType.of(types(each.type().parameters()), types(each.type().results()));
            functions.add(new HostFunction(each.module(), each.name(), type, (instance, arguments) -> {
                long result = each.body().call(arguments);
                return hasResult ? new long[] {result} : NOTHING;
            }));
        }
        return functions;
    }

    private static List<ValType> types(byte[] types) {
        List<ValType> found = new ArrayList<>();
        for (byte type : types) {
            found.add(switch (type) {
                case WasmType.I32 -> ValType.I32;
                case WasmType.I64 -> ValType.I64;
                default -> throw new IllegalArgumentException("functions of the host take and give integers");
            });
        }
        return found;
    }
}
