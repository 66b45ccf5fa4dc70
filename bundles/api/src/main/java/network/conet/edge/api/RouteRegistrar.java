package network.conet.edge.api;

import java.util.concurrent.CompletionStage;
import network.conet.edge.protocol.Hash256;
import network.conet.edge.protocol.RegistrationRequest;

/**
 * Submits a wallet's own signed registration to the routing table, so that a fresh wallet needs no coins.
 * The submitter cannot change a letter of it: the table checks the wallet's signature and the key proof.
 */
public interface RouteRegistrar {
    /**
     * Submits and waits for the transaction to be mined.
     *
     * <p>Fails with {@code RefusedException}: {@code REGISTRATIONS_LIMITED} (this wallet's or the node's
     * allowance for now is used up), {@code COMMAND_MALFORMED} (the table would not accept it),
     * {@code ROUTES_UNAVAILABLE} (the chain cannot be asked, or this network has no chain).
     *
     * @return the transaction's hash
     */
    CompletionStage<Hash256> submit(RegistrationRequest request);
}
