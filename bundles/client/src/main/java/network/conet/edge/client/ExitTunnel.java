package network.conet.edge.client;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import network.conet.edge.api.NodeEntry;
import network.conet.edge.client.ClientException.Kind;
import network.conet.edge.protocol.Envelope;
import network.conet.edge.protocol.EnvelopeBody;
import network.conet.edge.protocol.JsonValue;

/**
 * Connections to targets through an exit node, each opened by one sealed command posted through an entry that is not
 * the exit (wire, section 5.3). After the command the connection carries the target's bytes and nothing else. Blocks;
 * safe for use by many threads.
 */
public final class ExitTunnel {
    /** Longest first part that travels inside the command. */
    public static final int FIRST_BYTES_MAX = 64 * 1024;
    private static final int CONNECT_MILLIS = 10_000;

    private final ConetClient client;
    private final NodeEntry exit;

    /**
     * @param client who asks, and pays
     * @param exit the node whose address targets see
     */
    public ExitTunnel(ConetClient client, NodeEntry exit) {
        this.client = client;
        this.exit = exit;
    }

    /**
     * Opens a connection. Whether the target was reached shows only in what comes: the end without a byte says that it
     * was not.
     *
     * @param host name or literal; resolved by the exit
     * @param first bytes for the target, at most {@link #FIRST_BYTES_MAX}, may be empty; nodes of other makes lose what
     *     comes right behind the command, so the first bytes travel inside it
     * @throws ClientException UNREACHABLE when no entry can be connected
     */
    public Socket open(String host, int port, byte[] first) throws ClientException {
        JsonValue target = JsonValue.object()
                .put("host", host)
                .put("port", port)
                .put("buffer", Base64.getEncoder().encodeToString(first))
                .put("order", 0)
                .put("type", "CONNECT")
                .put("uuid", client.nonce())
                .build();
        String command = JsonValue.object()
                .put("command", "SaaS_Sock5")
                .put("walletAddress", client.identity().wallet().address().toString())
                .put("timestamp", client.epochSeconds())
                .put("algorithm", "aes-256-cbc")
                .put("Securitykey", client.nonce())
                .put("requestData", JsonValue.array(List.of(target)))
                .build()
                .toString();
        Envelope envelope = client.sealed(exit, command);
        ClientException last = null;
        for (NodeEntry entry : client.entriesFor(exit.keyId())) {
            try {
                return post(entry, envelope);
            } catch (IOException failed) {
                last = new ClientException(Kind.UNREACHABLE, "no entry node can be reached: " + failed.getMessage(),
                        failed);
            }
        }
        throw last;
    }

    private static Socket post(NodeEntry entry, Envelope envelope) throws IOException {
        byte[] body = EnvelopeBody.encode(envelope);
        ByteArrayOutputStream request = new ByteArrayOutputStream(body.length + 256);
        request.writeBytes(("POST /post HTTP/1.1\r\nHost: " + entry.endpoint().host() + ':' + entry.endpoint().port()
                + "\r\nContent-Type: application/json;charset=UTF-8\r\nContent-Length: " + body.length + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        request.writeBytes(body);
        Socket socket = new Socket();
        try {
            socket.setTcpNoDelay(true);
            socket.connect(new InetSocketAddress(entry.endpoint().host(), entry.endpoint().port()), CONNECT_MILLIS);
            socket.getOutputStream().write(request.toByteArray());
            return socket;
        } catch (IOException failed) {
            socket.close();
            throw failed;
        }
    }
}
