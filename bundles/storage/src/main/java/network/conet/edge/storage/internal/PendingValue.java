package network.conet.edge.storage.internal;

import java.util.concurrent.CompletableFuture;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.RefusedException;
import network.conet.edge.storage.internal.log.GroupRecord;
import network.conet.edge.storage.internal.log.RecordFormat;
import network.conet.edge.storage.internal.log.SegmentLog;

/** A value, or the removal of one, that waits to become durable. */
final class PendingValue extends PendingWrite {
    final CompletableFuture<Void> done = new CompletableFuture<>();
    private final StorageState state;
    private final ValueTable.Name name;
    private final byte[] head;
    private final byte[] value;
    private long sequence;

    /** @param value null to remove it */
    PendingValue(StorageState state, ValueTable.Name name, byte[] value) {
        this.state = state;
        this.name = name;
        this.value = value;
        head = name.toBytes();
    }

    @Override
    int payloadBytes() {
        return head.length + (value == null ? 0 : value.length);
    }

    @Override
    GroupRecord toRecord(SegmentLog log, long millis) {
        synchronized (state) {
            sequence = state.values.takeSequence();
        }
        return value == null
                ? GroupRecord.of(RecordFormat.VALUE_REMOVED, sequence, 0, millis, head, new byte[0])
                : GroupRecord.of(RecordFormat.VALUE, sequence, 0, millis, head, value);
    }

    /** What it takes of the quota while it waits. */
    long bookedBytes() {
        return value == null || name.isOfNode() ? 0 : recordBytes();
    }

    @Override
    void stored(GroupRecord record) {
        state.valuesBooked -= bookedBytes();
        if (value == null) {
            state.values.remove(name, sequence);
        } else {
            state.values.put(name, sequence, record.location());
        }
    }

    @Override
    boolean makesRoom() {
        return value == null;
    }

    @Override
    void dropped() {
        state.valuesBooked -= bookedBytes();
    }

    @Override
    void complete() {
        done.complete(null);
    }

    @Override
    void refuse(RefuseReason reason) {
        done.completeExceptionally(new RefusedException(reason));
    }
}
