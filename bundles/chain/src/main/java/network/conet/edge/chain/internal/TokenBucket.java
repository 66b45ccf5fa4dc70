package network.conet.edge.chain.internal;

import java.util.concurrent.TimeUnit;

/** An allowance that fills up evenly over a day. Not thread-safe: its owner locks. */
final class TokenBucket {
    private static final double DAY_NANOS = TimeUnit.DAYS.toNanos(1);

    private final double capacity;
    private final double perNano;
    private double tokens;
    private long filledNanos;

    /**
     * @param capacity how many at once
     * @param perDay how many in a day
     * @param nowNanos full at this time
     */
    TokenBucket(int capacity, int perDay, long nowNanos) {
        this.capacity = capacity;
        this.perNano = perDay / DAY_NANOS;
        this.tokens = capacity;
        this.filledNanos = nowNanos;
    }

    boolean hasOne(long nowNanos) {
        tokens = Math.min(capacity, tokens + (nowNanos - filledNanos) * perNano);
        filledNanos = nowNanos;
        return tokens >= 1;
    }

    /** Takes one if there is one. */
    boolean take(long nowNanos) {
        if (!hasOne(nowNanos)) {
            return false;
        }
        tokens--;
        return true;
    }

    void giveBack() {
        tokens = Math.min(capacity, tokens + 1);
    }

    /** Whether forgetting this bucket would allow nothing more than keeping it. */
    boolean isFull(long nowNanos) {
        hasOne(nowNanos);
        return tokens >= capacity;
    }
}
