package network.conet.edge.testkit;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import network.conet.edge.api.MessageHandler;
import network.conet.edge.protocol.Endpoint;

/** One life of a node, from its start to its crash. */
final class SimNode {
    private final SimNetwork network;
    private final Endpoint endpoint;
    private final MessageHandler handler;
    private final Set<SimConnection> connections = new LinkedHashSet<>();
    private boolean isUp = true;

    SimNode(SimNetwork network, Endpoint endpoint, MessageHandler handler) {
        this.network = network;
        this.endpoint = endpoint;
        this.handler = handler;
    }

    boolean isUp() {
        return isUp;
    }

    /** Runs a task if the node still lives. */
    void run(Runnable task) {
        if (isUp) {
            task.run();
        }
    }

    void joined(SimConnection connection) {
        connections.add(connection);
    }

    void left(SimConnection connection) {
        connections.remove(connection);
    }

    void handle(byte[] body, String hopHeader, SimExchange exchange) {
        try {
            handler.handle(body, hopHeader, network.register(exchange));
        } catch (RuntimeException | AssertionError thrown) {
            network.violation("handler of " + endpoint + " threw " + thrown);
        }
    }

    void crash() {
        isUp = false;
        List<SimConnection> open = new ArrayList<>(connections);
        connections.clear();
        open.forEach(SimConnection::breakOff);
    }

    @Override
    public String toString() {
        return endpoint.toString();
    }
}
