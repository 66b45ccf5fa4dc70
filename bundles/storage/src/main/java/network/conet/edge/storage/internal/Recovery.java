package network.conet.edge.storage.internal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import network.conet.edge.api.Mailbox;
import network.conet.edge.storage.internal.log.LogOpener;
import network.conet.edge.storage.internal.log.Place;
import network.conet.edge.storage.internal.log.Scanned;
import network.conet.edge.storage.internal.log.Segment;
import network.conet.edge.storage.internal.log.SegmentPool;

/** Rebuilds the state from the log. Used under the state's monitor, before anybody else sees it. */
final class Recovery implements LogOpener.Visitor {
    private final StorageParts parts;
    private final StorageState state;
    private final Map<Segment, List<String>> unread = new LinkedHashMap<>();

    Recovery(StorageSettings settings, StorageParts parts, SegmentPool pool) {
        this.parts = parts;
        state = new StorageState(settings, pool, this::acknowledged);
    }

    StorageState state() {
        return state;
    }

    @Override
    public boolean restore(byte[] info, List<Segment> segments) throws IOException {
        return new Snapshot(state, parts).restore(info, segments);
    }

    @Override
    public void record(Segment segment, Scanned scanned) throws IOException {
        RecordOwner owner = state.ownerOf(scanned.type());
        if (owner != null && !owner.found(scanned, scanned.location(segment))) {
            String what = owner == state.ledger ? "a mark of the ledger" : "a value";
            unread.computeIfAbsent(segment, first -> new ArrayList<>())
                    .add(what + " in " + segment.name() + " is damaged");
        }
    }

    /** One line for each record that was needed, stands in a segment that lives, and cannot be read. */
    List<String> unread() {
        return unread.values().stream().flatMap(List::stream).toList();
    }

    @Override
    public void dead(Segment segment) {
        state.recordOwners().forEach(owner -> owner.forgetAll(segment));
        unread.remove(segment); // half overwritten by another life, and not needed
    }

    /** Remembers what was acknowledged lately, so that a late copy is not stored again. */
    private void acknowledged(long mailbox, long sequence, long location, long timeMillis) {
        long agoMillis = Math.max(0, parts.clock().epochMillis() - timeMillis);
        if (!ClockTrust.isSet(Math.floorDiv(timeMillis, 1000L))
                || agoMillis >= TimeUnit.SECONDS.toMillis(Mailbox.DUPLICATE_MEMORY_SECONDS)) {
            return;
        }
        Place.Message message = messageIfReadable(location, sequence);
        if (message != null) {
            state.recentAcks.add(mailbox, message.hash(), sequence, parts.clock().monotonicNanos(),
                    TimeUnit.MILLISECONDS.toNanos(agoMillis));
        }
    }

    /** One that cannot be read is only not remembered: a late copy of it is stored again. */
    private Place.Message messageIfReadable(long location, long sequence) {
        try {
            return state.live.place(location).message(sequence);
        } catch (IOException unreadable) {
            return null;
        }
    }
}
