/**
 * Which messages wait, and where they stand: in memory off the heap while the node runs, and in one file from a
 * clean stop to the next start. Both are made from the log and can be made from it again; the log never needs
 * them. The only package that touches MapDB, and of MapDB only its allocator off the heap and its sorted table.
 */
package network.conet.edge.storage.internal.index;
