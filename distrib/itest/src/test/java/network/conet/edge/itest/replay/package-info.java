/**
 * Our node on the wire of the existing network: what was recorded between clients and CoNET-SI 0.1.33 (commit
 * af0df3d) is sent to whole nodes of ours, and to nodes of ours between others, over real sockets. The recordings
 * and their throw-away keys are in {@code src/test/resources/exchanges}; {@code INDEX.md} there tells of each.
 */
package network.conet.edge.itest.replay;
