package network.conet.edge.storage.internal;

import java.util.concurrent.CompletableFuture;
import network.conet.edge.api.Mailbox.Receipt;
import network.conet.edge.protocol.Hash256;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.RefusedException;
import network.conet.edge.storage.internal.log.GroupRecord;
import network.conet.edge.storage.internal.log.SegmentLog;

/** A message that waits to become durable. */
final class PendingMessage extends PendingWrite {
    final Key key;
    final byte[] armor;
    final CompletableFuture<Receipt> done = new CompletableFuture<>();
    private final StorageState state;
    private long sequence;
    private long expirySeconds;
    private long seconds;

    /** One message in one mailbox. */
    record Key(long mailbox, Hash256 hash) {}

    PendingMessage(StorageState state, Key key, byte[] armor) {
        this.state = state;
        this.key = key;
        this.armor = armor;
    }

    @Override
    int payloadBytes() {
        return Hash256.BYTES + armor.length;
    }

    @Override
    GroupRecord toRecord(SegmentLog log, long millis) {
        sequence = log.takeSequence();
        seconds = Math.floorDiv(millis, 1000L);
        expirySeconds = millis == 0 ? 0 : seconds + state.mailboxes.retentionSeconds();
        return GroupRecord.message(sequence, key.mailbox(), millis, expirySeconds, key.hash().bytes(), armor);
    }

    @Override
    void stored(GroupRecord record) {
        state.mailboxes.stored(key.mailbox(), sequence, key.hash().prefix(), record.location(), expirySeconds,
                seconds);
        state.messages.remove(key, this);
    }

    @Override
    void dropped() {
        state.mailboxes.unbook(key.mailbox(), armor.length);
        state.messages.remove(key, this);
    }

    @Override
    void complete() {
        done.complete(new Receipt(sequence, false));
    }

    /** It was stored before. */
    void completeAsCopy(long ofSequence) {
        done.complete(new Receipt(ofSequence, true));
    }

    /** A stage for a further copy of it: completes with this one. */
    CompletableFuture<Receipt> copy() {
        CompletableFuture<Receipt> copy = new CompletableFuture<>();
        done.whenComplete((receipt, failure) -> {
            if (failure == null) {
                copy.complete(new Receipt(receipt.sequence(), true));
            } else {
                copy.completeExceptionally(failure);
            }
        });
        return copy;
    }

    @Override
    void refuse(RefuseReason reason) {
        done.completeExceptionally(new RefusedException(reason));
    }
}
