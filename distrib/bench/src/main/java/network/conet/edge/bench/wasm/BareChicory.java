package network.conet.edge.bench.wasm;

import com.dylibso.chicory.compiler.MachineFactoryCompiler;
import com.dylibso.chicory.runtime.ByteArrayMemory;
import com.dylibso.chicory.runtime.ExportFunction;
import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.runtime.Machine;
import com.dylibso.chicory.wasm.Parser;
import com.dylibso.chicory.wasm.WasmModule;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/** Chicory as its documentation advises it for OpenJDK: compiled, not metered, nothing checked by us. */
final class BareChicory implements WasmSubject {
    private WasmModule module;
    private Function<Instance, Machine> compiled;

    @Override
    public void load(byte[] wasm) {
        module = Parser.parse(wasm);
        compiled = MachineFactoryCompiler.compile(module);
    }

    @Override
    public Kernels instance() {
        Instance instance = Instance.builder(module).withMachineFactory(compiled)
                .withMemoryFactory(ByteArrayMemory::new).build();
        Map<String, ExportFunction> exports = new HashMap<>();
        int at = (int) instance.export("data").apply()[0];
        ExportFunction touch = instance.export("touch_1k");
        return new Kernels() {
            @Override
            public int call(String export) {
                ExportFunction function = exports.computeIfAbsent(export, instance::export);
                return (int) function.apply()[0];
            }

            @Override
            public int kibibyte(byte[] input, byte[] output) {
                instance.memory().write(at, input);
                long sum = touch.apply()[0];
                byte[] read = instance.memory().readBytes(at, output.length);
                System.arraycopy(read, 0, output, 0, read.length);
                return (int) sum;
            }
        };
    }

    @Override
    public void close() {
        compiled = null;
    }
}
