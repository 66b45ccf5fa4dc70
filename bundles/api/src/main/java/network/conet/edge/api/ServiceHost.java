package network.conet.edge.api;

import network.conet.edge.protocol.Command;

/**
 * Answers the commands that are none of the node's own. Implemented by {@code services}; a node without it refuses them
 * all. May be called from any thread; never waits.
 */
public interface ServiceHost {
    /**
     * Runs a command whose signature, time and novelty were checked, and answers the exchange, at once or later.
     * A command that nobody answers is refused with {@code COMMAND_UNKNOWN}.
     */
    void run(Command.OfService command, Exchange exchange);
}
