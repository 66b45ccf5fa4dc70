package network.conet.edge.storage.internal.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Reads what a segment says: from its index when it has one that is right, else all of it. Owned by the writer. */
final class SegmentReader {
    private final Segment segment;
    private final StorageKey key;
    private final ByteBuffer buffer;
    private SegmentScanner scanner;

    /** @param buffer borrowed while something is read */
    SegmentReader(Segment segment, StorageKey key, ByteBuffer buffer) {
        this.segment = segment;
        this.key = key;
        this.buffer = buffer;
    }

    /**
     * Visits all records.
     *
     * @param end where the segment ends, or {@link SegmentScanner#END_UNKNOWN}
     * @param hasFooter whether an index stands there
     * @return places at which records were lost
     */
    int read(long end, boolean hasFooter, Scanned.Visitor visitor) throws IOException {
        byte[] index = hasFooter ? footer(end) : null;
        if (index != null) {
            Footer.read(index, visitor);
            return 0;
        }
        return scan(end, visitor).damaged();
    }

    /** Visits all records in their places. */
    SegmentScanner scan(long end, Scanned.Visitor visitor) throws IOException {
        scanner = newScanner();
        scanner.scan(end, scanned -> visitor.record(blinded(scanned)));
        return scanner;
    }

    /** What the headers in a gap of {@link #scan} say, proven or not. */
    List<Scanned> unproven(SegmentScanner.Gap gap) throws IOException {
        return scanner.unproven(gap).stream().map(this::blinded).toList();
    }

    /** Format version 1 names mailboxes openly; a reader without the key leaves it at that. */
    private Scanned blinded(Scanned scanned) {
        boolean namesMailbox = scanned.type() == RecordFormat.MESSAGE || scanned.type() == RecordFormat.ACK
                || scanned.type() == RecordFormat.ACKS_OF_ONE;
        boolean isAsWanted = segment.isMasked() || !namesMailbox || key == null;
        return isAsWanted ? scanned : new Scanned(scanned.type(), scanned.flags(), scanned.length(),
                scanned.expirySeconds(), scanned.sequence(), key.blind(scanned.key()), scanned.time(),
                scanned.offset(), scanned.head());
    }

    /** The scanner of {@link #scan}, also while it visits; null when the index served. */
    SegmentScanner scanned() {
        return scanner;
    }

    /** The records of the first group, or none when it is not right. */
    List<Scanned> firstGroup() throws IOException {
        return newScanner().firstGroup();
    }

    /** The index that stands there, or null when none that is right does. */
    byte[] footer(long end) throws IOException {
        List<Scanned> found = new ArrayList<>(newScanner().groupAt(end));
        boolean isIndex = found.size() == 1 && found.get(0).type() == RecordFormat.FOOTER;
        // Without the key it cannot be read at all; that it is right is known nevertheless.
        boolean isGood = isIndex && (key == null || Footer.isReadable(found.get(0).head()));
        return isGood ? found.get(0).head() : null;
    }

    private SegmentScanner newScanner() throws IOException {
        long size = Math.min(segment.file.sizeBytes(), segment.bytes());
        return new SegmentScanner(new SegmentWindow(segment.file, buffer, size), segment.life());
    }
}
