package network.conet.edge.services.internal;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
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
 * are the guest's business. Blocks; ends early when its thread is interrupted.
 */
final class HttpFetch implements Fetcher {
    /** Largest answer that is read, head and body. */
    static final int ANSWER_BYTES_MAX = 512 * 1024;
    private static final int CONNECT_MILLIS = 5000;
    private static final int LOOK_MILLIS = 250;
    private static final int LOOKS_MAX = 40;
    private static final int BUFFER_BYTES = 8192;

    private final Supplier<Dialer> dialer;

    /** @param dialer gives null while there is none */
    HttpFetch(Supplier<Dialer> dialer) {
        this.dialer = dialer;
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
        try (Socket socket = connect(asked, address)) {
            socket.setSoTimeout(LOOK_MILLIS);
            socket.getOutputStream().write(asked.wire());
            socket.getOutputStream().flush();
            byte[] answer = read(socket.getInputStream(), budget);
            return FetchAnswer.of(answer);
        } catch (IOException failed) {
            throw new RefusedException(RefuseReason.TARGET_UNREACHABLE);
        }
    }

    private static Socket connect(FetchRequest asked, InetAddress address) throws IOException {
        Socket plain = new Socket();
        try {
            plain.connect(new InetSocketAddress(address, asked.port()), CONNECT_MILLIS);
            if (!asked.isTls()) {
                return plain;
            }
            plain.setSoTimeout(CONNECT_MILLIS);
            SSLSocketFactory factory = (SSLSocketFactory) SSLSocketFactory.getDefault();
            SSLSocket secure = (SSLSocket) factory.createSocket(plain, asked.host(), asked.port(), true);
            SSLParameters parameters = secure.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            secure.setSSLParameters(parameters);
            secure.startHandshake();
            return secure;
        } catch (IOException failed) {
            plain.close();
            throw failed;
        }
    }

    /** Reads to the end of the connection, or to the end of the answer when it says where that is. */
    private static byte[] read(InputStream in, HourlyBudget budget) throws IOException, RefusedException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        byte[] buffer = new byte[BUFFER_BYTES];
        int looks = 0;
        while (!FetchAnswer.isComplete(all)) {
            int read;
            try {
                read = in.read(buffer);
            } catch (SocketTimeoutException quiet) {
                if (Thread.currentThread().isInterrupted()) {
                    throw new RefusedException(RefuseReason.DEADLINE_PASSED);
                }
                if (++looks > LOOKS_MAX) {
                    throw quiet;
                }
                continue;
            }
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
