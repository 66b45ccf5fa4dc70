package network.conet.edge.storage.internal;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import network.conet.edge.protocol.KeyId;
import network.conet.edge.protocol.RefuseReason;

/**
 * What many threads ask and change: the index, what waits to be written, and whether writing works. It is its
 * own monitor: every field and method is used only while it is held, and nothing waits while it is.
 */
final class MailboxState {
    final MailboxIndex index;
    final RecentAcks recentAcks;
    final Map<PendingMessage.Key, PendingMessage> pending = new HashMap<>();
    /** Lines for the operator, one for each thing that was lost. */
    final List<String> damage = new ArrayList<>();

    long pendingBytes;
    /** The disk failed; nothing is taken until it has worked again. */
    boolean failed;
    /** A fault of our own; nothing is taken any more. */
    boolean broken;
    boolean stopping;
    /** The last message that was due found no room. */
    boolean full;

    private static final int DAMAGE_LINES_MAX = 16;

    private final long windowNanos;
    private final long ackDelayNanos;
    private final int commitBytes;
    private ArrayDeque<PendingMessage> queue = new ArrayDeque<>();
    private List<Ack> acks = new ArrayList<>();
    private long queueBytes;
    private long queueDueNanos;
    private long acksDueNanos;

    /** An acknowledgement that is not on the disk. */
    record Ack(KeyId recipient, long sequence) {}

    /** What is written next. */
    record Batch(ArrayDeque<PendingMessage> messages, List<Ack> acks) {}

    MailboxState(MailboxSettings settings, long ackMemoryNanos) {
        index = new MailboxIndex(settings.retentionDays());
        recentAcks = new RecentAcks(StorageLimits.RECENT_ACKS_MAX, ackMemoryNanos);
        windowNanos = settings.commitWindowMillis() * 1_000_000L;
        ackDelayNanos = settings.ackDelayMillis() * 1_000_000L;
        commitBytes = settings.commitBytes();
    }

    /** Why nothing is taken now, or null. */
    RefuseReason refusal() {
        if (stopping) {
            return RefuseReason.STOPPING;
        }
        if (broken) {
            return RefuseReason.INTERNAL;
        }
        return failed ? RefuseReason.STORAGE_FAILED : null;
    }

    /** Adds a message; whether the driver should know. */
    boolean enqueue(PendingMessage message, long nowNanos) {
        pending.put(message.key, message);
        pendingBytes += message.costBytes();
        if (queue.isEmpty()) {
            queueDueNanos = nowNanos + windowNanos;
        }
        queue.add(message);
        boolean wasShort = queueBytes < commitBytes;
        queueBytes += message.costBytes();
        return queue.size() == 1 || wasShort && queueBytes >= commitBytes;
    }

    /** Takes a message out of the books, whatever became of it. */
    void forgetPending(PendingMessage message) {
        if (pending.remove(message.key, message)) {
            pendingBytes -= message.costBytes();
        }
    }

    /** Adds an acknowledgement; whether the driver should know. */
    boolean enqueueAck(KeyId recipient, long sequence, long nowNanos) {
        if (acks.isEmpty()) {
            acksDueNanos = nowNanos + ackDelayNanos;
        }
        acks.add(new Ack(recipient, sequence));
        return acks.size() == 1 || acks.size() == StorageLimits.ACKS_WAITING;
    }

    /** Puts acknowledgements back that could not be written. */
    void requeueAcks(Collection<Ack> unwritten, long nowNanos) {
        acks.addAll(unwritten);
        if (!acks.isEmpty()) {
            acksDueNanos = nowNanos + Math.max(ackDelayNanos, StorageLimits.ACK_RETRY_NANOS);
        }
    }

    /** What is due, or all there is; null when nothing is. */
    Batch take(long nowNanos, boolean all) {
        if (nanosUntilDue(nowNanos) > 0 && !(all && !(queue.isEmpty() && acks.isEmpty()))) {
            return null;
        }
        Batch batch = new Batch(queue, acks);
        queue = new ArrayDeque<>();
        acks = new ArrayList<>();
        queueBytes = 0;
        return batch;
    }

    /** How long nothing is due; 0 when something is, {@link Long#MAX_VALUE} when nothing waits. */
    long nanosUntilDue(long nowNanos) {
        long nanos = Long.MAX_VALUE;
        if (failed || broken) {
            return nanos;
        }
        if (!queue.isEmpty()) {
            nanos = queueBytes >= commitBytes ? 0 : Math.max(0, queueDueNanos - nowNanos);
        }
        if (!acks.isEmpty()) {
            boolean many = acks.size() >= StorageLimits.ACKS_WAITING
                    && acksDueNanos - nowNanos <= ackDelayNanos;
            nanos = Math.min(nanos, many ? 0 : Math.max(0, acksDueNanos - nowNanos));
        }
        return nanos;
    }

    /** Acknowledgements that are not durable; those of a batch that is being written are not among them. */
    int acksWaiting() {
        return acks.size();
    }

    void damaged(String line) {
        if (damage.size() < DAMAGE_LINES_MAX) {
            damage.add(line);
        }
    }
}
