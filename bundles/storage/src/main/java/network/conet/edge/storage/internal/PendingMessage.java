package network.conet.edge.storage.internal;

import java.util.concurrent.CompletableFuture;
import network.conet.edge.api.Mailbox.Receipt;
import network.conet.edge.protocol.Hash256;
import network.conet.edge.protocol.KeyId;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.RefusedException;

/** A message that waits to become durable. */
final class PendingMessage {
    final Key key;
    final byte[] armor;
    final CompletableFuture<Receipt> done = new CompletableFuture<>();
    /** Known as soon as the message has a number. */
    GroupRecord item;

    /** One message in one mailbox. */
    record Key(KeyId recipient, Hash256 hash) {}

    PendingMessage(Key key, byte[] armor) {
        this.key = key;
        this.armor = armor;
    }

    /** What it costs in memory while it waits. */
    int costBytes() {
        return armor.length + StorageLimits.PENDING_OVERHEAD_BYTES;
    }

    int recordBytes() {
        return RecordFormat.HEADER_BYTES + Hash256.BYTES + armor.length;
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

    void refuse(RefuseReason reason) {
        done.completeExceptionally(new RefusedException(reason));
    }
}
