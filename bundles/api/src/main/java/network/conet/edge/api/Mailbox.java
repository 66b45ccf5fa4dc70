package network.conet.edge.api;

import java.util.Optional;
import java.util.concurrent.CompletionStage;
import network.conet.edge.protocol.Hash256;
import network.conet.edge.protocol.KeyId;

/**
 * Keeps sealed messages until their recipient acknowledges them. All methods may be called from any thread
 * and return without waiting for the disk.
 */
public interface Mailbox {
    /**
     * Stores one message. The stage completes normally only when the message is durable: it survives a
     * power cut in the next instant. Until then, and when it fails, the sender must not be told that it was
     * accepted.
     *
     * <p>A message whose hash is already in this mailbox, or was acknowledged within the last
     * {@link #DUPLICATE_MEMORY_SECONDS}, is not stored again: clients post one message through several
     * entry nodes. The stage then completes when the first copy is durable.
     *
     * <p>Fails with {@code RefusedException}: {@code MAILBOX_FULL} (this mailbox is over its quota),
     * {@code STORAGE_FULL} (the node is), {@code MAILBOX_ABANDONED} (its owner did not come for long),
     * {@code SOURCE_LIMITED} (this source sent its share), {@code WRITE_BUDGET_SPENT} (the card has taken what it may
     * today), {@code MEMORY_FULL} (too many bytes wait for the disk, or memory is short), {@code STORAGE_FAILED} (the
     * disk fails), {@code ARMOR_TOO_LARGE} (larger than one file of the store), {@code STOPPING}. Nothing is then kept.
     *
     * @param recipient whose mailbox
     * @param armorHash hash of exactly {@code armor}
     * @param armor the message; the caller does not change it afterwards
     * @param source who brings it
     * @param ledgerEntry content of an entry of the {@link Ledger} that becomes durable with the message, in one group,
     *     when the message is new; a ledger that takes nothing does not keep a message from being stored
     */
    CompletionStage<Receipt> store(KeyId recipient, Hash256 armorHash, byte[] armor, MailSource source,
            Optional<byte[]> ledgerEntry);

    /** {@link #store} of a message for which nobody is charged. */
    default CompletionStage<Receipt> store(KeyId recipient, Hash256 armorHash, byte[] armor, MailSource source) {
        return store(recipient, armorHash, armor, source, Optional.empty());
    }

    /**
     * Reads the oldest message that is not acknowledged and whose sequence number is greater than
     * {@code afterSequence}. A stored record that fails its checksum is skipped, counted and reported
     * through health; it never hides the messages behind it. Only durable messages are seen. Only the owner of a
     * mailbox may be read for: that he came keeps the mailbox from being abandoned.
     *
     * @param recipient whose mailbox
     * @param afterSequence 0 to begin at the oldest
     */
    CompletionStage<Optional<StoredMessage>> next(KeyId recipient, long afterSequence);

    /**
     * Forgets a message. Idempotent. The record of it may become durable later than the stage completes:
     * after a power cut in between, the message is delivered again.
     *
     * @return whether the message was there
     */
    CompletionStage<Boolean> acknowledge(KeyId recipient, Hash256 armorHash);

    /** Messages that wait in one mailbox. */
    int count(KeyId recipient);

    /** Bytes of the messages that wait in one mailbox. */
    long bytes(KeyId recipient);

    /** How long an acknowledged hash is remembered, so that a late copy is not delivered again. */
    int DUPLICATE_MEMORY_SECONDS = 1200;

    /**
     * @param sequence number of the message in this node's order, rising from 1
     * @param duplicate whether an earlier copy was kept instead
     */
    record Receipt(long sequence, boolean duplicate) {}

    /**
     * @param sequence number of the message in this node's order
     * @param armor the sealed message; not to be changed
     */
    record StoredMessage(long sequence, byte[] armor) {}
}
