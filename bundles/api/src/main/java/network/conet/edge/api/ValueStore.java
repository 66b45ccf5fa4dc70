package network.conet.edge.api;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * A small space for what services and settings must remember: values under keys, in spaces that do not see each
 * other. Kept on the same log as mail. All methods may be called from any thread and return without waiting for the
 * disk.
 */
public interface ValueStore {
    /** Longest name of a space, in bytes of UTF-8; at least one. */
    int SPACE_BYTES_MAX = 64;
    /** Longest key, in bytes of UTF-8; at least one. */
    int KEY_BYTES_MAX = 128;
    /** Largest value, in bytes. */
    int VALUE_BYTES_MAX = 64 * 1024;

    /**
     * Reads a value that is durable. A stored record that fails its checksum counts as missing and is reported
     * through health. Fails with {@code RefusedException}: {@code MEMORY_FULL}, {@code STOPPING}.
     */
    CompletionStage<Optional<byte[]>> get(String space, String key);

    /**
     * Stores a value in place of the one that was there. The stage completes when it is durable. Fails with
     * {@code RefusedException}: {@code VALUES_FULL} (over quota), {@code MEMORY_FULL}, {@code STORAGE_FULL},
     * {@code STORAGE_FAILED}, {@code STOPPING}; the value that was there then stays.
     *
     * @param value not changed by the caller afterwards
     * @throws IllegalArgumentException when space, key or value is outside its bounds
     */
    CompletionStage<Void> put(String space, String key, byte[] value);

    /** Forgets a value; the stage completes when that is durable. Idempotent. Fails as {@link #put}. */
    CompletionStage<Void> remove(String space, String key);

    /** The keys of a space, sorted. */
    List<String> keys(String space);
}
