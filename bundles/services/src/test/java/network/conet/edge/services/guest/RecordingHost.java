package network.conet.edge.services.guest;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.RefusedException;
import network.conet.edge.protocol.WalletAddress;

/** A host that remembers what a guest did. */
final class RecordingHost implements GuestHost {
    final ByteArrayOutputStream replied = new ByteArrayOutputStream();
    final List<Integer> parts = new ArrayList<>();
    final List<String> lines = new ArrayList<>();
    final SortedMap<String, byte[]> values = new TreeMap<>();
    final SortedMap<String, byte[]> oldValues = new TreeMap<>();
    final List<String> sent = new ArrayList<>();
    final List<String> tunnels = new ArrayList<>();
    RefuseReason refusal;

    String text() {
        return replied.toString(StandardCharsets.UTF_8);
    }

    private void mayFail() throws RefusedException {
        if (refusal != null) {
            throw new RefusedException(refusal);
        }
    }

    @Override
    public WalletAddress caller() {
        byte[] bytes = new byte[WalletAddress.BYTES];
        Arrays.fill(bytes, (byte) 'w');
        return WalletAddress.of(bytes);
    }

    @Override
    public long epochMillis() {
        return 1_700_000_000_000L;
    }

    @Override
    public void random(byte[] into) {
        Arrays.fill(into, (byte) 'r');
    }

    @Override
    public void log(String line) {
        lines.add(line);
    }

    @Override
    public void reply(byte[] part) {
        parts.add(part.length);
        replied.writeBytes(part);
    }

    @Override
    public Optional<byte[]> value(String key) throws RefusedException {
        mayFail();
        return Optional.ofNullable(values.get(key));
    }

    @Override
    public void keep(String key, byte[] value) throws RefusedException {
        mayFail();
        values.put(key, value);
    }

    @Override
    public void forget(String key) throws RefusedException {
        mayFail();
        values.remove(key);
    }

    @Override
    public List<String> keys() {
        return List.copyOf(values.keySet());
    }

    @Override
    public Optional<byte[]> oldValue(String key) {
        return Optional.ofNullable(oldValues.get(key));
    }

    @Override
    public List<String> oldKeys() {
        return List.copyOf(oldValues.keySet());
    }

    @Override
    public void send(WalletAddress to, byte[] text) throws RefusedException {
        mayFail();
        sent.add(to + " " + new String(text, StandardCharsets.UTF_8));
    }

    @Override
    public byte[] fetch(byte[] request) throws RefusedException {
        mayFail();
        return ("answer to " + new String(request, StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void tunnel(String host, int port, int idleSeconds, long bytesMax) {
        tunnels.add(host + ":" + port + " " + idleSeconds + " " + bytesMax);
    }
}
