package network.conet.edge.services.engine;

import com.dylibso.chicory.compiler.InterpreterFallback;
import com.dylibso.chicory.compiler.MachineFactoryCompiler;
import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.runtime.Machine;
import com.dylibso.chicory.wasm.Parser;
import com.dylibso.chicory.wasm.WasmModule;
import java.util.function.Function;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.RefusedException;
import network.conet.edge.services.wasm.MeteredModule;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Chicory 1.7: WebAssembly compiled to JVM bytecode when it is loaded. A function that is too large for the JVM, or a
 * module that the compiler cannot take, is interpreted: slower by two orders of magnitude, with the same results and
 * the same fuel.
 */
public final class ChicoryEngine implements WasmEngine {
    /** Part of the cache's key: code of another version is not used. */
    static final String VERSION = "chicory-1.7.5";

    private static final Logger LOG = LoggerFactory.getLogger(ChicoryEngine.class);

    private final CompileCache cache;
    private final boolean isCompiling;

    /** @param cache where compiled code is kept */
    public ChicoryEngine(CompileCache cache) {
        this(cache, true);
    }

    /** @param isCompiling false to interpret everything; for tests that compare the two */
    ChicoryEngine(CompileCache cache, boolean isCompiling) {
        this.cache = cache;
        this.isCompiling = isCompiling;
    }

    @Override
    public WasmProgram load(MeteredModule module) throws RefusedException {
        WasmModule parsed;
        try {
            parsed = Parser.parse(module.wasm());
        } catch (RuntimeException stricter) {
            throw new RefusedException(RefuseReason.MODULE_UNSUPPORTED, "the engine says: " + stricter.getMessage());
        }
        return new ChicoryProgram(parsed, module, isCompiling ? compile(parsed, module) : null);
    }

    private Function<Instance, Machine> compile(WasmModule parsed, MeteredModule module) {
        CompileCache.Entry entry = cache.entry(module.sha256());
        try {
            return build(parsed, entry);
        } catch (RuntimeException | LinkageError | StackOverflowError failed) {
            // The module is valid: whatever the compiler throws, of its own or of the class writer, is its limit.
            if (entry.wasRead()) {
                // What was read passed its checksum and is wrong all the same: made by another build of this version.
                entry.discard();
                return compile(parsed, module);
            }
            LOG.warn("a module cannot be compiled and is interpreted, which is slow: {}", failed.toString());
            return null;
        }
    }

    private static Function<Instance, Machine> build(WasmModule parsed, CompileCache.Entry entry) {
        return MachineFactoryCompiler.builder(parsed)
                .withInterpreterFallback(InterpreterFallback.SILENT)
                .withCache(entry)
                .compile();
    }
}
