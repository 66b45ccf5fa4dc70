package network.conet.edge.client.site;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import network.conet.edge.api.Clock;

/** Answers that a front keeps, by site and address (RFC 9111, a private cache). Safe for use by many threads. */
final class SiteCache {
    private static final Pattern MAX_AGE = Pattern.compile("(?:^|[ ,])max-age=(\\d{1,9})");

    private final Clock clock;
    private final LinkedHashMap<String, Kept> kept = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;

    /**
     * @param headers of the answer
     * @param body the whole body
     * @param freshUntilNanos until when it needs not be asked for again
     */
    record Kept(Map<String, String> headers, byte[] body, long freshUntilNanos) {}

    SiteCache(Clock clock) {
        this.clock = clock;
    }

    synchronized Optional<Kept> find(String address) {
        return Optional.ofNullable(kept.get(address));
    }

    boolean isFresh(Kept answer) {
        return clock.monotonicNanos() - answer.freshUntilNanos() < 0;
    }

    /** Whether an answer may be kept: it is whole, nobody forbids it, and it can be asked about or is fresh. */
    static boolean mayKeep(int status, Map<String, String> headers) {
        String control = headers.getOrDefault("cache-control", "").toLowerCase(Locale.ROOT);
        boolean isUseful = headers.containsKey("etag") || MAX_AGE.matcher(control).find();
        return status == 200 && isUseful && !control.contains("no-store") && !headers.containsKey("set-cookie")
                && !headers.getOrDefault("vary", "").contains("*");
    }

    synchronized void keep(String address, Map<String, String> headers, byte[] body) {
        if (body.length > SiteLimits.CACHED_BYTES_MAX) {
            return;
        }
        forget(address);
        kept.put(address, new Kept(headers, body, clock.monotonicNanos() + freshNanos(headers)));
        bytes += body.length;
        while (bytes > SiteLimits.CACHE_BYTES_MAX) {
            forget(kept.keySet().iterator().next());
        }
    }

    private static long freshNanos(Map<String, String> headers) {
        String control = headers.getOrDefault("cache-control", "").toLowerCase(Locale.ROOT);
        Matcher age = MAX_AGE.matcher(control);
        return age.find() && !control.contains("no-cache") ? Long.parseLong(age.group(1)) * 1_000_000_000L : 0;
    }

    synchronized void forget(String address) {
        Kept old = kept.remove(address);
        bytes -= old == null ? 0 : old.body().length;
    }
}
