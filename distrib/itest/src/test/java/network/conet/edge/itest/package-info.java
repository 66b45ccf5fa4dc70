/**
 * The product as a whole: the house rules over all sources and jars, the distribution's bundles in the two OSGi
 * frameworks that it must run on, and the real process with its signals, exit statuses and restarts.
 */
package network.conet.edge.itest;
