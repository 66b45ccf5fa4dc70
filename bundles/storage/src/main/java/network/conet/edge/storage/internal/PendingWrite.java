package network.conet.edge.storage.internal;

import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.storage.internal.log.GroupRecord;
import network.conet.edge.storage.internal.log.RecordFormat;
import network.conet.edge.storage.internal.log.SegmentLog;

/** Something that waits to become durable. Owned by the queue, then by the writer. */
abstract class PendingWrite {
    private GroupRecord item;
    private PendingWrite companion;
    private boolean isRiding;

    /** Length of the record's payload in bytes. */
    abstract int payloadBytes();

    /**
     * Gives it its number and makes its record. Called once, in the order in which records are written; the writer
     * alone.
     *
     * @param millis unix time, 0 when the clock is not set
     */
    abstract GroupRecord toRecord(SegmentLog log, long millis);

    /** The record is durable: what can be asked now knows of it. Called under the state's monitor. */
    abstract void stored(GroupRecord record);

    /** Whether it makes room, so that it may use what is kept in reserve. */
    boolean makesRoom() {
        return false;
    }

    /** It will not be written: gives back what was kept for it. Called under the state's monitor. */
    abstract void dropped();

    /** Tells who waits that it is durable. Called without the monitor, after {@link #stored}. */
    abstract void complete();

    /** Tells who waits that it is not. Called without the monitor, after {@link #dropped}. */
    abstract void refuse(RefuseReason reason);

    /** Binds a write to this one: both are written in one group, this one first, or neither is. */
    final void bind(PendingWrite with) {
        companion = with;
    }

    /** What is written with this one; null when nothing is. */
    final PendingWrite companion() {
        return companion;
    }

    /** Whether it only waits for something else to be written. Under the state's monitor. */
    final boolean isRiding() {
        return isRiding;
    }

    final void ride() {
        isRiding = true;
    }

    /** What it costs in memory while it waits. */
    final int costBytes() {
        return payloadBytes() + StorageLimits.PENDING_OVERHEAD_BYTES + (companion == null ? 0 : companion.costBytes());
    }

    /** What it takes on the medium, with what is bound to it. */
    final int recordBytes() {
        return RecordFormat.HEADER_BYTES + payloadBytes() + (companion == null ? 0 : companion.recordBytes());
    }

    /** Adds it and what is bound to it to the group that was begun; false when they do not fit. */
    final boolean addTo(SegmentLog log, long millis) {
        GroupRecord own = item(log, millis);
        return companion == null ? log.add(own) : log.add(own, companion.item(log, millis));
    }

    /** Its record, made when it is first asked for. */
    private GroupRecord item(SegmentLog log, long millis) {
        if (item == null) {
            item = toRecord(log, millis);
        }
        return item;
    }

    /** Its record; null while it has none. */
    final GroupRecord item() {
        return item;
    }
}
