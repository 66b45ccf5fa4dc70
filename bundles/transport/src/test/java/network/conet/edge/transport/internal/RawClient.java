package network.conet.edge.transport.internal;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;

/** A client that writes and reads bytes. */
final class RawClient implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 10_000;

    final Socket socket;

    RawClient(int port) throws IOException {
        this(new Socket(), port);
    }

    RawClient(Socket unconnected, int port) throws IOException {
        socket = unconnected;
        socket.connect(new InetSocketAddress("127.0.0.1", port), PATIENCE_MILLIS);
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.setTcpNoDelay(true);
    }

    RawClient send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
        return this;
    }

    RawClient send(String text) throws IOException {
        return send(Recorded.bytes(text));
    }

    /** All until the peer ends. A reset is an exception. */
    String readToEnd() throws IOException {
        return Recorded.text(socket.getInputStream().readAllBytes());
    }

    /** Exactly so many bytes. */
    byte[] read(int length) throws IOException {
        byte[] bytes = socket.getInputStream().readNBytes(length);
        if (bytes.length < length) {
            throw new IOException("ended after " + bytes.length + " bytes: " + Recorded.text(bytes));
        }
        return bytes;
    }

    /** Up to and including the text. */
    String readUntil(String end) throws IOException {
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        while (!Recorded.text(read.toByteArray()).endsWith(end)) {
            int next = socket.getInputStream().read();
            if (next < 0) {
                throw new IOException("ended before " + end + ": " + Recorded.text(read.toByteArray()));
            }
            read.write(next);
        }
        return Recorded.text(read.toByteArray());
    }

    /** One request or answer with its announced length. */
    String readMessage() throws IOException {
        String head = readUntil("\r\n\r\n");
        int at = head.indexOf("\r\nContent-Length: ") + 18;
        return head + Recorded.text(read(Integer.parseInt(head.substring(at, head.indexOf('\r', at)))));
    }

    boolean isReset() {
        try {
            return socket.getInputStream().read() < 0;
        } catch (IOException reset) {
            return true;
        }
    }

    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
