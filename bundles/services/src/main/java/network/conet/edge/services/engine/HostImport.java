package network.conet.edge.services.engine;

import network.conet.edge.services.wasm.WasmType;

/**
 * A function that the host gives to an instance.
 *
 * @param module first name of the import
 * @param name second name
 * @param type its type; parameters and results of i32 and i64 only
 * @param body what it does
 */
public record HostImport(String module, String name, WasmType type, Body body) {
    /** Runs on the thread that runs the guest. */
    @FunctionalInterface
    public interface Body {
        /**
         * @param arguments i32 in the low half
         * @return the result; anything when the type has none
         * @throws HostStop to end the guest
         */
        long call(long[] arguments);
    }
}
