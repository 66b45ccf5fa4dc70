/** One module in several engines: what a call costs, what it costs to begin, and what an instance takes. */
package network.conet.edge.bench.wasm;
