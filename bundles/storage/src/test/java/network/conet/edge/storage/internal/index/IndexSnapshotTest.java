package network.conet.edge.storage.internal.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import network.conet.edge.api.Volume;
import network.conet.edge.storage.internal.index.IndexSnapshot.PairProducer;
import network.conet.edge.storage.internal.index.IndexSnapshot.PairVisitor;
import network.conet.edge.storage.internal.index.IndexSnapshot.Written;
import network.conet.edge.testkit.CrashVolume;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IndexSnapshotTest {
    private static final PairVisitor NOBODY = (key, value) -> {
        throw new AssertionError("a pair was shown");
    };

    private final CrashVolume volume = new CrashVolume();

    private static byte[] key(int i) {
        return ByteBuffer.allocate(24).putLong(0x8000_0000_0000_0000L + i / 100).putLong(i).putLong(i * 31L).array();
    }

    private static byte[] value(int i) {
        return ByteBuffer.allocate(16).putLong(i * 0x9E3779B97F4A7C15L).putLong(i * 4096L << 21 | 1100).array();
    }

    private static PairProducer pairs(int count) {
        return to -> {
            for (int i = 0; i < count; i++) {
                to.pair(key(i), value(i));
            }
        };
    }

    private Written write(int count) throws IOException {
        try (Volume.File file = volume.open("snapshot")) {
            return IndexSnapshot.write(file, pairs(count));
        }
    }

    private boolean read(Written written, PairVisitor visitor) throws IOException {
        try (Volume.File file = volume.open("snapshot")) {
            return IndexSnapshot.read(file, written.bytes(), written.crc32c(), visitor);
        }
    }

    private void checkPairs(Written written, int count) throws IOException {
        int[] seen = {0};
        assertTrue(read(written, (key, value) -> {
            assertTrue(Arrays.equals(key(seen[0]), key), () -> "key " + seen[0]);
            assertTrue(Arrays.equals(value(seen[0]), value), () -> "value " + seen[0]);
            seen[0]++;
        }));
        assertEquals(count, seen[0]);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 31, 32, 33, 1_000, 200_000})
    void whatWasWrittenIsRead(int count) throws IOException {
        Written written = write(count);
        assertEquals(written.bytes(), volume.content("snapshot").length);
        assertTrue(written.bytes() <= 32 * 1024 + 64L * count, () -> written + " for " + count);
        checkPairs(written, count);
    }

    @Test
    void longestPairsFit() throws IOException {
        byte[] value = new byte[IndexSnapshot.VALUE_BYTES_MAX];
        Written written;
        try (Volume.File file = volume.open("snapshot")) {
            written = IndexSnapshot.write(file, to -> {
                for (int i = 0; i < 1_000; i++) {
                    // Beginnings without anything in common.
                    byte[] key = new byte[IndexSnapshot.KEY_BYTES_MAX];
                    key[0] = (byte) (i >> 2);
                    key[1] = (byte) (i << 6);
                    to.pair(key, value);
                }
            });
        }
        int[] seen = {0};
        assertTrue(read(written, (key, shown) -> {
            assertEquals(IndexSnapshot.KEY_BYTES_MAX, key.length);
            assertTrue(Arrays.equals(value, shown));
            seen[0]++;
        }));
        assertEquals(1_000, seen[0]);
    }

    @Test
    void longerPairAndUnsortedKeysAreRefused() throws IOException {
        try (Volume.File file = volume.open("snapshot")) {
            assertThrows(IllegalArgumentException.class, () -> IndexSnapshot.write(file,
                    to -> to.pair(new byte[IndexSnapshot.KEY_BYTES_MAX + 1], value(0))));
            assertThrows(IllegalArgumentException.class, () -> IndexSnapshot.write(file,
                    to -> to.pair(key(0), new byte[IndexSnapshot.VALUE_BYTES_MAX + 1])));
            assertThrows(IllegalArgumentException.class, () -> IndexSnapshot.write(file, to -> {
                to.pair(key(1), value(1));
                to.pair(key(1), value(1));
            }));
        }
    }

    @Test
    void olderLongerFileIsCut() throws IOException {
        write(100_000);
        checkPairs(write(1_000), 1_000);
    }

    @Test
    void changedByteIsNeverShown() throws IOException {
        Written written = write(1_000);
        byte[] good = volume.content("snapshot");
        for (int i = 0; i < good.length; i += i < 128 ? 1 : 97) {
            byte[] bad = good.clone();
            bad[i] ^= (byte) (1 << i % 8);
            volume.setContent("snapshot", bad);
            assertFalse(read(written, NOBODY), "byte " + i);
        }
        volume.setContent("snapshot", good);
        checkPairs(written, 1_000);
    }

    @Test
    void cutOrLongerFileIsNeverShown() throws IOException {
        Written written = write(1_000);
        byte[] good = volume.content("snapshot");
        for (int length : new int[] {0, 1, 63, 64, good.length / 2, good.length - 1, good.length + 1}) {
            volume.setContent("snapshot", Arrays.copyOf(good, length));
            assertFalse(read(written, NOBODY), "length " + length);
        }
    }

    @Test
    void fileOfAnotherStopIsNeverShown() throws IOException {
        Written old = write(1_000);
        byte[] bytes = volume.content("snapshot");
        Written other;
        try (Volume.File file = volume.open("snapshot")) {
            other = IndexSnapshot.write(file, to -> {
                for (int i = 0; i < 1_000; i++) {
                    to.pair(key(i), value(i + 1));
                }
            });
        }
        assertEquals(old.bytes(), other.bytes());
        volume.setContent("snapshot", bytes);
        assertFalse(read(other, NOBODY));
    }

    @Test
    void everyFailureOfTheDiskComesOut() throws IOException {
        write(2_000);
        volume.delete("snapshot");
        int before = volume.operations();
        write(2_000);
        int operations = volume.operations() - before;
        assertTrue(operations > 4, () -> "operations: " + operations);
        for (int n = 2; n <= operations; n++) {
            for (var failure : new CrashVolume.Failure[] {CrashVolume.Failure.IO_ERROR,
                    CrashVolume.Failure.SHORT_WRITE}) {
                volume.delete("snapshot");
                volume.failOperation(n, failure);
                IOException failed = assertThrows(IOException.class, () -> write(2_000));
                assertTrue(failed.getMessage().startsWith("simulated"), failed.toString());
            }
        }
    }

    @Test
    void failuresOfProducerAndVisitorComeOut() throws IOException {
        IOException failure = new IOException("mine");
        try (Volume.File file = volume.open("snapshot")) {
            assertSame(failure, assertThrows(IOException.class, () -> IndexSnapshot.write(file, to -> {
                throw failure;
            })));
        }
        Written written = write(10);
        assertSame(failure, assertThrows(IOException.class, () -> read(written, (key, value) -> {
            throw failure;
        })));
    }

    @Test
    void powerCutNeverLeavesAnotherFileThanTheOneWritten() throws Exception {
        volume.settle();
        Written written = write(1_000);
        try (Volume.File file = volume.open("snapshot")) {
            file.force();
        }
        volume.forceDirectory();
        int[] complete = {0};
        volume.crashStates(1, (operation, survival, state) -> {
            try (Volume.File file = state.open("snapshot")) {
                int[] seen = {0};
                if (IndexSnapshot.read(file, written.bytes(), written.crc32c(), (key, value) -> {
                    assertTrue(Arrays.equals(value(seen[0]++), value));
                })) {
                    assertEquals(1_000, seen[0]);
                    complete[0]++;
                } else {
                    assertEquals(0, seen[0]);
                }
            }
        });
        assertTrue(complete[0] > 0);
    }
}
