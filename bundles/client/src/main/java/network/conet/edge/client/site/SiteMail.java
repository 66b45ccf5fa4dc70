package network.conet.edge.client.site;

import network.conet.edge.client.ClientException;
import network.conet.edge.protocol.WalletAddress;

/** Sends a sealed message. Called by several threads. */
@FunctionalInterface
interface SiteMail {
    /** @throws ClientException when it is not certain that the recipient will have it */
    void send(WalletAddress to, byte[] plaintext) throws ClientException, InterruptedException;
}
