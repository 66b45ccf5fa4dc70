/**
 * Makes a node out of the other bundles: gives them time, counters and configuration, gathers their health, and
 * stops the node when one of them cannot do its work. It knows no sibling: configuration is checked against the
 * metatype that each bundle carries, and everything else goes through services.
 */
package network.conet.edge.node.internal;
