package network.conet.edge.storage.internal;

import java.util.concurrent.CompletableFuture;
import network.conet.edge.api.Ledger;
import network.conet.edge.protocol.Hash256;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.RefusedException;
import network.conet.edge.storage.internal.log.GroupRecord;
import network.conet.edge.storage.internal.log.RecordFormat;
import network.conet.edge.storage.internal.log.SegmentLog;

/** An entry of the ledger that waits to become durable. */
final class PendingEntry extends PendingWrite {
    final CompletableFuture<Ledger.Entry> done = new CompletableFuture<>();
    private final StorageState state;
    private final byte[] content;
    private Ledger.Entry entry;

    PendingEntry(StorageState state, byte[] content) {
        this.state = state;
        this.content = content;
    }

    @Override
    int payloadBytes() {
        return Hash256.BYTES + content.length;
    }

    @Override
    GroupRecord toRecord(SegmentLog log, long millis) {
        synchronized (state) {
            entry = state.ledger.chain(content);
        }
        return GroupRecord.of(RecordFormat.LEDGER_ENTRY, entry.index(), 0, millis, entry.previous().bytes(), content);
    }

    @Override
    void stored(GroupRecord record) {
        state.ledgerBooked -= record.bytes();
        state.ledger.appended(entry, record.location());
    }

    /** Entries are chained in order and refused in order, so nothing that was chained behind it is written either. */
    @Override
    void dropped() {
        state.ledgerBooked -= recordBytes();
        state.ledger.rollBack();
    }

    @Override
    void complete() {
        done.complete(entry);
    }

    @Override
    void refuse(RefuseReason reason) {
        done.completeExceptionally(new RefusedException(reason));
    }
}
