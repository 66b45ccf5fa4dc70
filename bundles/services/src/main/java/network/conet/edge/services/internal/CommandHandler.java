package network.conet.edge.services.internal;

import java.util.Set;
import network.conet.edge.api.Exchange;
import network.conet.edge.protocol.Command;

/** Answers some commands of the wire in the host. Never waits; called from any thread. */
public interface CommandHandler {
    /** The names of the commands. */
    Set<String> commands();

    /** Answers one, at once or later. */
    void run(Command.OfService command, Exchange exchange);
}
