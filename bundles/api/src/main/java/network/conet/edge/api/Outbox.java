package network.conet.edge.api;

import java.util.concurrent.CompletionStage;
import network.conet.edge.protocol.WalletAddress;

/** Sends mail of the node's own, as a client of the network. Safe for use by many threads; never waits. */
public interface Outbox {
    /**
     * Seals a text to a wallet's key, signed by the node's wallet inside the seal, and hands it to the mailbox node of
     * that wallet. The stage completes when that node keeps the message. Fails with {@code RefusedException}:
     * {@code ROUTE_UNKNOWN}, {@code ROUTES_UNAVAILABLE}, {@code NEXT_NODE_UNREACHABLE}, {@code ARMOR_TOO_LARGE}, and as
     * the mailbox refuses.
     */
    CompletionStage<Void> send(WalletAddress to, byte[] text);
}
