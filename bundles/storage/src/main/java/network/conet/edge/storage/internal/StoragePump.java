package network.conet.edge.storage.internal;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.storage.internal.log.GroupRecord;
import network.conet.edge.storage.internal.log.RecordFormat;
import network.conet.edge.storage.internal.log.SegmentLog;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides what the writer does next: a batch that is due, what the clock asks for, room, files made ready; and, when
 * the medium failed, when to try again. One owner at a time.
 */
final class StoragePump {
    private static final Logger LOG = LoggerFactory.getLogger(StoragePump.class);

    private final StorageSettings settings;
    private final StorageParts parts;
    private final StorageState state;
    private final SegmentLog log;
    private final StorageWriter writer;
    private final Compactor compactor;
    private final Housekeeping housekeeping;
    private long recoverAtNanos;
    private long recoverWaitNanos = StorageLimits.RECOVERY_WAIT_NANOS_MIN;

    StoragePump(StorageSettings settings, StorageParts parts, StorageState state, SegmentLog log) {
        this.settings = settings;
        this.parts = parts;
        this.state = state;
        this.log = log;
        compactor = new Compactor(state, log, parts);
        writer = new StorageWriter(state, log, parts, compactor);
        housekeeping = new Housekeeping(settings, parts, state, log);
    }

    /** Does what is due. @return nanoseconds until something is due again if nothing comes */
    long pump() {
        long now = parts.clock().monotonicNanos();
        boolean hasMore = false;
        try {
            StorageState.Batch batch;
            synchronized (state) {
                batch = state.take(now, false);
            }
            if (batch != null) {
                writer.commit(batch);
            }
            housekeeping.run(now);
            if (!isFailed()) {
                // Files are made ahead once there is mail: a node that nobody uses wears nothing.
                int ahead = log.generations() == 0 ? 0 : StorageLimits.FREE_SEGMENTS_WANTED;
                hasMore = compactor.step() | log.pool().prepareStep(ahead);
            }
        } catch (IOException failure) {
            failed(failure);
        }
        if (isFailed() && now - recoverAtNanos >= 0) {
            recover();
        }
        synchronized (state) {
            now = parts.clock().monotonicNanos();
            long nanos = hasMore ? 0 : Math.min(state.nanosUntilDue(now), housekeeping.nanosUntilDue(now));
            return state.isFailed ? Math.min(nanos, Math.max(0, recoverAtNanos - now)) : nanos;
        }
    }

    /** Copies everything that is wanted together. */
    void compact() throws IOException {
        try {
            compactor.all();
        } catch (IOException failure) {
            failed(failure);
            throw failure;
        }
    }

    /** Writes everything that waits and says on the disk that this was a clean stop. */
    void finish() throws IOException {
        StorageState.Batch batch;
        boolean isWorking;
        synchronized (state) {
            isWorking = !state.isFailed && !state.isBroken;
            boolean hasWritten = !log.isClosedAtEnd();
            if (isWorking && hasWritten) {
                state.enqueueValue(housekeeping.wearValue(), parts.clock().monotonicNanos(), 0);
            }
            batch = state.take(parts.clock().monotonicNanos(), true);
        }
        if (batch != null && isWorking) {
            writer.commit(batch);
        } else if (batch != null) {
            writer.refuse(batch.writes(), RefuseReason.STOPPING);
        }
        if (isWorking && !isFailed() && log.canCloseCleanly() && !log.isClosedAtEnd()) {
            boolean isLarge;
            synchronized (state) {
                isLarge = state.mailboxes.index().size() >= settings.index().snapshotMessagesMin();
            }
            log.closeCleanly(isLarge ? snapshot() : new byte[0]);
        }
    }

    /** Refuses everything that waits. */
    void refuseAll(RefuseReason reason) {
        writer.refuseAll(reason);
    }

    /** A snapshot only saves time, so that one that cannot be written is no more than a note. */
    private byte[] snapshot() {
        try {
            synchronized (state) {
                return new Snapshot(state, parts).save(log).toBytes();
            }
        } catch (IOException failure) {
            LOG.warn("The index of the mailbox could not be saved, the next start takes longer: {}",
                    failure.toString());
            return new byte[0];
        }
    }

    private boolean isFailed() {
        synchronized (state) {
            return state.isFailed;
        }
    }

    private void failed(IOException failure) {
        boolean wasFailed;
        synchronized (state) {
            wasFailed = state.isFailed;
            state.isFailed = true;
        }
        recoverAtNanos = parts.clock().monotonicNanos() + recoverWaitNanos;
        LOG.error("The mailbox cannot be written; new mail is refused: {}", failure.toString());
        if (!wasFailed) {
            writer.refuseAll(RefuseReason.STORAGE_FAILED);
        }
    }

    /** Tries to write into another segment; nothing of the one that failed is tried again. */
    private void recover() {
        long mark;
        synchronized (state) {
            mark = log.lowWater();
        }
        try {
            if (log.canRecover() && log.begin(mark, RecordFormat.HEADER_BYTES, SegmentLog.Reserve.MAKERS)) {
                if (!log.hasGroup()) {
                    log.add(GroupRecord.lowWater(log.durableLowWater()));
                }
                log.commit();
                synchronized (state) {
                    state.isFailed = false;
                }
                recoverWaitNanos = StorageLimits.RECOVERY_WAIT_NANOS_MIN;
                LOG.warn("The mailbox can be written again");
                return;
            }
        } catch (IOException failure) {
            LOG.warn("The mailbox still cannot be written: {}", failure.toString());
        }
        recoverWaitNanos = Math.min(2 * recoverWaitNanos, StorageLimits.RECOVERY_WAIT_NANOS_MAX);
        recoverAtNanos = parts.clock().monotonicNanos() + recoverWaitNanos;
        LOG.debug("Tried again in {} s", TimeUnit.NANOSECONDS.toSeconds(recoverWaitNanos));
    }
}
