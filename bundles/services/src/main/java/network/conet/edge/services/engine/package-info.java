/**
 * Runs metered modules: compiles them to JVM bytecode, keeps the result on disk, instantiates, calls, stops. Owns
 * Chicory.
 */
@Export
@Version("0.1.0")
package network.conet.edge.services.engine;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
