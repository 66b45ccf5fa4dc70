package network.conet.edge.chain.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import network.conet.edge.chain.ScriptedChain;
import network.conet.edge.protocol.KeyId;
import network.conet.edge.protocol.WalletAddress;
import org.junit.jupiter.api.Test;

final class RouteCacheTest {
    private static final WalletAddress WALLET = ScriptedChain.wallet(1);

    private record Entry(long node, int wallet, boolean stale) {}

    /** Against a model, with a seed that is printed when it fails. */
    @Test
    void behavesAsALinkedHashMapWould() {
        long seed = Long.getLong("seed", 42);
        Random random = new Random(seed);
        int max = 150;
        RouteCache cache = new RouteCache(max);
        Map<Long, Entry> model = new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<Long, Entry> eldest) {
                return size() > max;
            }
        };
        for (int i = 0; i < 50_000; i++) {
            long key = random.nextInt(300);
            int wallet = random.nextInt(40);
            switch (random.nextInt(100)) {
                case 0 -> {
                    cache.ofWallet(ScriptedChain.wallet(wallet), true);
                    model.values().removeIf(entry -> entry.wallet == wallet);
                }
                case 1 -> {
                    cache.toNode(new KeyId(wallet), true);
                    model.values().removeIf(entry -> entry.node == wallet);
                }
                case 2 -> {
                    cache.ofWallet(ScriptedChain.wallet(wallet), false);
                    model.replaceAll((k, e) -> e.wallet == wallet ? new Entry(e.node, e.wallet, true) : e);
                }
                case 3, 4, 5, 6, 7, 8, 9 -> {
                    cache.remove(new KeyId(key));
                    model.remove(key);
                }
                case 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33,
                        34, 35, 36, 37, 38, 39 -> {
                    cache.put(new KeyId(key), new KeyId(wallet), ScriptedChain.wallet(wallet));
                    model.put(key, new Entry(wallet, wallet, false));
                }
                default -> {
                    Entry expected = model.get(key);
                    RouteCache.Route found = cache.get(new KeyId(key));
                    assertEquals(expected == null ? null : new RouteCache.Route(new KeyId(expected.node),
                            expected.stale), found, "seed " + seed + " step " + i);
                }
            }
            assertEquals(model.size(), cache.size(), "seed " + seed + " step " + i);
        }
    }

    @Test
    void forgetsTheLeastRecentlyUsedBeyondItsBound() {
        RouteCache cache = new RouteCache(3);
        for (int i = 1; i <= 3; i++) {
            cache.put(new KeyId(i), new KeyId(9), WALLET);
        }
        cache.get(new KeyId(1));
        cache.put(new KeyId(4), new KeyId(9), WALLET);
        assertEquals(3, cache.size());
        assertNull(cache.get(new KeyId(2)));
        assertEquals(new KeyId(9), cache.get(new KeyId(1)).mailboxNode());
    }

    @Test
    void marksAllStaleUntilPutAgain() {
        RouteCache cache = new RouteCache(3);
        cache.put(new KeyId(1), new KeyId(9), WALLET);
        cache.markAllStale();
        assertTrue(cache.get(new KeyId(1)).stale());
        cache.put(new KeyId(1), new KeyId(9), WALLET);
        assertEquals(false, cache.get(new KeyId(1)).stale());
    }
}
