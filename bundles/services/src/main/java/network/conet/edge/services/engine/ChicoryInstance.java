package network.conet.edge.services.engine;

import com.dylibso.chicory.runtime.ChicoryInterruptedException;
import com.dylibso.chicory.runtime.ExportFunction;
import com.dylibso.chicory.runtime.GlobalInstance;
import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.runtime.Memory;
import com.dylibso.chicory.wasm.ChicoryException;
import java.util.HashMap;
import java.util.Map;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.services.wasm.Fuel;
import network.conet.edge.services.wasm.MeteredModule;
import network.conet.edge.services.wasm.WasmType;

/** A running guest in Chicory. */
final class ChicoryInstance implements WasmInstance {
    private final Memory memory;
    private final GlobalInstance fuel;
    private final Map<String, ExportFunction> exports = new HashMap<>();

    ChicoryInstance(Instance instance, Map<String, WasmType> functions) {
        this.memory = instance.memory();
        this.fuel = instance.exports().global(MeteredModule.FUEL_EXPORT);
        functions.forEach((name, type) -> {
            if (type.parameters().length == 0) {
                exports.put(name, instance.export(name));
            }
        });
    }

    @Override
    public int call(String export) throws WasmTrap {
        ExportFunction function = exports.get(export);
        if (function == null) {
            throw new IllegalArgumentException("no export " + export + " without parameters");
        }
        long[] results;
        try {
            results = function.apply();
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError failed) {
            throw trap(failed, fuel.getValue());
        }
        if (Fuel.isSpent(fuel.getValue())) {
            // The last straight line, or a chunk, went over; nothing tested it any more.
            throw new WasmTrap(RefuseReason.FUEL_SPENT);
        }
        return results == null || results.length == 0 ? 0 : (int) results[0];
    }

    /** Out of memory of the host is the guest's fault: it is what grows. */
    static WasmTrap trap(Throwable failed, long fuel) {
        for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
            if (cause instanceof HostStop stop) {
                return new WasmTrap(stop.reason().orElse(null));
            }
            if (cause instanceof ChicoryInterruptedException) {
                return new WasmTrap(RefuseReason.DEADLINE_PASSED);
            }
        }
        if (Fuel.isStackFull(fuel) || isStackExhausted(failed)) {
            return new WasmTrap(RefuseReason.STACK_EXHAUSTED);
        }
        if (Fuel.isSpent(fuel)) {
            return new WasmTrap(RefuseReason.FUEL_SPENT);
        }
        if (failed instanceof ChicoryException || failed instanceof OutOfMemoryError
                || failed instanceof ArithmeticException || failed instanceof IndexOutOfBoundsException
                || failed instanceof NegativeArraySizeException) {
            return new WasmTrap(RefuseReason.GUEST_TRAPPED);
        }
        throw new IllegalStateException("the Wasm engine failed", failed);
    }

    private static boolean isStackExhausted(Throwable failed) {
        for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
            if (cause instanceof StackOverflowError) {
                return true;
            }
        }
        return failed instanceof ChicoryException && "call stack exhausted".equals(failed.getMessage());
    }

    @Override
    public void refuel(long amount) {
        fuel.setValue(Fuel.fresh(amount));
    }

    @Override
    public long fuelLeft() {
        return Fuel.left(fuel.getValue());
    }

    @Override
    public void charge(long amount) {
        long number = fuel.getValue() - Math.min(amount, Fuel.MAX);
        fuel.setValue(number);
        if (Fuel.isSpent(number)) {
            throw HostStop.because(RefuseReason.FUEL_SPENT);
        }
    }

    @Override
    public byte[] read(int address, int length) {
        requireInside(address, length);
        return memory.readBytes(address, length);
    }

    @Override
    public void write(int address, byte[] bytes, int offset, int length) {
        requireInside(address, length);
        memory.write(address, bytes, offset, length);
    }

    /** Addresses and lengths are unsigned; the sum of two is below 2^33. */
    private void requireInside(int address, int length) {
        long end = Integer.toUnsignedLong(address) + Integer.toUnsignedLong(length);
        if (memory == null || end > (long) memory.pages() * Memory.PAGE_SIZE || end > Integer.MAX_VALUE) {
            throw HostStop.because(RefuseReason.GUEST_TRAPPED);
        }
    }
}
