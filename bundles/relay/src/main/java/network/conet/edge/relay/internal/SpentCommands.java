package network.conet.edge.relay.internal;

import java.util.HashMap;
import java.util.Map;
import network.conet.edge.protocol.ProtocolLimits;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.RefusedException;

/**
 * Remembers commands of services until their time is over, whatever comes: a call may cost money, so unlike
 * {@link ReplayMemory} it forgets nothing early. What does not fit is refused. A command from before this memory
 * began is refused too, as an earlier life of the node may have run it. Safe for use by many threads.
 *
 * <p>Commands are kept in sets, one for each period of their timestamps as long as the window; a set goes when no
 * command in it can be timely any more. There are at most four.
 */
final class SpentCommands {
    private static final long PERIOD_SECONDS = ProtocolLimits.COMMAND_WINDOW_SECONDS;

    private final int max;
    private final long begunSeconds;
    private final Map<Long, LongSet> periods = new HashMap<>();
    private int size;

    /**
     * @param max how many are remembered
     * @param nowSeconds when this memory begins
     */
    SpentCommands(int max, long nowSeconds) {
        this.max = max;
        this.begunSeconds = nowSeconds;
    }

    /**
     * @param fingerprint of a signed command that nobody can choose
     * @param timestampSeconds of the command; within the window of now
     * @return whether it was not yet remembered; it is now
     * @throws RefusedException TIMESTAMP_OUTSIDE_WINDOW before the beginning; SERVICE_BUSY when there is no room
     */
    synchronized boolean isFirst(long fingerprint, long timestampSeconds, long nowSeconds) throws RefusedException {
        if (timestampSeconds < begunSeconds) {
            throw new RefusedException(RefuseReason.TIMESTAMP_OUTSIDE_WINDOW);
        }
        periods.entrySet().removeIf(period -> {
            boolean isOver = (period.getKey() + 1) * PERIOD_SECONDS + PERIOD_SECONDS <= nowSeconds;
            size -= isOver ? period.getValue().size() : 0;
            return isOver;
        });
        long period = Math.floorDiv(timestampSeconds, PERIOD_SECONDS);
        LongSet spent = periods.get(period);
        if (spent != null && spent.contains(fingerprint)) {
            return false;
        }
        if (size >= max) {
            throw new RefusedException(RefuseReason.SERVICE_BUSY);
        }
        periods.computeIfAbsent(period, key -> new LongSet()).add(fingerprint);
        size++;
        return true;
    }

    /** A set of numbers that grows; at most half of its places are taken. */
    private static final class LongSet {
        private static final int PLACES_FIRST = 64;

        private long[] places = new long[PLACES_FIRST];
        private int taken;

        int size() {
            return taken;
        }

        boolean contains(long number) {
            return places[place(places, entry(number))] != 0;
        }

        void add(long number) {
            if (2 * (taken + 1) > places.length) {
                long[] wider = new long[2 * places.length];
                for (long entry : places) {
                    if (entry != 0) {
                        wider[place(wider, entry)] = entry;
                    }
                }
                places = wider;
            }
            places[place(places, entry(number))] = entry(number);
            taken++;
        }

        /** Zero marks an empty place. */
        private static long entry(long number) {
            return number == 0 ? 1 : number;
        }

        private static int place(long[] places, long entry) {
            int place = (int) entry & places.length - 1;
            while (places[place] != 0 && places[place] != entry) {
                place = place + 1 & places.length - 1;
            }
            return place;
        }
    }
}
