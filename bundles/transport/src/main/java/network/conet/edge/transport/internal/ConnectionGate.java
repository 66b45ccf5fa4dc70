package network.conet.edge.transport.internal;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** Counts accepted connections, in all and of each address. Safe for use by many threads. */
final class ConnectionGate {
    private static final int NETWORK_BYTES = 8;

    private final int connectionsMax;
    private final int perAddressMax;
    private final int perLoopbackMax;
    private final Map<Object, int[]> byAddress = new HashMap<>();
    private int connections;

    ConnectionGate(int connectionsMax, int perAddressMax, int perLoopbackMax) {
        this.connectionsMax = connectionsMax;
        this.perAddressMax = perAddressMax;
        this.perLoopbackMax = perLoopbackMax;
    }

    /** Takes a place, to be given back by {@link #leave}; or none, when there is none. */
    synchronized boolean tryEnter(InetAddress address) {
        if (connections >= connectionsMax) {
            return false;
        }
        int[] count = byAddress.computeIfAbsent(keyOf(address), key -> new int[1]);
        if (count[0] >= (address.isLoopbackAddress() ? perLoopbackMax : perAddressMax)) {
            return false;
        }
        count[0]++;
        connections++;
        return true;
    }

    synchronized void leave(InetAddress address) {
        Object key = keyOf(address);
        int[] count = byAddress.get(key);
        if (count == null) {
            throw new AssertionError("a connection left that had not entered");
        }
        connections--;
        if (--count[0] == 0) {
            byAddress.remove(key);
        }
    }

    synchronized int connections() {
        return connections;
    }

    /** A household has a whole /64 of IPv6 addresses and may use a new one for each connection. */
    private static Object keyOf(InetAddress address) {
        if (!(address instanceof Inet6Address)) {
            return address;
        }
        return ByteBuffer.wrap(Arrays.copyOf(address.getAddress(), NETWORK_BYTES)).getLong();
    }
}
