/** Services in an OSGi framework: bundles that come and go, versions, calls, credit, state. */
package network.conet.edge.services.internal;
