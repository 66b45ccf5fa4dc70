package network.conet.edge.storage.internal;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import network.conet.edge.api.MailSource;

/**
 * How much new mail each source may still bring: a bucket of one day's share that fills again evenly. Kept in memory
 * only, for the sources that were heard last. Guarded by the state's monitor.
 */
final class SourceShares {
    private static final double DAY_NANOS = TimeUnit.DAYS.toNanos(1);

    private final long shareBytes;
    private final int sourcesMax;
    private final Map<MailSource, Bucket> buckets;

    /** What a source has left, as of one moment. */
    private static final class Bucket {
        private double leftBytes;
        private long asOfNanos;
    }

    SourceShares(long shareBytes, int sourcesMax) {
        this.shareBytes = shareBytes;
        this.sourcesMax = sourcesMax;
        buckets = new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<MailSource, Bucket> eldest) {
                return size() > SourceShares.this.sourcesMax;
            }
        };
    }

    /** Takes bytes from a source's share; false, and nothing is taken, when it has not as many left. */
    boolean take(MailSource source, int bytes, long nowNanos) {
        if (source.equals(MailSource.LOCAL)) {
            return true;
        }
        Bucket bucket = buckets.get(source);
        if (bucket == null) {
            bucket = new Bucket();
            bucket.leftBytes = shareBytes;
            bucket.asOfNanos = nowNanos;
            buckets.put(source, bucket);
        }
        double filled = bucket.leftBytes + (nowNanos - bucket.asOfNanos) / DAY_NANOS * shareBytes;
        bucket.leftBytes = Math.min(shareBytes, filled);
        bucket.asOfNanos = nowNanos;
        if (bucket.leftBytes < bytes) {
            return false;
        }
        bucket.leftBytes -= bytes;
        return true;
    }
}
