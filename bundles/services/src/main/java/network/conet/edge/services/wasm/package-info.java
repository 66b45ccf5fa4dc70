/** Reads, checks and meters WebAssembly modules. Pure functions on bytes: no engine, no I/O, no clock. */
package network.conet.edge.services.wasm;
