package network.conet.edge.api;

import java.util.List;
import java.util.concurrent.CompletionStage;
import network.conet.edge.protocol.Hash256;

/**
 * An append-only list of entries, each bound to the one before by a hash, so that nothing in it can be changed, left
 * out or put in later without everything behind it changing. Kept on the same log as mail: an entry rides on the
 * force of the group it is written with. All methods may be called from any thread and return without waiting for
 * the disk.
 *
 * <p>The hash of entry {@code i} is SHA-256 over the hash of the entry before (32 bytes, zeros for the first), the
 * index (8 bytes, big-endian) and the content.
 */
public interface Ledger {
    /** Largest content of an entry, in bytes. */
    int CONTENT_BYTES_MAX = 64 * 1024;
    /** Entries that one {@link #read} gives at most. */
    int READ_ENTRIES_MAX = 1024;

    /**
     * Appends an entry. The stage completes when it is durable. Entries become durable in the order of the calls.
     * Fails with {@code RefusedException}: {@code LEDGER_FULL} (too much is unsettled), {@code MEMORY_FULL},
     * {@code STORAGE_FULL}, {@code STORAGE_FAILED}, {@code STOPPING}; nothing is then kept and the chain is as before.
     *
     * @param content at most {@link #CONTENT_BYTES_MAX}; not changed by the caller afterwards
     * @throws IllegalArgumentException when it is larger
     */
    CompletionStage<Entry> append(byte[] content);

    /** Where the chain stands: what is durable. */
    Head head();

    /**
     * Reads unsettled entries in order. A stored entry that fails its checksum, or whose hash does not follow, ends
     * the list before it and is reported through health.
     *
     * @param fromIndex the first wanted; entries that are settled are skipped
     * @param entriesMax 1 to {@link #READ_ENTRIES_MAX}
     */
    CompletionStage<List<Entry>> read(long fromIndex, int entriesMax);

    /**
     * Says that entries up to this one are settled elsewhere and may be forgotten; the chain goes on from its hash.
     * The stage completes when that is durable. Until it is called no entry is ever dropped, whatever the room.
     *
     * @param throughIndex of a durable entry, not below what is settled already
     * @throws IllegalArgumentException when it is outside that range
     */
    CompletionStage<Void> settle(long throughIndex);

    /**
     * @param index from 1, without gaps
     * @param previous hash of the entry before; zeros for the first
     * @param hash of this entry
     * @param content not to be changed
     */
    record Entry(long index, Hash256 previous, Hash256 hash, byte[] content) {}

    /**
     * @param settledIndex the last settled entry, 0 when none is
     * @param lastIndex the last entry, 0 when there is none
     * @param hash of the last entry; zeros when there is none
     */
    record Head(long settledIndex, long lastIndex, Hash256 hash) {}
}
