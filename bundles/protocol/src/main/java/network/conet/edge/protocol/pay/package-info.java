/**
 * What a node, a client and a contract share about payment: resources and their prices, vouchers, what a ledger's
 * entries say, the commands of accounts. Pure functions on bytes and immutable values. Amounts are whole nanocredits
 * in a
 * {@code long}. Described in {@code docs/protocol/payment.md}.
 */
@Export
@Version("0.1.0")
package network.conet.edge.protocol.pay;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
