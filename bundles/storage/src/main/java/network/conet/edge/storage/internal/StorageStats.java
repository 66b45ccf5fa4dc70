package network.conet.edge.storage.internal;

import java.util.List;
import network.conet.edge.storage.internal.log.Segment;
import network.conet.edge.storage.internal.log.SegmentLog;

/**
 * What is stored, in numbers.
 *
 * @param messages that wait
 * @param mailboxes in which messages wait
 * @param ledgerEntries that are not settled
 * @param values of services, settings and the node itself
 * @param wantedBytes of all records that are still wanted
 * @param segmentsInUse files that hold records
 * @param segmentsMax files at most
 * @param segmentBytes size of a file
 * @param writtenBytes since counting began
 * @param writtenTodayBytes today
 */
public record StorageStats(long messages, int mailboxes, long ledgerEntries, int values, long wantedBytes,
        int segmentsInUse, int segmentsMax, int segmentBytes, long writtenBytes, long writtenTodayBytes) {

    static StorageStats of(StorageSettings settings, StorageState state, SegmentLog log) {
        List<Segment> live = log.live();
        return new StorageStats(state.mailboxes.index().size(), state.mailboxes.mailboxes(),
                state.ledger.all().size(), state.values.size(),
                live.stream().mapToLong(segment -> segment.use().bytes).sum(), live.size(),
                settings.log().segmentsMax(), settings.flash().segmentBytes(), state.wear.totalBytes(),
                state.wear.record().todayBytes());
    }
}
