/** Reads, checks and meters WebAssembly modules. Pure functions on bytes: no engine, no I/O, no clock. */
@Export
@Version("0.1.0")
package network.conet.edge.services.wasm;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
