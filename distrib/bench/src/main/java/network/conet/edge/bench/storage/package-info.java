/**
 * Our mailbox store beside others, on the same work: {@code Measure} is a program that runs one case in a JVM of its
 * own and prints one JSON object. Not shipped, not a test.
 */
package network.conet.edge.bench.storage;
