/** The {@code conet} command. Reads arguments, calls {@link network.conet.edge.client.ConetClient}, prints. */
package network.conet.edge.client.cli;
