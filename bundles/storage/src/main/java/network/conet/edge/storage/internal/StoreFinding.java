package network.conet.edge.storage.internal;

import java.util.List;

/**
 * Something in the store that is not as it was written, for the operator.
 *
 * @param file its name; empty when it is about no file that is there
 * @param from offset of the first byte that is not right; 0 when it is about the whole
 * @param to offset behind the last; 0 when it is about the whole
 * @param what is so
 * @param effect what the node does about it
 * @param lost what stood there, as far as that is known
 */
public record StoreFinding(String file, long from, long to, String what, String effect, List<Lost> lost) {
    /**
     * A record that is damaged.
     *
     * @param what a message, an acknowledgement, an entry of the ledger, ...
     * @param mailbox its blinded id; 0 for what belongs to no mailbox
     * @param sequence its number, 0 when it has none
     * @param isMessage whether it is a message
     * @param isWaiting whether it is a message that waits to be fetched, as far as the rest of the store tells; what is
     *     not waiting is acknowledged or stands elsewhere too
     * @param isProven whether the index of the segment names it; else its own header does, which may be wrong too
     */
    public record Lost(String what, long mailbox, long sequence, boolean isMessage, boolean isWaiting,
            boolean isProven) {}

    /** About the whole. */
    static StoreFinding of(String file, String what, String effect) {
        return new StoreFinding(file, 0, 0, what, effect, List.of());
    }
}
