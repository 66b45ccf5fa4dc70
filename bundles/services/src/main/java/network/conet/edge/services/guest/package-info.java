/**
 * What a guest sees of its host: the guest interface, its capabilities and its limits. Knows nothing of OSGi or
 * the network.
 */
package network.conet.edge.services.guest;
