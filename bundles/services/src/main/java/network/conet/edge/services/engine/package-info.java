/**
 * Runs metered modules: compiles them to JVM bytecode, keeps the result on disk, instantiates, calls, stops. Owns
 * Chicory.
 */
package network.conet.edge.services.engine;
