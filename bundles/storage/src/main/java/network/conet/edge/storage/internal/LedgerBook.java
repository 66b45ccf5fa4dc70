package network.conet.edge.storage.internal;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import network.conet.edge.api.Ledger;
import network.conet.edge.protocol.Hash256;
import network.conet.edge.storage.internal.log.Location;
import network.conet.edge.storage.internal.log.RecordFormat;
import network.conet.edge.storage.internal.log.Scanned;
import network.conet.edge.storage.internal.log.Segment;

/**
 * Where the unsettled entries of the ledger stand, and where its chain does. Guarded by the state's monitor.
 *
 * <p>The heads: what is durable, and what the next entry is bound to; they differ while a group is being written.
 */
final class LedgerBook implements RecordOwner {
    private static final Hash256 NOTHING = Hash256.of(new byte[Hash256.BYTES]);

    private final LiveRecords live;
    private final TreeMap<Long, Long> locations = new TreeMap<>();
    private long bytes;
    private long settledIndex;
    private long settledLocation;
    private Hash256 settledHash = NOTHING;
    private Ledger.Head head = new Ledger.Head(0, 0, NOTHING);
    private long nextIndex = 1;
    private Hash256 nextPrevious = NOTHING;
    /** From here on no entry can be read, so that nothing can be bound to the last. 0 when all is well. */
    private long damagedIndex;
    private boolean isMarkWanted;

    LedgerBook(LiveRecords live) {
        this.live = live;
    }

    Ledger.Head head() {
        return head;
    }

    /** Of the entries that are not settled, as they lie on the medium. */
    long bytes() {
        return bytes;
    }

    /** Whether the last entry cannot be read, so that nothing can be bound to it until those before are settled. */
    boolean isDamaged() {
        return damagedIndex != 0;
    }

    /** Whether the mark of what is settled is lost and has to be written again; asked once. */
    boolean takeMarkWanted() {
        boolean isWanted = isMarkWanted;
        isMarkWanted = false;
        return isWanted;
    }

    /** Gives the next entry its place in the chain. */
    Ledger.Entry chain(byte[] content) {
        Hash256 previous = nextPrevious;
        Hash256 hash = hashOf(previous, nextIndex, content);
        Ledger.Entry entry = new Ledger.Entry(nextIndex, previous, hash, content);
        nextIndex++;
        nextPrevious = hash;
        return entry;
    }

    /** What was chained since the last durable entry was not written. */
    void rollBack() {
        nextIndex = head.lastIndex() + 1;
        nextPrevious = head.hash();
    }

    void appended(Ledger.Entry entry, long location) {
        put(entry.index(), location);
        head = new Ledger.Head(settledIndex, entry.index(), entry.hash());
    }

    /** The first unsettled index that is not below {@code fromIndex}. */
    long firstFrom(long fromIndex) {
        return Math.max(settledIndex + 1, fromIndex);
    }

    /** The place of an entry, or 0. */
    long location(long index) {
        return locations.getOrDefault(index, 0L);
    }

    /** The hash of the last settled entry; zeros when there is none. */
    Hash256 settledHash() {
        return settledHash;
    }

    /** Where the mark of what is settled stands, or 0. */
    long settledLocation() {
        return settledLocation;
    }

    void settled(long throughIndex, Hash256 hash, long location) {
        if (settledLocation != 0) {
            live.remove(settledLocation, false);
        }
        settledIndex = throughIndex;
        settledHash = hash;
        settledLocation = location;
        live.add(location, false);
        while (!locations.isEmpty() && locations.firstKey() <= throughIndex) {
            forget(locations.firstKey());
        }
        if (damagedIndex == throughIndex + 1) {
            // All that can be read is settled: the chain goes on from there, and the number is given again.
            List.copyOf(locations.tailMap(damagedIndex).keySet()).forEach(this::forget);
            damagedIndex = 0;
        }
        boolean isAll = throughIndex >= head.lastIndex();
        head = new Ledger.Head(settledIndex, isAll ? throughIndex : head.lastIndex(), isAll ? hash : head.hash());
        if (locations.isEmpty() && nextIndex <= head.lastIndex() + 1) {
            rollBack();
        }
    }

    private void put(long index, long location) {
        Long before = locations.put(index, location);
        if (before != null) {
            live.remove(before, false);
            bytes -= Location.bytes(before);
        }
        live.add(location, false);
        bytes += Location.bytes(location);
    }

    private void forget(long index) {
        Long location = locations.remove(index);
        if (location == null) {
            return;
        }
        live.remove(location, false);
        bytes -= Location.bytes(location);
    }

    @Override
    public boolean found(Scanned record, long location) {
        if (record.type() == RecordFormat.LEDGER_ENTRY) {
            if (record.sequence() > settledIndex) {
                put(record.sequence(), location);
            }
        } else if (record.sequence() >= settledIndex) {
            byte[] hash = live.place(location).payloadIfReadable(record.type(), record.sequence());
            if (hash == null || hash.length != Hash256.BYTES) {
                return false;
            }
            settled(record.sequence(), Hash256.of(hash), location);
        }
        return true;
    }

    /**
     * All was found: the chain goes on behind the last entry.
     *
     * @return a line for the operator when the last entry cannot be read, else null
     */
    String finishOpening() {
        if (!locations.isEmpty() && locations.firstKey() > settledIndex + 1) {
            // The mark of what was settled is lost; the first entry that is there says where it was.
            Ledger.Entry first = read(locations.firstKey());
            settledIndex = locations.firstKey() - 1;
            settledHash = first == null ? NOTHING : first.previous();
            isMarkWanted = first != null;
        }
        long last = locations.isEmpty() ? settledIndex : Math.max(settledIndex, locations.lastKey());
        Hash256 hash = settledHash;
        String trouble = null;
        if (last > settledIndex) {
            Ledger.Entry entry = read(last);
            while (entry == null && last > settledIndex) {
                damagedIndex = last;
                last--;
                entry = last > settledIndex ? read(last) : null;
                trouble = "the ledger is damaged from entry " + damagedIndex + " on; it takes no more until the "
                        + "entries before are settled";
            }
            hash = entry != null ? entry.hash() : settledHash;
        }
        head = new Ledger.Head(settledIndex, last, hash);
        rollBack();
        return trouble;
    }

    private Ledger.Entry read(long index) {
        long location = location(index);
        byte[] payload = location == 0 ? null
                : live.place(location).payloadIfReadable(RecordFormat.LEDGER_ENTRY, index);
        return payload == null || payload.length < Hash256.BYTES ? null : entry(index, payload);
    }

    @Override
    public boolean wants(Scanned record, long location) {
        return record.type() == RecordFormat.LEDGER_ENTRY ? location(record.sequence()) == location
                : settledLocation == location;
    }

    @Override
    public void moved(Scanned record, long from, long to, long expirySeconds) {
        if (!wants(record, from)) {
            return;
        }
        if (record.type() == RecordFormat.LEDGER_ENTRY) {
            put(record.sequence(), to);
        } else {
            live.remove(from, false);
            live.add(to, false);
            settledLocation = to;
        }
    }

    @Override
    public String lost(Scanned record, long location) {
        if (record.type() == RecordFormat.LEDGER_ENTRY) {
            forget(record.sequence());
            return "entry " + record.sequence() + " of the ledger";
        }
        live.remove(location, false);
        settledLocation = 0;
        isMarkWanted = true;
        return "the settlement mark of the ledger";
    }

    @Override
    public void forgetAll(Segment segment) {
        List<Long> doomed = new ArrayList<>();
        locations.forEach((index, location) -> {
            if (Location.number(location) == segment.number()) {
                doomed.add(index);
            }
        });
        doomed.forEach(this::forget);
        if (settledLocation != 0 && Location.number(settledLocation) == segment.number()) {
            live.remove(settledLocation, false);
            settledLocation = 0;
            isMarkWanted = settledIndex > 0;
        }
    }

    /** Reads the payload of a record: hash of the entry before, then the content. */
    static Ledger.Entry entry(long index, byte[] payload) {
        Hash256 previous = Hash256.of(java.util.Arrays.copyOf(payload, Hash256.BYTES));
        byte[] content = java.util.Arrays.copyOfRange(payload, Hash256.BYTES, payload.length);
        return new Ledger.Entry(index, previous, hashOf(previous, index, content), content);
    }

    private static Hash256 hashOf(Hash256 previous, long index, byte[] content) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(previous.bytes());
            digest.update(ByteBuffer.allocate(Long.BYTES).putLong(index).flip());
            return Hash256.of(digest.digest(content));
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError("every Java has SHA-256", impossible);
        }
    }

    /** All places by index, for the snapshot. */
    SortedMap<Long, Long> all() {
        return locations;
    }

    /** What a snapshot says of the chain; before its entries. */
    void restoredSettlement(long index, long location, Hash256 hash) {
        isMarkWanted = index > 0 && location == 0;
        settledIndex = index;
        settledHash = hash;
        settledLocation = location;
        if (location != 0) {
            live.add(location, false);
        }
    }

    /** An entry that a snapshot names. */
    void restoredEntry(long index, long location) {
        put(index, location);
    }
}
