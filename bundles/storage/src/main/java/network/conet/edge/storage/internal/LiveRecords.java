package network.conet.edge.storage.internal;

import network.conet.edge.storage.internal.log.Location;
import network.conet.edge.storage.internal.log.Place;
import network.conet.edge.storage.internal.log.Segment;
import network.conet.edge.storage.internal.log.SegmentPool;

/** Counts for each segment what is still wanted of it. Guarded by the state's monitor. */
final class LiveRecords {
    private final SegmentPool pool;

    LiveRecords(SegmentPool pool) {
        this.pool = pool;
    }

    /** The segment in which a record stands. */
    Segment segment(long location) {
        return pool.byNumber(Location.number(location));
    }

    /** What a reader needs to read a record without the monitor. */
    Place place(long location) {
        return Place.of(segment(location), location);
    }

    void add(long location, boolean isMessage) {
        segment(location).use().add(isMessage, Location.bytes(location));
    }

    void remove(long location, boolean isMessage) {
        segment(location).use().remove(isMessage, Location.bytes(location));
    }
}
