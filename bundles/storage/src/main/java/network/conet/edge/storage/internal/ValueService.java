package network.conet.edge.storage.internal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import network.conet.edge.api.Counter;
import network.conet.edge.api.ValueStore;
import network.conet.edge.protocol.RefuseReason;
import network.conet.edge.protocol.RefusedException;
import network.conet.edge.storage.internal.log.Place;
import network.conet.edge.storage.internal.log.RecordFormat;

/** The values on the log. Safe for use by many threads. */
final class ValueService implements ValueStore {
    private final StorageSettings settings;
    private final StorageParts parts;
    private final StorageState state;

    ValueService(StorageSettings settings, StorageParts parts, StorageState state) {
        this.settings = settings;
        this.parts = parts;
        this.state = state;
    }

    @Override
    public CompletionStage<Optional<byte[]>> get(String space, String key) {
        ValueTable.Name name = name(space, key);
        return parts.onReader(() -> value(name));
    }

    private Optional<byte[]> value(ValueTable.Name name) throws RefusedException {
        long tried = 0;
        while (true) {
            ValueTable.Entry entry;
            Place place;
            synchronized (state) {
                if (state.isStopping) {
                    throw new RefusedException(RefuseReason.STOPPING);
                }
                entry = state.values.entry(name);
                place = entry == null ? null : state.live.place(entry.location());
            }
            if (entry == null) {
                return Optional.empty();
            }
            byte[] payload = place.payloadIfReadable(RecordFormat.VALUE, entry.sequence());
            if (payload != null) {
                ByteBuffer in = ByteBuffer.wrap(payload);
                ValueTable.Name.read(in);
                byte[] value = new byte[in.remaining()];
                in.get(value);
                return Optional.of(value);
            }
            // It may have been replaced, or copied elsewhere, while it was read.
            if (tried == entry.location()) {
                synchronized (state) {
                    if (entry.equals(state.values.entry(name))) {
                        parts.counters().add(Counter.STORAGE_RECORDS_DAMAGED, 1);
                        state.damaged("a value of " + name.space() + " is damaged");
                    }
                }
                return Optional.empty();
            }
            tried = entry.location();
        }
    }

    @Override
    public CompletionStage<Void> put(String space, String key, byte[] value) {
        if (value.length > VALUE_BYTES_MAX) {
            throw new IllegalArgumentException("a value has at most " + VALUE_BYTES_MAX + " bytes, not "
                    + value.length);
        }
        ValueTable.Name name = name(space, key);
        return write(name, new PendingValue(state, name, value));
    }

    @Override
    public CompletionStage<Void> remove(String space, String key) {
        ValueTable.Name name = name(space, key);
        return write(name, new PendingValue(state, name, null));
    }

    private CompletionStage<Void> write(ValueTable.Name name, PendingValue write) {
        boolean isToWake;
        synchronized (state) {
            RefuseReason refusal = state.refusal();
            if (refusal == null && !state.mayWait(write.costBytes())) {
                refusal = RefuseReason.MEMORY_FULL;
            }
            // What is replaced makes room for what replaces it.
            long bytes = state.values.bytes() + state.valuesBooked + write.bookedBytes();
            boolean isOver = bytes - Math.min(state.values.bytesOf(name), write.bookedBytes())
                    > settings.quotas().valueBytesMax()
                    || state.values.size() >= StorageLimits.VALUES_MAX && state.values.entry(name) == null;
            if (refusal == null && write.bookedBytes() > 0 && isOver) {
                refusal = RefuseReason.VALUES_FULL;
            }
            if (refusal != null) {
                return CompletableFuture.failedFuture(new RefusedException(refusal));
            }
            long now = parts.clock().monotonicNanos();
            isToWake = state.enqueueValue(write, now, state.windowNanos(now));
        }
        if (isToWake) {
            parts.driver().wake();
        }
        return write.done;
    }

    @Override
    public List<String> keys(String space) {
        name(space, "x");
        synchronized (state) {
            return state.values.keys(space);
        }
    }

    private static ValueTable.Name name(String space, String key) {
        int spaceBytes = space.getBytes(StandardCharsets.UTF_8).length;
        int keyBytes = key.getBytes(StandardCharsets.UTF_8).length;
        if (spaceBytes < 1 || spaceBytes > SPACE_BYTES_MAX || space.equals(NodeMemory.NODE_SPACE)) {
            throw new IllegalArgumentException("a space is a name of 1.." + SPACE_BYTES_MAX + " bytes other than "
                    + NodeMemory.NODE_SPACE);
        }
        if (keyBytes < 1 || keyBytes > KEY_BYTES_MAX) {
            throw new IllegalArgumentException("a key has 1.." + KEY_BYTES_MAX + " bytes, not " + keyBytes);
        }
        return new ValueTable.Name(space, key);
    }
}
