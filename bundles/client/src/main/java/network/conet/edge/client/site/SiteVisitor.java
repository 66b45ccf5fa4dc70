package network.conet.edge.client.site;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import network.conet.edge.api.Clock;
import network.conet.edge.client.ClientException;
import network.conet.edge.crypto.Wallet;
import network.conet.edge.protocol.WalletAddress;

/** Asks sites and puts their answers together. Safe for use by many threads. */
final class SiteVisitor {
    private final Wallet self;
    private final SiteMail mail;
    private final Clock clock;
    private final Supplier<String> nonces;
    private final Map<String, Answering> open = new ConcurrentHashMap<>();

    SiteVisitor(Wallet self, SiteMail mail, Clock clock, Supplier<String> nonces) {
        this.self = self;
        this.mail = mail;
        this.clock = clock;
        this.nonces = nonces;
    }

    /**
     * Asks and waits for the beginning of the answer.
     *
     * @param body at most {@link SiteLimits#REQUEST_BODY_BYTES_MAX}
     * @return the answer, whose body comes as it arrives; to be closed
     * @throws IOException when none comes in time
     */
    SiteAnswer ask(WalletAddress site, String method, String path, String query, Map<String, String> headers,
            byte[] body) throws IOException, ClientException, InterruptedException {
        if (open.size() >= SiteLimits.OPEN_MAX) {
            throw new IOException("too many requests are open");
        }
        String id = nonces.get().replaceAll("[^A-Za-z0-9]", "") + "0";
        Answering answering = new Answering(id, site);
        open.put(id, answering);
        try {
            send(id, site, method, path, query, headers, body);
            SiteResponse first = answering.first();
            return new SiteAnswer(first.status(), first.headers(), answering);
        } catch (IOException | ClientException | InterruptedException failed) {
            answering.close();
            throw failed;
        }
    }

    private void send(String id, WalletAddress site, String method, String path, String query,
            Map<String, String> headers, byte[] body) throws ClientException, InterruptedException {
        int parts = Math.max(1, (body.length + SiteLimits.PART_BYTES - 1) / SiteLimits.PART_BYTES);
        for (int part = 0; part < parts; part++) {
            byte[] piece = Arrays.copyOfRange(body, part * SiteLimits.PART_BYTES,
                    Math.min(body.length, (part + 1) * SiteLimits.PART_BYTES));
            SiteRequest request = new SiteRequest(id, self.address(), site, method, path, query, headers, piece, part,
                    part == parts - 1, true, clock.epochSeconds() + SiteLimits.VALIDITY.toSeconds());
            mail.send(site, SiteCodec.encode(request, self, nonces.get()));
        }
    }

    /** Whether a message is an answer to one of ours. */
    boolean isMine(String plaintext) {
        return SiteCodec.answeredId(plaintext).isPresent();
    }

    /** Takes one message; returns at once. What nobody waits for, or another wallet signed, is dropped. */
    void received(String plaintext) {
        Answering answering = SiteCodec.answeredId(plaintext).map(open::get).orElse(null);
        if (answering != null) {
            SiteCodec.response(plaintext, answering.site).ifPresent(answering::take);
        }
    }

    /** One answer as it comes: parts in their order, each once. */
    private final class Answering extends InputStream {
        private final String id;
        private final WalletAddress site;
        private final Map<Integer, SiteResponse> parts = new ConcurrentHashMap<>();
        private SiteResponse current;
        private int next;
        private int at;

        private Answering(String id, WalletAddress site) {
            this.id = id;
            this.site = site;
        }

        private void take(SiteResponse part) {
            synchronized (parts) {
                // A part that is far ahead, or comes a second time, is not kept: its sender breaks the rules.
                if (part.part() >= next && part.part() < next + SiteLimits.EARLY_PARTS_MAX) {
                    parts.putIfAbsent(part.part(), part);
                    parts.notifyAll();
                }
            }
        }

        private SiteResponse first() throws IOException, InterruptedException {
            current = await().orElseThrow(() -> new IOException("no answer came in time"));
            return current;
        }

        private Optional<SiteResponse> await() throws InterruptedException {
            long deadline = clock.monotonicNanos() + SiteLimits.PATIENCE.toNanos();
            synchronized (parts) {
                while (!parts.containsKey(next)) {
                    long leftMillis = (deadline - clock.monotonicNanos()) / 1_000_000;
                    if (leftMillis <= 0) {
                        return Optional.empty();
                    }
                    parts.wait(leftMillis);
                }
                return Optional.of(parts.remove(next++));
            }
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            while (at == current.body().length) {
                if (current.isLast()) {
                    return -1;
                }
                try {
                    current = await().orElseThrow(() -> new IOException("the answer broke off"));
                    at = 0;
                } catch (InterruptedException stopping) {
                    Thread.currentThread().interrupt();
                    throw new IOException("stopped", stopping);
                }
            }
            int read = Math.min(length, current.body().length - at);
            System.arraycopy(current.body(), at, into, offset, read);
            at += read;
            return read;
        }

        @Override
        public void close() {
            open.remove(id);
        }
    }
}
