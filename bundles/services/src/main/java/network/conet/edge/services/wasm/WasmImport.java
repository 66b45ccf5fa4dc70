package network.conet.edge.services.wasm;

import java.util.Optional;

/**
 * Something that a module wants of its host.
 *
 * @param module first name
 * @param name second name
 * @param function its type, when it is a function; empty for a table, memory or global
 */
public record WasmImport(String module, String name, Optional<WasmType> function) {}
