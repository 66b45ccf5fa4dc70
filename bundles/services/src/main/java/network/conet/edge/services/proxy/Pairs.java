package network.conet.edge.services.proxy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import network.conet.edge.api.Clock;
import network.conet.edge.api.Exchange;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.WalletAddress;

/**
 * Connections of two legs (5.5). A wallet and its pairing id name a pair; another wallet with the same id has another
 * pair. The first leg with bytes for the target is the one that goes up, whichever came first; a third is refused.
 * Safe for use by many threads.
 */
final class Pairs {
    private final Tunnels tunnels;
    private final Clock clock;
    private final Map<Key, Pair> pairs = new HashMap<>();

    Pairs(Tunnels tunnels, Clock clock) {
        this.tunnels = tunnels;
        this.clock = clock;
    }

    private record Key(WalletAddress wallet, String id) {}

    /** Takes one leg. */
    void leg(ProxyRequest request, Exchange exchange) {
        Key key = new Key(request.caller(), request.pairing());
        Pair pair;
        RefuseReason refusal = null;
        synchronized (pairs) {
            pair = pairs.get(key);
            if (pair == null && pairs.size() >= ProxyLimits.PAIRS_MAX) {
                refusal = RefuseReason.TUNNELS_FULL;
            } else if (pair == null) {
                pair = new Pair(tunnels, () -> forget(key), clock.monotonicNanos());
                pairs.put(key, pair);
            }
        }
        if (refusal != null) {
            exchange.refuse(refusal);
        } else {
            pair.leg(request, exchange);
        }
    }

    /** Called about once a second: ends what waited too long for its other leg. */
    void tick() {
        long oldest = clock.monotonicNanos() - TimeUnit.MILLISECONDS.toNanos(ProxyLimits.PAIRING_MILLIS);
        List<Pair> waiting;
        synchronized (pairs) {
            waiting = new ArrayList<>(pairs.values());
        }
        for (Pair pair : waiting) {
            if (pair.begunNanos() - oldest <= 0) {
                pair.endUnlessPaired();
            }
        }
    }

    int size() {
        synchronized (pairs) {
            return pairs.size();
        }
    }

    private void forget(Key key) {
        synchronized (pairs) {
            pairs.remove(key);
        }
    }
}
