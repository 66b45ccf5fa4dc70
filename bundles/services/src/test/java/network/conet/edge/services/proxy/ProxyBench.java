package network.conet.edge.services.proxy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import network.conet.edge.api.Accounts;
import network.conet.edge.api.Dialer;
import network.conet.edge.api.PlainCounters;
import network.conet.edge.crypto.PgpPrivateKey;
import network.conet.edge.crypto.PgpPublicKey;
import network.conet.edge.crypto.Wallet;
import network.conet.edge.crypto.WalletSignatures;
import network.conet.edge.crypto.internal.NodeKeyRing;
import network.conet.edge.protocol.Envelope;
import network.conet.edge.protocol.EnvelopeBody;
import network.conet.edge.protocol.Epoch;
import network.conet.edge.protocol.JsonException;
import network.conet.edge.protocol.JsonValue;
import network.conet.edge.protocol.Plaintext;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.RefusedException;
import network.conet.edge.protocol.WalletAddress;
import network.conet.edge.relay.internal.Relay;
import network.conet.edge.relay.internal.RelayParts;
import network.conet.edge.relay.internal.RelaySettings;
import network.conet.edge.services.internal.TunnelPlan;
import network.conet.edge.services.internal.TunnelPolicy;
import network.conet.edge.testkit.SettableClock;
import network.conet.edge.transport.internal.DialSettings;
import network.conet.edge.transport.internal.FrontSettings;
import network.conet.edge.transport.internal.HttpFront;

/** A node with real sockets, real keys and real sealed commands; its clock is set, and its policy is the test's. */
final class ProxyBench implements AutoCloseable {
    static final int PATIENCE_MILLIS = 10_000;
    static final WalletSignatures SIGNATURES = new WalletSignatures();
    static final ProxySettings SETTINGS = new ProxySettings(8, 3, 1 << 20, 1 << 19, true);
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final PgpPrivateKey KEY = PgpPrivateKey.generate("node", RANDOM, 1_700_000_000L);

    final Wallet caller = Wallet.generate(RANDOM);
    final SettableClock clock = new SettableClock(1_700_000_000_000L);
    final PlainCounters counters = new PlainCounters();
    final ServerSocket target;
    final HttpFront front;
    final ProxyHost proxy;
    /** What the policy answers; by default what was asked for. */
    volatile TunnelPolicy policy = ProxyBench::allowed;
    private final NodeKeyRing keys;
    private final Relay relay;
    private int serial;
    /** Who keeps accounts, when a test wants it. */
    volatile Optional<Accounts> accounts = Optional.empty();

    ProxyBench() throws IOException {
        this(SETTINGS, "127.0.0.0/8");
    }

    ProxyBench(ProxySettings settings, String... privateNetworksAllowed) throws IOException {
        keys = new NodeKeyRing(Wallet.generate(RANDOM), KEY, RANDOM, NodeKeyRing.Decryption.onCaller());
        Dialer[] dialer = new Dialer[1];
        proxy = new ProxyHost((command, asking, input, answer) -> policy.decide(command, asking, input, answer),
                () -> dialer[0], settings, clock, () -> accounts);
        NoNetwork none = new NoNetwork();
        relay = new Relay(new RelayParts(keys, SIGNATURES, none, none, none, () -> new Epoch(2, 0, 0, 0),
                request -> CompletableFuture.failedFuture(new RefusedException(RefuseReason.ROUTES_UNAVAILABLE)),
                proxy::run, (command, exchange) -> exchange.refuse(RefuseReason.COMMAND_UNKNOWN), Optional::empty,
                clock, counters, new SecureRandom()), new RelaySettings(1, false));
        front = new HttpFront(FrontSettings.defaults().listen(0, "127.0.0.1"), relay,
                () -> keys.wallet().toString(), counters, clock);
        front.start();
        dialer[0] = front.dialer(DialSettings.parse(privateNetworksAllowed, 16));
        target = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        target.setSoTimeout(PATIENCE_MILLIS);
    }

    private static void allowed(String command, WalletAddress asking, byte[] input,
            Consumer<TunnelPolicy.Decision> answer) {
        answer.accept(plan(input, 120, 1L << 40));
    }

    static TunnelPolicy.Decision plan(byte[] input, int idleSeconds, long bytesMax) {
        try {
            JsonValue asked = JsonValue.parse(input);
            return new TunnelPolicy.Decision(Optional.of(new TunnelPlan(asked.string("host").orElseThrow(),
                    (int) asked.integer("port").orElseThrow(), idleSeconds, bytesMax)), Optional.empty());
        } catch (JsonException broken) {
            throw new AssertionError(broken);
        }
    }

    static TunnelPolicy.Decision no(RefuseReason reason) {
        return new TunnelPolicy.Decision(Optional.empty(), Optional.of(reason));
    }

    // ---- what clients send

    JsonValue.Builder command(String name, Wallet wallet, String host, JsonValue port, String buffer) {
        JsonValue.Builder data = JsonValue.object().put("host", host).put("port", port);
        if (buffer != null) {
            data.put("buffer", Base64.getEncoder().encodeToString(bytes(buffer)));
        }
        return JsonValue.object().put("command", name).put("walletAddress", wallet.address().toString())
                .put("Securitykey", "n" + ++serial)
                .put("requestData", JsonValue.array(List.of(data.build())));
    }

    /** To the bench's own target. */
    JsonValue.Builder command(String name, String buffer) {
        return command(name, caller, "127.0.0.1", JsonValue.of(target.getLocalPort()), buffer);
    }

    byte[] request(JsonValue command, Wallet signer) {
        String message = command.toString();
        return post(Plaintext.encode(new Plaintext.Signed(message, signer.signPersonal(bytes(message)))));
    }

    /** A request with a plaintext that is sealed to this node. */
    byte[] post(byte[] plaintext) {
        try {
            byte[] armor = PgpPublicKey.parse(keys.publicKeyArmored()).encrypt(plaintext, RANDOM);
            byte[] body = EnvelopeBody.encode(Envelope.of(armor));
            ByteArrayOutputStream request = new ByteArrayOutputStream();
            request.writeBytes(bytes("POST /post HTTP/1.1\r\nHost: node\r\nContent-Length: " + body.length
                    + "\r\n\r\n"));
            request.writeBytes(body);
            return request.toByteArray();
        } catch (RefusedException impossible) {
            throw new AssertionError(impossible);
        }
    }

    Socket post(JsonValue.Builder command) throws IOException {
        return post(command, caller, "");
    }

    /** @param behind bytes directly behind the body */
    Socket post(JsonValue.Builder command, Wallet signer, String behind) throws IOException {
        return send(request(command.build(), signer), behind);
    }

    Socket send(byte[] request, String behind) throws IOException {
        Socket socket = new Socket();
        socket.connect(new InetSocketAddress("127.0.0.1", front.port()), PATIENCE_MILLIS);
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.setTcpNoDelay(true);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(request);
        all.writeBytes(bytes(behind));
        socket.getOutputStream().write(all.toByteArray());
        return socket;
    }

    /** Posts, and reads all until the end. */
    String answer(JsonValue.Builder command) throws IOException {
        try (Socket socket = post(command)) {
            return readToEnd(socket);
        }
    }

    // ---- sockets

    Socket accept() throws IOException {
        Socket accepted = target.accept();
        accepted.setSoTimeout(PATIENCE_MILLIS);
        accepted.setTcpNoDelay(true);
        return accepted;
    }

    static void end(Socket socket) throws IOException {
        socket.close();
    }

    static void write(Socket to, String text) throws IOException {
        to.getOutputStream().write(bytes(text));
    }

    static String read(Socket from, int length) throws IOException {
        byte[] bytes = from.getInputStream().readNBytes(length);
        if (bytes.length < length) {
            throw new IOException("ended after " + bytes.length + " bytes: " + text(bytes));
        }
        return text(bytes);
    }

    static String readToEnd(Socket from) throws IOException {
        return text(from.getInputStream().readAllBytes());
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /** Waits for what another thread brings about. */
    static void await(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE_MILLIS * 1_000_000L;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("did not come about: " + what);
            }
            Thread.onSpinWait();
        }
    }

    /** All that was opened is closed. */
    void assertNothingLeft() {
        await("tunnels end", () -> proxy.openTunnels() == 0);
        await("pairs end", () -> proxy.pairs() == 0);
    }

    @Override
    public void close() throws IOException {
        target.close();
        front.close();
        keys.close();
    }
}
