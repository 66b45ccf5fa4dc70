package network.conet.edge.client.proxy;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import network.conet.edge.client.ClientException;

/**
 * Listens on one local port for SOCKS5 and HTTP proxy connections, and joins each with a target through an exit node.
 * Two threads for each connection, as many connections as given at most; more wait to be accepted.
 */
public final class ProxyFront implements Closeable {
    private static final int BUFFER_BYTES = 32 * 1024;
    private static final int HEAD_MILLIS = 30_000;
    /** How long the program's first bytes are waited for: they go inside the command. */
    private static final int FIRST_MILLIS = 200;
    private static final byte[] CONNECTED = "HTTP/1.1 200 Connection established\r\n\r\n"
            .getBytes(StandardCharsets.US_ASCII);

    private final ServerSocket server;
    private final Opener opener;
    private final Consumer<String> complaints;
    private final Semaphore room;

    /** Opens a connection to a target; {@link network.conet.edge.client.ExitTunnel#open}. */
    @FunctionalInterface
    public interface Opener {
        /** A connected socket, whose end without a byte says that the target was not reached. */
        Socket open(String host, int port, byte[] first) throws ClientException;
    }

    /**
     * @param listen where programs connect
     * @param connectionsMax at the same time
     * @param complaints told in one line when a node refuses; never which target
     */
    public ProxyFront(InetSocketAddress listen, Opener opener, int connectionsMax, Consumer<String> complaints)
            throws IOException {
        this.server = new ServerSocket();
        this.server.setReuseAddress(true);
        this.server.bind(listen);
        this.opener = opener;
        this.room = new Semaphore(connectionsMax);
        this.complaints = complaints;
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return (InetSocketAddress) server.getLocalSocketAddress();
    }

    /** Serves until it is closed. */
    public void run() throws IOException, InterruptedException {
        while (true) {
            room.acquire();
            Socket program;
            try {
                program = server.accept();
            } catch (SocketException closed) {
                return;
            }
            Thread thread = new Thread(() -> {
                try {
                    serveWhileThere(program);
                } finally {
                    room.release();
                }
            }, "conet-proxy");
            thread.setDaemon(true);
            thread.start();
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }

    private void serveWhileThere(Socket program) {
        try (program) {
            serve(program);
        } catch (IOException gone) {
            // The program or the exit went; both sockets are closed, which is all that either can be told.
            return;
        }
    }

    private void serve(Socket program) throws IOException {
        program.setTcpNoDelay(true);
        program.setSoTimeout(HEAD_MILLIS);
        InputStream in = program.getInputStream();
        OutputStream out = program.getOutputStream();
        ProxyTarget target;
        try {
            int first = in.read();
            if (first < 0) {
                return;
            }
            target = first == Socks5.VERSION ? Socks5.read(in, out) : HttpProxyHead.read(first, in);
        } catch (RefusedByFront refused) {
            out.write(refused.answer());
            return;
        }
        // Whether the target answers shows only later, and most programs speak first: they are let speak.
        if (target.manner() == ProxyTarget.Manner.SOCKS) {
            out.write(Socks5.reply(Socks5.OK));
        } else if (target.manner() == ProxyTarget.Manner.CONNECT) {
            out.write(CONNECTED);
        }
        byte[] begun = target.first().length > 0 ? target.first() : firstBytes(program);
        try (Socket exit = opener.open(target.host(), target.port(), begun)) {
            program.setSoTimeout(0);
            join(program, exit, target.manner() == ProxyTarget.Manner.PLAIN);
        } catch (ClientException failed) {
            complaints.accept(failed.getMessage());
            if (target.manner() == ProxyTarget.Manner.PLAIN) {
                out.write(RefusedByFront.page("502 Bad Gateway"));
            }
        }
    }

    private static byte[] firstBytes(Socket program) throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        program.setSoTimeout(FIRST_MILLIS);
        try {
            int read = program.getInputStream().read(buffer);
            return Arrays.copyOf(buffer, Math.max(0, read));
        } catch (SocketTimeoutException silent) {
            return new byte[0];
        }
    }

    private void join(Socket program, Socket exit, boolean isPlain) throws IOException {
        Thread up = new Thread(() -> {
            try {
                program.getInputStream().transferTo(exit.getOutputStream());
                exit.shutdownOutput();
            } catch (IOException gone) {
                close(exit);
            }
        }, "conet-proxy-up");
        up.setDaemon(true);
        up.start();
        InputStream in = exit.getInputStream();
        OutputStream out = program.getOutputStream();
        byte[] buffer = new byte[BUFFER_BYTES];
        int first = in.read(buffer);
        Optional<String> refusal = NodePage.status(buffer, first);
        if (refusal.isPresent()) {
            complaints.accept("a node refuses: " + NodePage.explain(refusal.get()));
        }
        if (refusal.isPresent() || first < 0) {
            if (isPlain) {
                out.write(RefusedByFront.page("502 Bad Gateway"));
            }
            return;
        }
        out.write(buffer, 0, first);
        in.transferTo(out);
        program.shutdownOutput();
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
