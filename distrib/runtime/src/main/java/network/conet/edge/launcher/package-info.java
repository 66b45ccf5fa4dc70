/**
 * Starts the node outside of any container: makes the OSGi framework, installs the bundles that lie beside it, and
 * turns the end of the framework into an exit status that a service manager understands. Plain class path, nothing but
 * the JDK and the framework.
 */
package network.conet.edge.launcher;
