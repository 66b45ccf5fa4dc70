package network.conet.edge.client.site;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import network.conet.edge.api.Clock;
import network.conet.edge.client.ClientException;
import network.conet.edge.crypto.Wallet;

/**
 * Answers requests for one wallet's site. Each is answered once; what is expired, for another site, or was seen before
 * is dropped without a word. Safe for use by many threads.
 */
final class SiteServer implements AutoCloseable {
    private final Wallet self;
    private final SiteSource source;
    private final SiteMail mail;
    private final Clock clock;
    private final Supplier<String> nonces;
    private final Consumer<String> told;
    private final ThreadPoolExecutor threads = new ThreadPoolExecutor(SiteLimits.ANSWERING_MAX,
            SiteLimits.ANSWERING_MAX, 30, TimeUnit.SECONDS, new ArrayBlockingQueue<>(SiteLimits.WAITING_MAX), task -> {
                Thread thread = new Thread(task, "conet-publish");
                thread.setDaemon(true);
                return thread;
            });
    private final Map<String, Boolean> seen = new LinkedHashMap<>();
    private final Map<String, Unfinished> unfinished = new LinkedHashMap<>();

    private long unsent;
    private long toldNanos;

    private static final class Unfinished {
        final SiteRequest first;
        final Map<Integer, byte[]> parts = new LinkedHashMap<>();
        long bytes;
        int count = -1;

        Unfinished(SiteRequest first) {
            this.first = first;
        }
    }

    /**
     * @param nonces gives random texts
     * @param told hears, a line at a time, what the owner of the site should know
     */
    SiteServer(Wallet self, SiteSource source, SiteMail mail, Clock clock, Supplier<String> nonces,
            Consumer<String> told) {
        this.self = self;
        this.source = source;
        this.mail = mail;
        this.clock = clock;
        this.nonces = nonces;
        this.told = told;
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }

    /** Takes one message; returns at once. */
    void received(String plaintext) {
        Optional<SiteRequest> request = SiteCodec.request(plaintext).filter(this::isForNow);
        Optional<SiteRequest> whole = request.flatMap(this::assemble).filter(this::isFirst);
        if (whole.isEmpty()) {
            return;
        }
        try {
            threads.execute(() -> answer(whole.get()));
        } catch (RejectedExecutionException busy) {
            synchronized (this) {
                seen.remove(key(whole.get()));
            }
        }
    }

    private boolean isForNow(SiteRequest request) {
        long left = request.expiresSeconds() - clock.epochSeconds();
        return request.target().equals(self.address()) && left >= 0 && left <= 2 * SiteLimits.VALIDITY.toSeconds();
    }

    private static String key(SiteRequest request) {
        return request.from() + " " + request.id();
    }

    private synchronized boolean isFirst(SiteRequest request) {
        boolean isFirst = seen.put(key(request), true) == null;
        if (seen.size() > SiteLimits.REMEMBERED_MAX) {
            seen.remove(seen.keySet().iterator().next());
        }
        return isFirst;
    }

    /** The whole request, once its last missing part has come; parts may come in any order and twice. */
    private synchronized Optional<SiteRequest> assemble(SiteRequest part) {
        if (part.part() == 0 && part.isLast()) {
            return Optional.of(part);
        }
        unfinished.values().removeIf(each -> each.first.expiresSeconds() < clock.epochSeconds());
        Unfinished all = unfinished.get(key(part));
        if (all == null) {
            long ofOne = unfinished.values().stream().filter(each -> each.first.from().equals(part.from())).count();
            if (ofOne >= SiteLimits.UNFINISHED_OF_ONE_MAX || unfinished.size() >= SiteLimits.UNFINISHED_MAX) {
                return Optional.empty();
            }
            all = new Unfinished(part);
            unfinished.put(key(part), all);
        }
        if (part.part() < 0 || all.parts.putIfAbsent(part.part(), part.body()) != null) {
            return Optional.empty();
        }
        all.bytes += part.body().length;
        all.count = part.isLast() ? part.part() + 1 : all.count;
        if (all.bytes > SiteLimits.REQUEST_BODY_BYTES_MAX || all.parts.size() > SiteLimits.EARLY_PARTS_MAX) {
            unfinished.remove(key(part));
            return Optional.empty();
        }
        if (all.count < 0 || all.parts.size() < all.count) {
            return Optional.empty();
        }
        unfinished.remove(key(part));
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (int i = 0; i < all.count; i++) {
            byte[] next = all.parts.get(i);
            if (next == null) {
                return Optional.empty();
            }
            body.writeBytes(next);
        }
        return Optional.of(all.first.withBody(body.toByteArray()));
    }

    private void answer(SiteRequest request) {
        try {
            SiteAnswer answer = source(request);
            try (InputStream body = answer.body()) {
                send(request, answer, body);
            }
        } catch (IOException | ClientException failed) {
            // The visitor's patience ends by itself; half an answer must not look whole.
            unsent(failed);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    /** A line now and then, however many visitors cannot be reached. */
    private synchronized void unsent(Exception failed) {
        unsent++;
        long now = clock.monotonicNanos();
        if (unsent == 1 || now - toldNanos >= SiteLimits.PATIENCE.toNanos()) {
            toldNanos = now;
            told.accept("an answer did not reach its visitor, " + unsent + " so far: " + failed.getMessage());
        }
    }

    private SiteAnswer source(SiteRequest request) throws InterruptedException {
        try {
            return source.answer(request);
        } catch (IOException failed) {
            return SiteAnswer.text(502, "the site does not answer");
        }
    }

    private void send(SiteRequest request, SiteAnswer answer, InputStream body)
            throws IOException, ClientException, InterruptedException {
        byte[] next = body.readNBytes(SiteLimits.PART_BYTES);
        if (!request.isPartsWanted()) {
            if (body.read() >= 0) {
                SiteAnswer large = SiteAnswer.text(502, "larger than one message, and your client takes no parts");
                next = large.body().readAllBytes();
                send(request, new SiteResponse(request.id(), large.status(), large.headers(), next, 0, true));
            } else {
                send(request, new SiteResponse(request.id(), answer.status(), answer.headers(), next, 0, true));
            }
            return;
        }
        long total = 0;
        for (int part = 0; ; part++) {
            byte[] behind = next.length < SiteLimits.PART_BYTES ? new byte[0] : body.readNBytes(SiteLimits.PART_BYTES);
            total += next.length;
            if (total > SiteLimits.ANSWER_BODY_BYTES_MAX) {
                return;
            }
            send(request, new SiteResponse(request.id(), answer.status(), part == 0 ? answer.headers() : Map.of(),
                    next, part, behind.length == 0));
            if (behind.length == 0) {
                return;
            }
            next = behind;
        }
    }

    private void send(SiteRequest request, SiteResponse response) throws ClientException, InterruptedException {
        long expires = clock.epochSeconds() + SiteLimits.VALIDITY.toSeconds();
        mail.send(request.from(),
                SiteCodec.encode(response, self, nonces.get(), expires, request.isPartsWanted()));
    }
}
