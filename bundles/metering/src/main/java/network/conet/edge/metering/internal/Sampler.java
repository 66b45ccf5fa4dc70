package network.conet.edge.metering.internal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import network.conet.edge.api.Mailbox;
import network.conet.edge.protocol.KeyId;
import network.conet.edge.protocol.WalletAddress;
import network.conet.edge.protocol.pay.LedgerEntry;

/**
 * Looks now and then what lies in the mailboxes, and writes it down seldom: an entry for each mailbox and hour would
 * wear the card more than the mail. What was seen and not written down is lost in a power cut, in favour of who
 * would pay. One owner at a time.
 */
final class Sampler {
    private final BookKeeper keeper;
    private final Mailbox mailbox;
    private final Map<WalletAddress, Long> byteSeconds = new HashMap<>();
    private long sampledSeconds;
    private long firstEpoch;
    private long lastEpoch;
    private long epochs;

    Sampler(BookKeeper keeper, Mailbox mailbox) {
        this.keeper = keeper;
        this.mailbox = mailbox;
    }

    /** An epoch began, and its frames go out. */
    void epoch(long number) {
        firstEpoch = epochs == 0 ? number : firstEpoch;
        lastEpoch = number;
        epochs++;
    }

    /** Looks when an hour has passed, or when what was seen is about to be written down. */
    void sampleIfDue(long nowSeconds, boolean isNow) {
        if (isNow || nowSeconds - sampledSeconds >= MeteringLimits.SAMPLE_SECONDS) {
            sample(nowSeconds);
        }
    }

    /** Adds what lies there now, for the time since the last look. */
    void sample(long nowSeconds) {
        long since = Math.min(nowSeconds - sampledSeconds, MeteringLimits.SAMPLE_SECONDS_MAX);
        boolean isFirst = sampledSeconds == 0;
        sampledSeconds = nowSeconds;
        if (isFirst || since <= 0) {
            return;
        }
        Map<WalletAddress, KeyId> mailboxes = keeper.ask(book -> {
            Map<WalletAddress, KeyId> known = new HashMap<>();
            book.accounts.forEach((wallet, account) -> account.keyId.ifPresent(keyId -> known.put(wallet, keyId)));
            return known;
        }).orElse(Map.of());
        mailboxes.forEach((wallet, keyId) -> {
            long bytes = mailbox.bytes(keyId);
            if (bytes > 0) {
                byteSeconds.merge(wallet, bytes * since, Long::sum);
            }
        });
    }

    /** Writes down what was seen, and begins anew. */
    CompletionStage<Void> record(long nowSeconds) {
        List<LedgerEntry> entries = new ArrayList<>();
        List<LedgerEntry.Stored.Share> shares = new ArrayList<>();
        byteSeconds.forEach((wallet, amount) -> shares.add(new LedgerEntry.Stored.Share(wallet, amount)));
        byteSeconds.clear();
        for (int from = 0; from < shares.size(); from += LedgerEntry.STORED_MAX) {
            entries.add(new LedgerEntry.Stored(nowSeconds,
                    shares.subList(from, Math.min(shares.size(), from + LedgerEntry.STORED_MAX))));
        }
        if (epochs > 0) {
            entries.add(new LedgerEntry.Uptime(nowSeconds, firstEpoch, lastEpoch, epochs));
            epochs = 0;
        }
        CompletionStage<Void> all = CompletableFuture.completedStage(null);
        for (LedgerEntry entry : entries) {
            all = all.thenCompose(ignored -> keeper.append(entry));
        }
        return all;
    }
}
