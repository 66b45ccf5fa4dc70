/**
 * The parts of the measurements that are easier inside a JVM: a network on paper for two nodes, and simple loops that
 * explain the figures of the whole. Not shipped, not a test; each class is a program that prints one JSON object.
 */
package network.conet.edge.bench;
