package network.conet.edge.services.guest;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import network.conet.edge.api.ValueStore;
import network.conet.edge.protocol.RefusedException;
import network.conet.edge.protocol.WalletAddress;
import network.conet.edge.protocol.service.Capability;

/** The functions of the import module {@code conet} ({@code docs/protocol/guest-interface.md}, section 4). */
final class ConetFunctions {
    /** Longest text of one message. */
    static final int MAIL_BYTES_MAX = 64 * 1024;
    /** Largest request of {@code http_fetch}. */
    static final int FETCH_BYTES_MAX = 256 * 1024;
    private static final int HOST_BYTES_MAX = 255;
    private static final int PORT_MAX = 65_535;
    private static final int IDLE_SECONDS_MAX = 600;
    private static final String MODULE = "conet";

    /** Something of the host that may be refused. */
    @FunctionalInterface
    private interface Attempt {
        long run() throws RefusedException;
    }

    private ConetFunctions() {}

    static void offer() {
        offer("caller", "i>i", Capability.CALLER, (guest, a) -> {
            guest.write(a[0], guest.call().host.caller().bytes());
            return Errors.OK;
        });
        offer("reply_flush", ">i", Capability.STREAM, (guest, a) -> {
            guest.charge(0);
            guest.call().flush();
            return Errors.OK;
        });
        offer("kv_get", "iiii>i", Capability.KV, (guest, a) ->
                withKey(guest, a, key -> give(guest, a, guest.call().host.value(key))));
        offer("kv_put", "iiii>i", Capability.KV, ConetFunctions::put);
        offer("kv_delete", "ii>i", Capability.KV, (guest, a) -> withKey(guest, a, key -> {
            guest.call().host.forget(key);
            return Errors.OK;
        }));
        offer("kv_list", "ii>i", Capability.KV, (guest, a) ->
                attempt(() -> give(guest, a[0], a[1], text(guest.call().host.keys()))));
        offer("old_get", "iiii>i", Capability.KV, (guest, a) ->
                withKey(guest, a, key -> give(guest, a, guest.call().host.oldValue(key))));
        offer("old_list", "ii>i", Capability.KV, (guest, a) ->
                attempt(() -> give(guest, a[0], a[1], text(guest.call().host.oldKeys()))));
        offer("mail_send", "iii>i", Capability.MAIL, ConetFunctions::send);
        offer("http_fetch", "iiii>i", Capability.HTTP, ConetFunctions::fetch);
        offer("tunnel", "iiiil>i", Capability.TUNNEL, ConetFunctions::tunnel);
    }

    private static void offer(String name, String types, Capability needs, Imports.Action action) {
        Imports.offer(MODULE, name, types, needs, action);
    }

    private static long attempt(Attempt attempt) {
        try {
            return attempt.run();
        } catch (RefusedException refused) {
            return Errors.code(refused);
        }
    }

    private interface OfKey {
        long run(String key) throws RefusedException;
    }

    private static long withKey(Guest guest, long[] a, OfKey action) {
        Optional<String> key = key(guest, a);
        return key.isEmpty() ? Errors.MALFORMED : attempt(() -> action.run(key.get()));
    }

    private static Optional<String> key(Guest guest, long[] a) {
        int length = (int) a[1];
        return length < 1 || length > ValueStore.KEY_BYTES_MAX
                ? Optional.empty()
                : utf8(guest.read(a[0], length)).filter(key -> key.indexOf('\n') < 0);
    }

    private static Optional<String> utf8(byte[] bytes) {
        try {
            return Optional.of(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
        } catch (CharacterCodingException notUtf8) {
            return Optional.empty();
        }
    }

    /** Arguments: key, its length, where the value goes, room there. */
    private static long give(Guest guest, long[] a, Optional<byte[]> value) {
        return value.isEmpty() ? Errors.MISSING : give(guest, a[2], a[3], value.get());
    }

    /** Writes as much as there is room for; answers the whole length. */
    private static long give(Guest guest, long address, long room, byte[] bytes) {
        long length = Math.min(Integer.toUnsignedLong((int) room), bytes.length);
        // All of it was fetched, so all of it is paid for.
        guest.charge(bytes.length - length);
        guest.write(address, bytes, (int) length);
        return bytes.length;
    }

    private static byte[] text(List<String> keys) {
        return String.join("\n", keys).getBytes(StandardCharsets.UTF_8);
    }

    private static long put(Guest guest, long[] a) {
        int length = (int) a[3];
        if (length < 0 || length > ValueStore.VALUE_BYTES_MAX) {
            return Errors.MALFORMED;
        }
        return withKey(guest, a, key -> {
            guest.call().host.keep(key, guest.read(a[2], length));
            return Errors.OK;
        });
    }

    /** Arguments: 20 bytes of the wallet, text, its length. */
    private static long send(Guest guest, long[] a) {
        int length = (int) a[2];
        if (length < 0 || length > MAIL_BYTES_MAX) {
            return Errors.MALFORMED;
        }
        WalletAddress to = WalletAddress.of(guest.read(a[0], WalletAddress.BYTES));
        byte[] text = guest.read(a[1], length);
        return attempt(() -> {
            guest.call().host.send(to, text);
            return Errors.OK;
        });
    }

    /** Arguments: request, its length, where the answer goes, room there. */
    private static long fetch(Guest guest, long[] a) {
        int length = (int) a[1];
        if (length < 1 || length > FETCH_BYTES_MAX) {
            return Errors.MALFORMED;
        }
        byte[] request = guest.read(a[0], length);
        return attempt(() -> give(guest, a[2], a[3], guest.call().host.fetch(request)));
    }

    /** Arguments: host, its length, port, longest silence in seconds, bytes both ways. */
    private static long tunnel(Guest guest, long[] a) {
        int length = (int) a[1];
        int port = (int) a[2];
        int idle = (int) a[3];
        boolean isInRange = length >= 1 && length <= HOST_BYTES_MAX && port >= 1 && port <= PORT_MAX
                && idle >= 1 && idle <= IDLE_SECONDS_MAX && a[4] >= 1;
        Optional<String> host = isInRange ? utf8(guest.read(a[0], length)) : Optional.empty();
        host.ifPresent(name -> guest.call().host.tunnel(name, port, idle, a[4]));
        return host.isPresent() ? Errors.OK : Errors.MALFORMED;
    }
}
