/** Tests of the index and its snapshot; MapDB here is the shrunk one that ships. */
package network.conet.edge.storage.internal.index;
