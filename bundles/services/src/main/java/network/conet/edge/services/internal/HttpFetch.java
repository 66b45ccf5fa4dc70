package network.conet.edge.services.internal;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Supplier;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import network.conet.edge.api.Dialer;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.RefusedException;

/**
 * One HTTP/1.1 exchange for a guest, over a connection of its own to an address that the {@link Dialer} checked, so
 * that a name that resolves to something else a moment later gains nothing. TLS verifies the host's name. Redirects
 * are the guest's business. Blocks; ends at once when its thread is interrupted, whatever the other side does.
 */
final class HttpFetch implements Fetcher {
    /** Largest answer that is read, head and body. */
    static final int ANSWER_BYTES_MAX = 512 * 1024;
    private static final int CONNECT_MILLIS = 5000;
    private static final int QUIET_MILLIS = 10_000;
    private static final int BUFFER_BYTES = 8192;

    private final Supplier<Dialer> dialer;
    private final Supplier<SSLSocketFactory> tls;

    /** @param dialer gives null while there is none */
    HttpFetch(Supplier<Dialer> dialer) {
        this(dialer, () -> (SSLSocketFactory) SSLSocketFactory.getDefault());
    }

    /** @param tls knows whom to trust */
    HttpFetch(Supplier<Dialer> dialer, Supplier<SSLSocketFactory> tls) {
        this.dialer = dialer;
        this.tls = tls;
    }

    @Override
    public byte[] fetch(byte[] request, List<String> hosts, HourlyBudget budget) throws RefusedException {
        FetchRequest asked = FetchRequest.parse(request, hosts);
        Dialer present = dialer.get();
        if (present == null) {
            throw new RefusedException(RefuseReason.TARGET_UNREACHABLE);
        }
        if (!budget.take(request.length)) {
            throw new RefusedException(RefuseReason.EGRESS_SPENT);
        }
        InetAddress address = Waiting.on(present.resolve(asked.host()));
        // A channel's socket, unlike others, is closed by an interrupt of whoever waits for it. It is also what is
        // closed at the end: a TLS socket would wait for the other side to say goodbye.
        try (Socket plain = SocketChannel.open().socket()) {
            plain.setSoTimeout(QUIET_MILLIS);
            plain.connect(new InetSocketAddress(address, asked.port()), CONNECT_MILLIS);
            Socket socket = asked.isTls() ? secured(plain, asked) : plain;
            socket.getOutputStream().write(asked.wire());
            socket.getOutputStream().flush();
            return FetchAnswer.of(read(socket.getInputStream(), asked.isHead(), budget), asked.isHead());
        } catch (IOException failed) {
            throw new RefusedException(Thread.currentThread().isInterrupted()
                    ? RefuseReason.DEADLINE_PASSED : RefuseReason.TARGET_UNREACHABLE);
        }
    }

    private Socket secured(Socket plain, FetchRequest asked) throws IOException {
        SSLSocket secure = (SSLSocket) tls.get().createSocket(plain, asked.host(), asked.port(), false);
        SSLParameters parameters = secure.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        secure.setSSLParameters(parameters);
        secure.startHandshake();
        return secure;
    }

    /** Reads to the end of the connection, or to the end of the answer when it says where that is. */
    private static byte[] read(InputStream in, boolean isHead, HourlyBudget budget)
            throws IOException, RefusedException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        byte[] buffer = new byte[BUFFER_BYTES];
        while (!FetchAnswer.isComplete(all.toByteArray(), isHead)) {
            int read = in.read(buffer);
            if (read < 0) {
                break;
            }
            if (all.size() + read > ANSWER_BYTES_MAX || !budget.take(read)) {
                throw new RefusedException(RefuseReason.EGRESS_SPENT);
            }
            all.write(buffer, 0, read);
        }
        return all.toByteArray();
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
