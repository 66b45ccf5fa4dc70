package network.conet.edge.storage.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import network.conet.edge.api.Clock;
import network.conet.edge.api.Mailbox;
import network.conet.edge.protocol.KeyId;

/** Rebuilds the index from the log. Used under the state's monitor, before anybody else sees it. */
final class Recovery implements LogOpener.Visitor {
    private final MailboxState state;
    private final Clock clock;
    private final Map<Integer, Segment> segments = new HashMap<>();

    Recovery(MailboxState state, Clock clock) {
        this.state = state;
        this.clock = clock;
    }

    @Override
    public void message(Segment segment, SegmentScanner.Scanned scanned) {
        segments.put(segment.number, segment);
        state.index.add(new KeyId(scanned.key()), scanned.sequence(),
                Location.of(segment.number, scanned.offset(), scanned.length()),
                ByteBuffer.wrap(scanned.head()).getLong(), segment, scanned.expirySeconds(),
                Math.floorDiv(scanned.time(), 1000L));
    }

    @Override
    public void acknowledged(long key, long sequence, long timeMillis) throws IOException {
        KeyId recipient = new KeyId(key);
        MailboxEntries entries = state.index.mailbox(recipient);
        int at = entries == null ? -1 : entries.indexOf(sequence);
        if (at < 0) {
            return;
        }
        long location = entries.location(at);
        Segment segment = segments.get(Location.number(location));
        long agoMillis = Math.max(0, clock.epochMillis() - timeMillis);
        if (ClockTrust.isSet(Math.floorDiv(timeMillis, 1000L))
                && agoMillis < TimeUnit.SECONDS.toMillis(Mailbox.DUPLICATE_MEMORY_SECONDS)) {
            MailboxLog.Payload payload = MailboxLog.read(segment, segment.life, location, sequence);
            if (payload != null) {
                state.recentAcks.add(recipient, payload.hash(), sequence, clock.monotonicNanos(),
                        TimeUnit.MILLISECONDS.toNanos(agoMillis));
            }
        }
        state.index.remove(recipient, entries, at, segment);
    }

    @Override
    public void dead(Segment segment) {
        state.index.removeSegment(segment);
    }
}
