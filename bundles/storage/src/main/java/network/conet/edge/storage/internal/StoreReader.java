package network.conet.edge.storage.internal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import network.conet.edge.api.Ledger;
import network.conet.edge.api.PlainCounters;
import network.conet.edge.api.Volume;
import network.conet.edge.protocol.Hash256;
import network.conet.edge.protocol.KeyId;
import network.conet.edge.storage.internal.index.IndexSnapshot;
import network.conet.edge.storage.internal.log.IndexFile;
import network.conet.edge.storage.internal.log.Location;
import network.conet.edge.storage.internal.log.LogFinding;
import network.conet.edge.storage.internal.log.LogReader;
import network.conet.edge.storage.internal.log.Place;
import network.conet.edge.storage.internal.log.RecordFormat;
import network.conet.edge.storage.internal.log.Scanned;
import network.conet.edge.storage.internal.log.Segment;
import network.conet.edge.storage.internal.log.StorageKey;

/**
 * What a store holds, read without changing anything, also while a node writes it. Knows what waits in the same way as
 * the node does. Not thread safe.
 */
public final class StoreReader implements AutoCloseable {
    private final Volume volume;
    private final StorageKey key;
    private final LogReader log;
    private final StorageState state;
    private final List<StoreFinding> findings = new ArrayList<>();
    /** What was written, without the key: nobody can tell what of it was acknowledged. */
    private final Set<Long> mailboxesWritten = new HashSet<>();
    private long messagesWritten;

    /**
     * A message of a mailbox.
     *
     * @param sequence its number
     * @param message its content; null when it is damaged
     */
    public record Message(long sequence, Place.Message message) {}

    /** Takes the messages of a mailbox in their order. */
    @FunctionalInterface
    public interface MessageVisitor {
        /** @throws IOException when it cannot go on */
        void message(Message message) throws IOException;
    }

    /** When the messages that wait were received, unix seconds; 0 when none has a time. */
    public record Times(long oldestSeconds, long newestSeconds) {}

    /**
     * Reads all that the volume holds.
     *
     * @param key null when there is none: then only checksums are looked at
     * @param isThorough whether every checksum is looked at, and all that depends on each other
     * @throws IOException the volume cannot be read, holds files of newer software, or was written with another key
     */
    public StoreReader(Volume volume, StorageSettings settings, StorageKey key, boolean isThorough)
            throws IOException {
        this.volume = volume;
        this.key = key;
        log = new LogReader(volume, settings.log(), key, new PlainCounters());
        state = new StorageState(settings, log.pool(), (mailbox, sequence, location, timeMillis) -> { });
        boolean isRead = false;
        try {
            log.read(isThorough, key == null ? new Counting() : new Building());
            for (LogFinding finding : log.findings()) {
                findings.add(told(finding));
            }
            if (key != null) {
                String trouble = state.ledger.finishOpening();
                if (isThorough) {
                    checkLedger(trouble);
                    checkSnapshot();
                }
            }
            isRead = true;
        } finally {
            if (!isRead) {
                log.close();
            }
        }
    }

    /** What is wrong. */
    public List<StoreFinding> findings() {
        return findings;
    }

    /** Whether files began other lives while they were read: what was found may not be so. */
    public boolean isChanged() {
        return log.isChanged();
    }

    /** Messages that wait; without a key, messages that were written. */
    public long messages() {
        return key == null ? messagesWritten : state.mailboxes.index().size();
    }

    /** Mailboxes of those messages. */
    public int mailboxes() {
        return key == null ? mailboxesWritten.size() : state.mailboxes.mailboxes();
    }

    /** The files. */
    public List<LogReader.Use> files() {
        return log.uses();
    }

    /** What stands in the ledger. */
    public Ledger.Head ledger() {
        return state.ledger.head();
    }

    /** Entries of the ledger that are not settled. */
    public int unsettled() {
        return state.ledger.all().size();
    }

    /** Values that are kept. */
    public int values() {
        return state.values.size();
    }

    /** Bytes written since counting began, and today; as of the last time that the node noted them. */
    public long[] writtenBytes() {
        return new long[] {state.wear.totalBytes(), state.wear.record().todayBytes()};
    }

    /** The name of a mailbox in the store. */
    public long blind(KeyId mailbox) {
        return key.blind(mailbox.value());
    }

    /** Messages that wait in a mailbox, by its blinded id. */
    public int count(long mailbox) {
        return state.mailboxes.count(mailbox);
    }

    /** Visits the messages that wait in a mailbox, by its blinded id; not those that were fetched meanwhile. */
    public void forEach(long mailbox, MessageVisitor visitor) throws IOException {
        long sequence = state.mailboxes.index().nextAfter(mailbox, 0);
        while (sequence != 0) {
            long location = state.mailboxes.index().location(mailbox, sequence);
            Place.Message message = Location.isDamaged(location) ? null
                    : state.live.place(location).message(sequence);
            if (message != null || log.isSameLife(state.live.segment(location))) {
                visitor.message(new Message(sequence, message));
            }
            sequence = state.mailboxes.index().nextAfter(mailbox, sequence);
        }
    }

    /** Reads all once more for the times of what waits. */
    public Times times(StorageSettings settings) throws IOException {
        long[] times = {Long.MAX_VALUE, 0};
        try (LogReader again = new LogReader(volume, settings.log(), key, new PlainCounters())) {
            again.read(false, new LogReader.Visitor() {
                @Override
                public void record(Segment segment, Scanned scanned) {
                    long seconds = Math.floorDiv(scanned.time(), 1000L);
                    boolean isWaiting = scanned.type() == RecordFormat.MESSAGE
                            && state.mailboxes.wants(scanned, scanned.location(segment));
                    if (isWaiting && seconds > 0) {
                        times[0] = Math.min(times[0], seconds);
                        times[1] = Math.max(times[1], seconds);
                    }
                }

                @Override
                public void unproven(Segment segment, Scanned scanned) {
                    // its time is not proven either
                }

                @Override
                public void dead(Segment segment) {
                    // nothing of it waits
                }
            });
        }
        return times[1] == 0 ? new Times(0, 0) : new Times(times[0], times[1]);
    }

    @Override
    public void close() throws IOException {
        log.close();
    }

    private StoreFinding told(LogFinding finding) {
        List<StoreFinding.Lost> lost = finding.lost().stream().map(record -> lost(finding, record)).toList();
        String what = switch (finding.kind()) {
            case HEADER -> "the header of the segment is damaged";
            case RECORDS -> "records do not fit their checksums";
            case CUT -> "the file is cut short";
            case FOOTER -> "the index of the segment is damaged";
            case FOOTER_DIFFERS -> "the index of the segment does not say what the records say";
            case MISSING -> "the segment of generation " + finding.generation() + " is missing";
        };
        String effect = switch (finding.kind()) {
            case HEADER -> "the node sets the file aside and serves the rest; its messages are lost";
            case RECORDS, CUT -> "the node serves the rest";
            case FOOTER -> "nothing is lost: the node reads the records instead";
            case FOOTER_DIFFERS -> "the node believes the index and serves what proves itself";
            case MISSING -> "the node serves the rest; the messages of that segment are lost";
        };
        return new StoreFinding(finding.file(), finding.from(), finding.to(), what, effect, lost);
    }

    private StoreFinding.Lost lost(LogFinding finding, Scanned record) {
        boolean isMessage = record.type() == RecordFormat.MESSAGE;
        boolean isOfMailbox = isMessage || record.type() == RecordFormat.ACK
                || record.type() == RecordFormat.ACKS_OF_ONE;
        String what = switch (record.type()) {
            case RecordFormat.MESSAGE -> "message";
            case RecordFormat.ACK -> "acknowledgement";
            case RecordFormat.ACKS, RecordFormat.ACKS_OF_ONE -> "acknowledgements";
            case RecordFormat.LEDGER_ENTRY -> "ledger entry";
            case RecordFormat.LEDGER_SETTLED -> "ledger settlement";
            case RecordFormat.VALUE -> "value";
            case RecordFormat.VALUE_REMOVED -> "removal of a value";
            default -> "mark";
        };
        return new StoreFinding.Lost(what, isOfMailbox ? record.key() : 0, record.sequence(), isMessage,
                isMessage && isWaiting(finding, record), finding.isProven());
    }

    /** Whether a damaged record is the one that the index means; behind a damaged header: whether none else is. */
    private boolean isWaiting(LogFinding finding, Scanned record) {
        long location = state.mailboxes.index().location(record.key(), record.sequence());
        if (key == null || finding.kind() == LogFinding.Kind.HEADER) {
            return location == 0;
        }
        return location != 0 && Location.offset(location) == record.offset()
                && state.live.segment(location).name().equals(finding.file());
    }

    private void checkLedger(String trouble) throws IOException {
        if (trouble != null) {
            findings.add(StoreFinding.of("", "the end of the ledger is damaged",
                    "the node takes no more entries until those before are settled"));
        }
        long before = state.ledger.head().settledIndex();
        Hash256 hash = state.ledger.settledHash();
        for (Map.Entry<Long, Long> entry : state.ledger.all().entrySet()) {
            long index = entry.getKey();
            if (index != before + 1) {
                findings.add(StoreFinding.of("", "ledger entries " + (before + 1) + " to " + (index - 1)
                        + " are missing", "the node reads the ledger up to there"));
                hash = null;
            }
            byte[] payload = state.live.place(entry.getValue()).payloadIfReadable(RecordFormat.LEDGER_ENTRY, index);
            Ledger.Entry found = payload == null ? null : LedgerBook.entry(index, payload);
            if (found != null && hash != null && !found.previous().equals(hash)) {
                findings.add(StoreFinding.of("", "ledger entry " + index + " does not follow the one before",
                        "the node reads the ledger up to there"));
            }
            hash = found == null ? null : found.hash();
            before = index;
        }
    }

    private void checkSnapshot() throws IOException {
        IndexFile wanted = log.snapshot();
        if (wanted == null) {
            return;
        }
        String effect = "nothing is lost: the node reads the segments instead, which takes longer";
        if (!volume.list().contains(IndexFile.NAME)) {
            findings.add(StoreFinding.of(IndexFile.NAME, "the snapshot of the index is missing", effect));
            return;
        }
        try (Volume.File file = key.masked(volume.open(IndexFile.NAME), wanted.salt())) {
            if (!IndexSnapshot.read(file, wanted.bytes(), wanted.crc32c(), (name, value) -> { })) {
                findings.add(StoreFinding.of(IndexFile.NAME,
                        "the snapshot of the index does not fit the record of the clean stop", effect));
            }
        }
    }

    /** Rebuilds what the node knows. */
    private final class Building implements LogReader.Visitor {
        @Override
        public void record(Segment segment, Scanned scanned) throws IOException {
            RecordOwner owner = state.ownerOf(scanned.type());
            if (owner != null) {
                owner.found(scanned, scanned.location(segment));
            }
        }

        /** A message that can be named is damaged, not gone; one that stands elsewhere too is neither. */
        @Override
        public void unproven(Segment segment, Scanned scanned) {
            boolean isNew = scanned.type() == RecordFormat.MESSAGE
                    && state.mailboxes.index().location(scanned.key(), scanned.sequence()) == 0;
            if (isNew && scanned.sequence() > 0) {
                state.mailboxes.restored(scanned.key(), scanned.sequence(), 0, scanned.location(segment));
                state.mailboxes.markDamaged(scanned.key(), scanned.sequence());
            }
        }

        @Override
        public void dead(Segment segment) {
            state.recordOwners().forEach(owner -> owner.forgetAll(segment));
        }
    }

    /** Counts what stands open. */
    private final class Counting implements LogReader.Visitor {
        @Override
        public void record(Segment segment, Scanned scanned) {
            if (scanned.type() == RecordFormat.MESSAGE) {
                messagesWritten++;
                mailboxesWritten.add(scanned.key());
            }
        }

        @Override
        public void unproven(Segment segment, Scanned scanned) {
            // not proven
        }

        @Override
        public void dead(Segment segment) {
            // what was counted stays counted
        }
    }
}
