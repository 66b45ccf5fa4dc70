package network.conet.edge.storage.internal;

import java.util.concurrent.CompletableFuture;
import network.conet.edge.protocol.Hash256;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.RefusedException;
import network.conet.edge.storage.internal.log.GroupRecord;
import network.conet.edge.storage.internal.log.RecordFormat;
import network.conet.edge.storage.internal.log.SegmentLog;

/** The mark up to which the ledger is settled, on its way to the medium. */
final class PendingSettlement extends PendingWrite {
    final CompletableFuture<Void> done = new CompletableFuture<>();
    private final StorageState state;
    private final long throughIndex;
    private final Hash256 hash;

    PendingSettlement(StorageState state, long throughIndex, Hash256 hash) {
        this.state = state;
        this.throughIndex = throughIndex;
        this.hash = hash;
    }

    @Override
    int payloadBytes() {
        return Hash256.BYTES;
    }

    @Override
    GroupRecord toRecord(SegmentLog log, long millis) {
        return GroupRecord.of(RecordFormat.LEDGER_SETTLED, throughIndex, 0, millis, hash.bytes(), new byte[0]);
    }

    @Override
    void stored(GroupRecord record) {
        // A later mark may have become durable before one that was asked for earlier.
        if (throughIndex >= state.ledger.head().settledIndex()) {
            state.ledger.settled(throughIndex, hash, record.location());
        }
    }

    @Override
    boolean makesRoom() {
        return true;
    }

    @Override
    void dropped() { }

    @Override
    void complete() {
        done.complete(null);
    }

    @Override
    void refuse(RefuseReason reason) {
        done.completeExceptionally(new RefusedException(reason));
    }
}
