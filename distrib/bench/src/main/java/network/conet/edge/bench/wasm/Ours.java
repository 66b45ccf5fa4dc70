package network.conet.edge.bench.wasm;

import java.nio.file.Path;
import java.util.List;
import network.conet.edge.protocol.RefusedException;
import network.conet.edge.services.engine.ChicoryEngine;
import network.conet.edge.services.engine.CompileCache;
import network.conet.edge.services.engine.WasmInstance;
import network.conet.edge.services.engine.WasmProgram;
import network.conet.edge.services.engine.WasmTrap;
import network.conet.edge.services.wasm.Fuel;
import network.conet.edge.services.wasm.Meter;

/** Our engine: checked, metered, compiled, kept on disk. */
final class Ours implements WasmSubject {
    private static final long CACHE_BYTES = 32 << 20;
    private static final int PAGES_MAX = 16;

    private final ChicoryEngine engine;
    private WasmProgram program;

    Ours(Path cache) {
        engine = new ChicoryEngine(new CompileCache(cache, CACHE_BYTES));
    }

    @Override
    public void load(byte[] wasm) throws RefusedException {
        program = engine.load(Meter.meter(wasm));
    }

    @Override
    public Kernels instance() throws WasmTrap {
        WasmInstance instance = program.instantiate(List.of(), PAGES_MAX);
        int at = instance.call("data");
        return new Kernels() {
            @Override
            public int call(String export) throws WasmTrap {
                instance.refuel(Fuel.MAX);
                return instance.call(export);
            }

            @Override
            public int kibibyte(byte[] input, byte[] output) throws WasmTrap {
                instance.write(at, input, 0, input.length);
                int sum = call("touch_1k");
                byte[] read = instance.read(at, output.length);
                System.arraycopy(read, 0, output, 0, read.length);
                return sum;
            }
        };
    }

    @Override
    public void close() {
        program = null;
    }
}
