package network.conet.edge.storage.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import network.conet.edge.api.Counter;
import network.conet.edge.api.Ledger;
import network.conet.edge.protocol.Hash256;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.RefusedException;
import network.conet.edge.storage.internal.log.Place;
import network.conet.edge.storage.internal.log.RecordFormat;

/** The ledger on the log. Safe for use by many threads. */
final class LedgerService implements Ledger {
    private final StorageSettings settings;
    private final StorageParts parts;
    private final StorageState state;

    LedgerService(StorageSettings settings, StorageParts parts, StorageState state) {
        this.settings = settings;
        this.parts = parts;
        this.state = state;
    }

    @Override
    public CompletionStage<Entry> append(byte[] content) {
        if (content.length > CONTENT_BYTES_MAX) {
            throw new IllegalArgumentException("an entry has at most " + CONTENT_BYTES_MAX + " bytes, not "
                    + content.length);
        }
        PendingEntry entry = new PendingEntry(state, content);
        boolean isToWake;
        synchronized (state) {
            RefuseReason refusal = state.refusal();
            if (refusal == null && !state.mayWait(entry.costBytes())) {
                refusal = RefuseReason.MEMORY_FULL;
            }
            if (refusal == null && !hasRoom(entry)) {
                refusal = RefuseReason.LEDGER_FULL;
            }
            if (refusal != null) {
                return CompletableFuture.failedFuture(new RefusedException(refusal));
            }
            state.ledgerBooked += entry.recordBytes();
            long now = parts.clock().monotonicNanos();
            isToWake = state.enqueue(entry, now, state.windowNanos(now));
        }
        if (isToWake) {
            parts.driver().wake();
        }
        return entry.done;
    }

    /** Has an entry written with a message, unless the ledger takes none now: then the message comes without. */
    void bind(byte[] content, PendingMessage message) {
        PendingEntry entry = new PendingEntry(state, content);
        if (content.length > CONTENT_BYTES_MAX) {
            throw new IllegalArgumentException("an entry of " + content.length + " bytes");
        }
        if (hasRoom(entry)) {
            message.bind(entry);
        }
    }

    /** Keeps the room of what is bound to a message that is taken. */
    void book(PendingMessage message) {
        if (message.companion() != null) {
            state.ledgerBooked += message.companion().recordBytes();
        }
    }

    private boolean hasRoom(PendingEntry entry) {
        long bytes = state.ledger.bytes() + state.ledgerBooked + entry.recordBytes();
        return !state.ledger.isDamaged() && bytes <= settings.quotas().ledgerBytesMax();
    }

    @Override
    public Head head() {
        synchronized (state) {
            return state.ledger.head();
        }
    }

    @Override
    public CompletionStage<List<Entry>> read(long fromIndex, int entriesMax) {
        if (entriesMax < 1 || entriesMax > READ_ENTRIES_MAX) {
            throw new IllegalArgumentException("entriesMax must be 1.." + READ_ENTRIES_MAX + ", not " + entriesMax);
        }
        return parts.onReader(() -> entries(fromIndex, entriesMax));
    }

    private List<Entry> entries(long fromIndex, int entriesMax) throws RefusedException {
        List<Entry> entries = new ArrayList<>();
        long tried = 0;
        while (entries.size() < entriesMax) {
            long index;
            long location;
            Place place;
            synchronized (state) {
                if (state.isStopping) {
                    throw new RefusedException(RefuseReason.STOPPING);
                }
                index = entries.isEmpty() ? state.ledger.firstFrom(fromIndex)
                        : entries.get(entries.size() - 1).index() + 1;
                location = state.ledger.location(index);
                place = location == 0 ? null : state.live.place(location);
            }
            if (place == null) {
                return entries;
            }
            Entry entry = entryAt(place, index);
            boolean follows = entry != null && (entries.isEmpty()
                    || entry.previous().equals(entries.get(entries.size() - 1).hash()));
            if (follows) {
                entries.add(entry);
            } else if (tried == location) {
                damaged(index, location);
                return entries;
            }
            tried = location;
        }
        return entries;
    }

    private static Entry entryAt(Place place, long index) {
        byte[] payload = place.payloadIfReadable(RecordFormat.LEDGER_ENTRY, index);
        return payload == null || payload.length < Hash256.BYTES ? null : LedgerBook.entry(index, payload);
    }

    private void damaged(long index, long location) {
        synchronized (state) {
            if (state.ledger.location(index) == location) {
                parts.counters().add(Counter.STORAGE_RECORDS_DAMAGED, 1);
                state.damaged("entry " + index + " of the ledger in " + state.live.segment(location).name()
                        + " is damaged");
            }
        }
    }

    @Override
    public CompletionStage<Void> settle(long throughIndex) {
        synchronized (state) {
            Head head = state.ledger.head();
            if (throughIndex < head.settledIndex() || throughIndex > head.lastIndex()) {
                throw new IllegalArgumentException("settled through " + throughIndex + ", but the ledger has "
                        + head.settledIndex() + ".." + head.lastIndex());
            }
            if (throughIndex == head.settledIndex() && !state.ledger.isDamaged()) {
                return CompletableFuture.completedFuture(null);
            }
            if (throughIndex == head.lastIndex()) {
                return enqueue(new PendingSettlement(state, throughIndex, head.hash()));
            }
        }
        return read(throughIndex, 1).thenCompose(entries -> entries.isEmpty()
                ? CompletableFuture.failedFuture(new RefusedException(RefuseReason.STORAGE_FAILED))
                : enqueue(new PendingSettlement(state, throughIndex, entries.get(0).hash())));
    }

    private CompletableFuture<Void> enqueue(PendingSettlement settlement) {
        boolean isToWake;
        synchronized (state) {
            RefuseReason refusal = state.refusal();
            if (refusal != null) {
                return CompletableFuture.failedFuture(new RefusedException(refusal));
            }
            long now = parts.clock().monotonicNanos();
            isToWake = state.enqueue(settlement, now, state.windowNanos(now));
        }
        if (isToWake) {
            parts.driver().wake();
        }
        return settlement.done;
    }
}
