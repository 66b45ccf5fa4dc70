package network.conet.edge.api;

import network.conet.edge.protocol.Command;

/**
 * Answers the commands about accounts. Implemented by {@code metering}; a node without it refuses them all. May be
 * called from any thread; never waits.
 */
public interface AccountHost {
    /** Runs a command whose signature, time and novelty were checked, and answers the exchange, at once or later. */
    void run(Command.OfAccount command, Exchange exchange);
}
