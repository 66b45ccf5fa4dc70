package network.conet.edge.bench.wasm;

import io.github.kawamuray.wasmtime.Engine;
import io.github.kawamuray.wasmtime.Func;
import io.github.kawamuray.wasmtime.Instance;
import io.github.kawamuray.wasmtime.Module;
import io.github.kawamuray.wasmtime.Store;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Wasmtime 0.19 through JNI. */
final class Wasmtime implements WasmSubject {
    private final Engine engine = new Engine();
    private Module module;

    @Override
    public void load(byte[] wasm) {
        module = Module.fromBinary(engine, wasm);
    }

    @Override
    public Kernels instance() {
        Store<Void> store = new Store<>(null, engine);
        Instance instance = new Instance(store, module, List.of());
        Map<String, Func> exports = new HashMap<>();
        int at = instance.getFunc(store, "data").orElseThrow().call(store)[0].i32();
        ByteBuffer memory = instance.getMemory(store, "memory").orElseThrow().buffer(store);
        Func touch = instance.getFunc(store, "touch_1k").orElseThrow();
        return new Kernels() {
            @Override
            public int call(String export) {
                Func function = exports.computeIfAbsent(export, name -> instance.getFunc(store, name).orElseThrow());
                return function.call(store)[0].i32();
            }

            @Override
            public int kibibyte(byte[] input, byte[] output) {
                memory.put(at, input);
                int sum = touch.call(store)[0].i32();
                memory.get(at, output);
                return sum;
            }

            @Override
            public void close() {
                instance.close();
                store.close();
            }
        };
    }

    @Override
    public void close() {
        module.close();
        engine.close();
    }
}
