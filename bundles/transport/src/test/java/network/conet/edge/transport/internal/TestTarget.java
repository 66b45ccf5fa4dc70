package network.conet.edge.transport.internal;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** A server in the world outside, on loopback. Accepts in the test's own order. */
final class TestTarget implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 10_000;

    final ServerSocket server;

    TestTarget() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        server.setSoTimeout(PATIENCE_MILLIS);
    }

    int port() {
        return server.getLocalPort();
    }

    Socket accept() throws IOException {
        Socket accepted = server.accept();
        accepted.setSoTimeout(PATIENCE_MILLIS);
        accepted.setTcpNoDelay(true);
        return accepted;
    }

    static String read(Socket from, int length) throws IOException {
        InputStream in = from.getInputStream();
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new IOException("ended after " + bytes.length + " bytes");
        }
        return Recorded.text(bytes);
    }

    static String readToEnd(Socket from) throws IOException {
        return Recorded.text(from.getInputStream().readAllBytes());
    }

    static void write(Socket to, String text) throws IOException {
        to.getOutputStream().write(Recorded.bytes(text));
        to.getOutputStream().flush();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
