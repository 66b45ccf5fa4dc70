package network.conet.edge.chain.internal;

import java.nio.ByteBuffer;
import java.util.Arrays;
import network.conet.edge.protocol.KeyId;
import network.conet.edge.protocol.WalletAddress;

/**
 * Routes that were asked for, the least recently used forgotten first. Kept in arrays, 53 bytes a route, because a
 * node may remember tens of thousands. Grows by doubling up to its bound. Not thread-safe: its owner locks.
 *
 * <pre>
 *  heads[hash of key]  -> slot -> next[slot] -> ...        collisions
 *  newest <-> newer/older [slot] <-> oldest                use
 * </pre>
 */
final class RouteCache {
    private static final int NONE = -1;
    private static final int SLOTS_FIRST = 64;
    private static final long HASH_FACTOR = 0x9E3779B97F4A7C15L;

    private final int slotsMax;
    private int[] heads;
    private long[] keys;
    private long[] nodes;
    private long[] walletsHigh;
    private long[] walletsMiddle;
    private int[] walletsLow;
    private boolean[] stale;
    private int[] next;
    private int[] newer;
    private int[] older;
    private int newest = NONE;
    private int oldest = NONE;
    private int free = NONE;
    private int used;
    private int size;

    RouteCache(int slotsMax) {
        this.slotsMax = slotsMax;
        allocate(Math.min(SLOTS_FIRST, slotsMax));
    }

    /** A remembered route. */
    record Route(KeyId mailboxNode, boolean stale) {}

    int size() {
        return size;
    }

    /** The route of a key, or null; counts as use. */
    Route get(KeyId key) {
        int slot = find(key.value());
        if (slot == NONE) {
            return null;
        }
        unlinkUse(slot);
        linkUse(slot);
        return new Route(new KeyId(nodes[slot]), stale[slot]);
    }

    /** The wallet of a key, or null. */
    WalletAddress walletOf(KeyId key) {
        int slot = find(key.value());
        return slot == NONE ? null : WalletAddress.of(ByteBuffer.allocate(WalletAddress.BYTES)
                .putLong(walletsHigh[slot]).putLong(walletsMiddle[slot]).putInt(walletsLow[slot]).array());
    }

    /** Remembers a route as fresh. */
    void put(KeyId key, KeyId mailboxNode, WalletAddress wallet) {
        int slot = find(key.value());
        if (slot == NONE) {
            slot = take();
            keys[slot] = key.value();
            int head = bucket(key.value());
            next[slot] = heads[head];
            heads[head] = slot;
            size++;
        } else {
            unlinkUse(slot);
        }
        linkUse(slot);
        nodes[slot] = mailboxNode.value();
        ByteBuffer bytes = ByteBuffer.wrap(wallet.bytes());
        walletsHigh[slot] = bytes.getLong();
        walletsMiddle[slot] = bytes.getLong();
        walletsLow[slot] = bytes.getInt();
        stale[slot] = false;
    }

    void remove(KeyId key) {
        int slot = find(key.value());
        if (slot != NONE) {
            remove(slot);
        }
    }

    void markStale(KeyId key) {
        int slot = find(key.value());
        if (slot != NONE) {
            stale[slot] = true;
        }
    }

    /** Forgets, or only marks, all keys of a wallet. Walks through all: events are rare beside lookups. */
    void ofWallet(WalletAddress wallet, boolean forget) {
        ByteBuffer bytes = ByteBuffer.wrap(wallet.bytes());
        long high = bytes.getLong();
        long middle = bytes.getLong();
        int low = bytes.getInt();
        for (int slot = oldest; slot != NONE;) {
            int following = newer[slot];
            if (walletsHigh[slot] == high && walletsMiddle[slot] == middle && walletsLow[slot] == low) {
                stale[slot] = true;
                if (forget) {
                    remove(slot);
                }
            }
            slot = following;
        }
    }

    /** Forgets, or only marks, all routes that lead to a node. */
    void toNode(KeyId node, boolean forget) {
        for (int slot = oldest; slot != NONE;) {
            int following = newer[slot];
            if (nodes[slot] == node.value()) {
                stale[slot] = true;
                if (forget) {
                    remove(slot);
                }
            }
            slot = following;
        }
    }

    void markAllStale() {
        Arrays.fill(stale, true);
    }

    private int find(long key) {
        int slot = heads[bucket(key)];
        while (slot != NONE && keys[slot] != key) {
            slot = next[slot];
        }
        return slot;
    }

    /** Key ids can be chosen by who makes keys, so their bits are mixed before some of them are used. */
    private int bucket(long key) {
        long mixed = (key ^ key >>> 32) * HASH_FACTOR;
        return (int) (mixed >>> 32) & heads.length - 1;
    }

    private int take() {
        if (free != NONE) {
            int slot = free;
            free = next[slot];
            return slot;
        }
        if (used == keys.length && used < slotsMax) {
            allocate(Math.min(2 * used, slotsMax));
        }
        if (used < keys.length) {
            return used++;
        }
        remove(oldest);
        return take();
    }

    private void remove(int slot) {
        unlinkUse(slot);
        int head = bucket(keys[slot]);
        if (heads[head] == slot) {
            heads[head] = next[slot];
        } else {
            int before = heads[head];
            while (next[before] != slot) {
                before = next[before];
            }
            next[before] = next[slot];
        }
        next[slot] = free;
        free = slot;
        size--;
    }

    private void linkUse(int slot) {
        older[slot] = newest;
        newer[slot] = NONE;
        if (newest == NONE) {
            oldest = slot;
        } else {
            newer[newest] = slot;
        }
        newest = slot;
    }

    private void unlinkUse(int slot) {
        if (older[slot] == NONE) {
            oldest = newer[slot];
        } else {
            newer[older[slot]] = newer[slot];
        }
        if (newer[slot] == NONE) {
            newest = older[slot];
        } else {
            older[newer[slot]] = older[slot];
        }
    }

    /** Makes room; only called when no slot is free, so each used slot holds a route. */
    private void allocate(int slots) {
        heads = new int[Integer.highestOneBit(2 * slots - 1)];
        Arrays.fill(heads, NONE);
        boolean first = keys == null;
        keys = first ? new long[slots] : Arrays.copyOf(keys, slots);
        nodes = first ? new long[slots] : Arrays.copyOf(nodes, slots);
        walletsHigh = first ? new long[slots] : Arrays.copyOf(walletsHigh, slots);
        walletsMiddle = first ? new long[slots] : Arrays.copyOf(walletsMiddle, slots);
        walletsLow = first ? new int[slots] : Arrays.copyOf(walletsLow, slots);
        stale = first ? new boolean[slots] : Arrays.copyOf(stale, slots);
        next = first ? new int[slots] : Arrays.copyOf(next, slots);
        newer = first ? new int[slots] : Arrays.copyOf(newer, slots);
        older = first ? new int[slots] : Arrays.copyOf(older, slots);
        for (int slot = 0; slot < used; slot++) {
            int head = bucket(keys[slot]);
            next[slot] = heads[head];
            heads[head] = slot;
        }
    }
}
