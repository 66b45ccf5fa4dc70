package network.conet.edge.client.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintWriter;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.RefusedException;
import network.conet.edge.protocol.WalletAddress;
import network.conet.edge.services.guest.GuestHost;

/**
 * A node's host for tests of a service on this machine: state in memory, log on standard error; mail and targets are
 * shown and not used, and nothing is fetched.
 */
final class LocalHost implements GuestHost {
    private final ByteArrayOutputStream reply = new ByteArrayOutputStream();
    private final TreeMap<String, byte[]> values = new TreeMap<>();
    private final SecureRandom random = new SecureRandom();
    private final PrintWriter err;

    LocalHost(PrintWriter err) {
        this.err = err;
    }

    /** What the last call replied; forgotten then. */
    byte[] takeReply() {
        byte[] bytes = reply.toByteArray();
        reply.reset();
        return bytes;
    }

    @Override
    public WalletAddress caller() {
        return WalletAddress.zero();
    }

    @Override
    public long epochMillis() {
        return Settings.CLOCK.epochMillis();
    }

    @Override
    public void random(byte[] into) {
        random.nextBytes(into);
    }

    @Override
    public void log(String line) {
        err.println("  log: " + line);
    }

    @Override
    public void reply(byte[] part) {
        reply.writeBytes(part);
    }

    @Override
    public Optional<byte[]> value(String key) {
        return Optional.ofNullable(values.get(key));
    }

    @Override
    public void keep(String key, byte[] value) {
        values.put(key, value);
    }

    @Override
    public void forget(String key) {
        values.remove(key);
    }

    @Override
    public List<String> keys() {
        return List.copyOf(values.keySet());
    }

    @Override
    public Optional<byte[]> oldValue(String key) {
        return Optional.empty();
    }

    @Override
    public List<String> oldKeys() {
        return List.of();
    }

    @Override
    public void send(WalletAddress to, byte[] text) {
        err.println("  mail to " + to + ", " + text.length + " bytes");
    }

    @Override
    public byte[] fetch(byte[] request) throws RefusedException {
        throw new RefusedException(RefuseReason.TARGET_UNREACHABLE);
    }

    @Override
    public void tunnel(String host, int port, int idleSeconds, long bytesMax) {
        err.println("  allows " + host + ":" + port + ", idle " + idleSeconds + " s, " + bytesMax + " bytes");
    }
}
