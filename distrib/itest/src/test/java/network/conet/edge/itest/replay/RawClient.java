package network.conet.edge.itest.replay;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import network.conet.edge.protocol.FrameReader;
import network.conet.edge.protocol.JsonValue;
import network.conet.edge.protocol.RefusedException;

/** A client's end of a connection: bytes in, bytes out. Reading fails when nothing comes for a long time. */
final class RawClient implements Closeable {
    private static final int TIMEOUT_MILLIS = 20_000;
    private static final int SILENCE_MILLIS = 200;
    private static final byte[] HEAD_END = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final Socket socket;
    private final FrameReader reader = new FrameReader();
    private final Deque<JsonValue> frames = new ArrayDeque<>();
    private final ByteArrayOutputStream streamed = new ByteArrayOutputStream();

    /** Connects. */
    RawClient(InetSocketAddress node) throws IOException {
        this(new Socket());
        socket.connect(node, TIMEOUT_MILLIS);
    }

    /** Takes an accepted connection, or one that is still to be made. */
    RawClient(Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(TIMEOUT_MILLIS);
        socket.setTcpNoDelay(true);
    }

    RawClient send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        return this;
    }

    /** Sends no more, and goes on reading. */
    void endOutput() throws IOException {
        socket.shutdownOutput();
    }

    /** All that comes until the node ends the connection. */
    byte[] readToEnd() throws IOException {
        return socket.getInputStream().readAllBytes();
    }

    /** The answer, with which the node ends the connection. */
    HttpAnswer answerAndEnd() throws IOException {
        return HttpAnswer.parse(readToEnd());
    }

    /** Whether nothing comes for a while. */
    boolean isSilent() throws IOException {
        socket.setSoTimeout(SILENCE_MILLIS);
        try {
            socket.getInputStream().read();
            return false;
        } catch (SocketTimeoutException silence) {
            return true;
        } finally {
            socket.setSoTimeout(TIMEOUT_MILLIS);
        }
    }

    /** A header block with its empty line, and not a byte more. */
    String readHead() throws IOException {
        InputStream in = socket.getInputStream();
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        int matched = 0;
        while (matched < HEAD_END.length) {
            int next = in.read();
            if (next < 0) {
                throw new EOFException("ended within a header block: " + head);
            }
            head.write(next);
            matched = next == HEAD_END[matched] ? matched + 1 : next == HEAD_END[0] ? 1 : 0;
        }
        return head.toString(StandardCharsets.ISO_8859_1);
    }

    /** The header block of a stream. */
    void readStreamHead() throws IOException {
        String head = readHead();
        if (!head.startsWith("HTTP/1.1 200 OK\r\n") || !head.contains("\r\nContent-Type: text/event-stream")) {
            throw new AssertionError("no stream: " + head);
        }
    }

    /** So many bytes. */
    byte[] read(int count) throws IOException {
        byte[] bytes = socket.getInputStream().readNBytes(count);
        if (bytes.length < count) {
            throw new EOFException("ended after " + bytes.length + " of " + count + " bytes");
        }
        return bytes;
    }

    /** The next frame of a stream whose header block was read. */
    JsonValue frame() throws IOException, RefusedException {
        while (frames.isEmpty()) {
            readStream();
        }
        return frames.poll();
    }

    /** Reads so many frames more. */
    List<JsonValue> frames(int count) throws IOException, RefusedException {
        List<JsonValue> read = new ArrayList<>();
        while (read.size() < count) {
            read.add(frame());
        }
        return read;
    }

    /** All bytes of the stream since its header block; reads on until there are at least so many. */
    String stream(int bytes) throws IOException, RefusedException {
        while (streamed.size() < bytes) {
            readStream();
        }
        return streamed.toString(StandardCharsets.ISO_8859_1);
    }

    /** Goes away as a client does whose device loses its network for good: without a word but a reset. */
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private void readStream() throws IOException, RefusedException {
        byte[] bytes = new byte[8192];
        int count = socket.getInputStream().read(bytes);
        if (count < 0) {
            throw new EOFException("the stream ended after " + streamed);
        }
        streamed.write(bytes, 0, count);
        frames.addAll(reader.feed(bytes, 0, count));
    }
}
