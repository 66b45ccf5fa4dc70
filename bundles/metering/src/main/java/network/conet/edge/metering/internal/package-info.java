/**
 * What wallets owe this node, what it owes others, what was promised and what was paid. Nothing here has a thread, a
 * clock call of its own or I/O.
 *
 * <p>{@link network.conet.edge.metering.internal.Book} is a pure function of the ledger's entries;
 * {@link network.conet.edge.metering.internal.BookKeeper} keeps it behind the ledger and saves it;
 * {@link network.conet.edge.metering.internal.Meter} decides, {@link network.conet.edge.metering.internal.Settler}
 * redeems,
 * {@link network.conet.edge.metering.internal.Reporter} tells the owner.
 */
package network.conet.edge.metering.internal;
