package network.conet.edge.client.site;

import network.conet.edge.client.ClientException;
import network.conet.edge.protocol.WalletAddress;
import network.conet.edge.protocol.WalletName;

/** What names of sites point to. Blocks; may be called from any thread. */
@FunctionalInterface
public interface SiteNames {
    /** @throws ClientException when a name points nowhere, or nobody can be asked */
    WalletAddress resolve(WalletName name) throws ClientException;
}
