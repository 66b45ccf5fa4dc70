package network.conet.edge.itest.replay;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** A node's socket, whose every word a test says itself. */
final class ScriptedNode implements Closeable {
    private static final int TIMEOUT_MILLIS = 20_000;
    private static final int BACKLOG = 8;

    private final ServerSocket socket;

    ScriptedNode(String host) throws IOException {
        socket = new ServerSocket(0, BACKLOG, InetAddress.getByName(host));
        socket.setSoTimeout(TIMEOUT_MILLIS);
    }

    int port() {
        return socket.getLocalPort();
    }

    /** The next connection. */
    RawClient accept() throws IOException {
        return new RawClient(socket.accept());
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
