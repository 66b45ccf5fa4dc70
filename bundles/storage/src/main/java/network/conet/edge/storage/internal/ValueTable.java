package network.conet.edge.storage.internal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import network.conet.edge.storage.internal.log.Location;
import network.conet.edge.storage.internal.log.RecordFormat;
import network.conet.edge.storage.internal.log.Scanned;
import network.conet.edge.storage.internal.log.Segment;

/** Where values stand, by space and key. Guarded by the state's monitor. */
final class ValueTable implements RecordOwner {
    private final LiveRecords live;
    private final NodeValues nodeValues;
    private final TreeMap<Name, Entry> entries = new TreeMap<>();
    /** The other way round: a moved record is known by its place. */
    private final Map<Long, Name> names = new HashMap<>();
    private long bytes;
    private long nextSequence = 1;

    /** A key in a space. */
    record Name(String space, String key) implements Comparable<Name> {
        @Override
        public int compareTo(Name other) {
            int bySpace = space.compareTo(other.space);
            return bySpace != 0 ? bySpace : key.compareTo(other.key);
        }

        /** Whether the node itself remembers something under it. */
        boolean isOfNode() {
            return space.equals(NodeMemory.NODE_SPACE);
        }

        /** The begin of a record's payload. */
        byte[] toBytes() {
            byte[] spaceBytes = space.getBytes(StandardCharsets.UTF_8);
            byte[] keyBytes = key.getBytes(StandardCharsets.UTF_8);
            return ByteBuffer.allocate(2 + spaceBytes.length + keyBytes.length).put((byte) spaceBytes.length)
                    .put(spaceBytes).put((byte) keyBytes.length).put(keyBytes).array();
        }

        /** Reads what {@link #toBytes} gave and leaves the rest. */
        static Name read(ByteBuffer in) {
            return new Name(text(in), text(in));
        }

        private static String text(ByteBuffer in) {
            byte[] text = new byte[in.get() & 0xFF];
            in.get(text);
            return new String(text, StandardCharsets.UTF_8);
        }
    }

    /** Where the newest value of a name stands; the number decides what is newer. */
    record Entry(long sequence, long location) {}

    /** Is told the values of the node's own space when the log is opened. */
    interface NodeValues {
        /** @param value null when it was removed */
        void found(String key, byte[] value);
    }

    ValueTable(LiveRecords live, NodeValues nodeValues) {
        this.live = live;
        this.nodeValues = nodeValues;
    }

    /** Of the values of services and settings, as they lie on the medium; the node's own are bounded otherwise. */
    long bytes() {
        return bytes;
    }

    /** Of one value, if it counts in {@link #bytes()}; 0 when it is not there. */
    long bytesOf(Name name) {
        Entry entry = entries.get(name);
        return entry == null || name.isOfNode() ? 0 : Location.bytes(entry.location());
    }

    int size() {
        return entries.size();
    }

    /** The number that the next value gets, to be remembered over a clean stop. */
    long nextSequence() {
        return nextSequence;
    }

    void restoredNext(long sequence) {
        nextSequence = Math.max(nextSequence, sequence);
    }

    /** The number that the next value or removal gets. */
    long takeSequence() {
        return nextSequence++;
    }

    /** Where a value stands, or null. */
    Entry entry(Name name) {
        return entries.get(name);
    }

    List<String> keys(String space) {
        return entries.subMap(new Name(space, ""), new Name(space + '\0', "")).keySet().stream().map(Name::key)
                .toList();
    }

    /** A value became durable. */
    void put(Name name, long sequence, long location) {
        nextSequence = Math.max(nextSequence, sequence + 1);
        Entry before = entries.get(name);
        if (before != null && before.sequence() > sequence) {
            return;
        }
        drop(name);
        entries.put(name, new Entry(sequence, location));
        names.put(location, name);
        live.add(location, false);
        bytes += bytesOf(name);
    }

    /** A removal became durable. */
    void remove(Name name, long sequence) {
        nextSequence = Math.max(nextSequence, sequence + 1);
        Entry before = entries.get(name);
        if (before != null && before.sequence() < sequence) {
            drop(name);
        }
    }

    private void drop(Name name) {
        bytes -= bytesOf(name);
        Entry before = entries.remove(name);
        if (before != null) {
            names.remove(before.location());
            live.remove(before.location(), false);
        }
    }

    @Override
    public boolean found(Scanned record, long location) {
        byte[] payload = live.place(location).payloadIfReadable(record.type(), record.sequence());
        if (payload == null) {
            return false;
        }
        ByteBuffer in = ByteBuffer.wrap(payload);
        Name name = Name.read(in);
        boolean isRemoved = record.type() == RecordFormat.VALUE_REMOVED;
        if (isRemoved) {
            remove(name, record.sequence());
        } else {
            put(name, record.sequence(), location);
        }
        if (name.isOfNode()) {
            byte[] value = new byte[in.remaining()];
            in.get(value);
            nodeValues.found(name.key(), isRemoved ? null : value);
        }
        return true;
    }

    /** All names, for the snapshot. */
    TreeMap<Name, Entry> all() {
        return entries;
    }

    @Override
    public boolean wants(Scanned record, long location) {
        return nameAt(record, location) != null;
    }

    @Override
    public void moved(Scanned record, long from, long to, long expirySeconds) {
        Name name = nameAt(record, from);
        if (name != null) {
            put(name, record.sequence(), to);
        }
    }

    @Override
    public String lost(Scanned record, long location) {
        Name name = nameAt(record, location);
        drop(name);
        return "a value of " + name.space();
    }

    @Override
    public void forgetAll(Segment segment) {
        List<Name> doomed = new ArrayList<>();
        names.forEach((location, name) -> {
            if (Location.number(location) == segment.number()) {
                doomed.add(name);
            }
        });
        doomed.forEach(this::drop);
    }

    private Name nameAt(Scanned record, long location) {
        return record.type() == RecordFormat.VALUE ? names.get(location) : null;
    }
}
