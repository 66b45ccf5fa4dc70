package network.conet.edge.chain.internal;

import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import network.conet.edge.chain.ChainEvent;
import network.conet.edge.chain.ChainLimits;
import network.conet.edge.chain.RoutingContracts;
import network.conet.edge.chain.RpcException;
import network.conet.edge.protocol.Hash256;

/**
 * Follows the events of the two contracts. Each time, the last {@link ChainLimits#REREAD_BLOCKS} blocks are read
 * again: what a reorganisation brings is seen, what it takes away is seen because it is missing, and what changed
 * lately is asked for once more, in case a server behind the same address was not up to date. For the worker's thread.
 */
final class LogScan {
    private final RoutingContracts contracts;
    private final Sink sink;
    private Map<Place, Seen> recent = new HashMap<>();
    private long scanned = -1;

    LogScan(RoutingContracts contracts, Sink sink) {
        this.contracts = contracts;
        this.sink = sink;
    }

    /** Is told what changed. */
    interface Sink {
        /** An event. {@code first} when it was not told of before, or when it was taken back. */
        void changed(ChainEvent event, boolean first);

        /** Events may have been missed: nothing that is remembered is sure. */
        void missed(String why);
    }

    private record Place(Hash256 block, long index) {}

    private record Seen(long block, ChainEvent event) {}

    /** Reads what came up to a block. When it fails, the next call reads the same again. */
    void scanTo(long head) throws IOException {
        if (scanned < 0) {
            // Nothing is remembered from before the first block seen.
            scanned = head;
            return;
        }
        if (scanned - head >= ChainLimits.REREAD_BLOCKS) {
            skipTo(head, "the chain went back from block " + scanned + " to " + head);
            return;
        }
        if (head < scanned) {
            // One of several servers behind an address is often a block late; what is read again covers it.
            return;
        }
        long from = Math.max(0, scanned + 1 - ChainLimits.REREAD_BLOCKS);
        if (head - from >= ChainLimits.LOG_BLOCKS_MAX) {
            skipTo(head, (head - from) + " blocks were missed");
            return;
        }
        try {
            read(from, head);
        } catch (RpcException refused) {
            skipTo(head, refused.getMessage());
        }
    }

    private void skipTo(long head, String why) {
        recent.clear();
        scanned = head;
        sink.missed(why);
    }

    private void read(long from, long head) throws IOException {
        Map<Place, Seen> found = new HashMap<>();
        Set<Place> vanished = new HashSet<>(recent.keySet());
        vanished.removeIf(place -> recent.get(place).block() < from);
        for (long start = from; start <= head; start += ChainLimits.LOG_BLOCKS_PER_REQUEST) {
            long end = Math.min(head, start + ChainLimits.LOG_BLOCKS_PER_REQUEST - 1);
            for (RoutingContracts.Log log : contracts.logs(start, end)) {
                Place place = new Place(log.blockHash(), log.index());
                Seen seen = new Seen(log.block(), log.event());
                vanished.remove(place);
                if (seen.block() > head - ChainLimits.REREAD_BLOCKS) {
                    found.put(place, seen);
                }
                if (found.size() > ChainLimits.RECENT_EVENTS_MAX) {
                    skipTo(head, "too many events in few blocks");
                    return;
                }
                sink.changed(seen.event(), !recent.containsKey(place));
            }
        }
        for (Place place : vanished) {
            sink.changed(recent.get(place).event(), true);
        }
        recent = found;
        scanned = head;
    }
}
