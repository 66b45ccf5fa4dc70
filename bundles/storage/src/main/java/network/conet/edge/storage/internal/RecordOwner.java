package network.conet.edge.storage.internal;

import java.io.IOException;
import network.conet.edge.storage.internal.log.Scanned;
import network.conet.edge.storage.internal.log.Segment;

/**
 * Who knows which records of some types are still wanted: the mailboxes, the ledger, the values. All methods are
 * called under the state's monitor.
 */
interface RecordOwner {
    /**
     * A record that the log holds, in the order of writing; called while it is opened.
     *
     * @return false when its payload was needed and cannot be read
     */
    boolean found(Scanned record, long location) throws IOException;

    /** Whether the record at this place is wanted. */
    boolean wants(Scanned record, long location);

    /**
     * The record was copied and the copy is durable. If the old place is still wanted, the new one is instead.
     *
     * @param expirySeconds of the copy
     */
    void moved(Scanned record, long from, long to, long expirySeconds);

    /**
     * The record is wanted and cannot be read. It is not wanted any more.
     *
     * @return what is lost, for the operator
     */
    String lost(Scanned record, long location);

    /** Nothing in this segment is wanted any more. Looks through all that is known. */
    void forgetAll(Segment segment);
}
