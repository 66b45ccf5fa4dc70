package network.conet.edge.storage.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.zip.CRC32C;
import network.conet.edge.api.PlainCounters;
import network.conet.edge.protocol.KeyId;
import network.conet.edge.storage.internal.StoreFinding.Lost;
import network.conet.edge.storage.internal.log.IndexFile;
import network.conet.edge.storage.internal.log.LogReader;
import network.conet.edge.storage.internal.log.OtherKeyException;
import network.conet.edge.storage.internal.log.StorageKey;
import network.conet.edge.testkit.CrashVolume;
import network.conet.edge.testkit.SettableClock;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Looks at stores that are whole, damaged and being written, and changes none of them. */
class StoreReaderTest {
    private static final KeyId ALICE = new KeyId(0xA11CE);
    private static final KeyId BOB = new KeyId(0xB0B);
    private static final StorageSettings SETTINGS =
            Messages.settings(16 * 1024, 8, 100, 8 * 1024, 64 * 1024, 1000, 30);
    private static final int MESSAGES = 20;
    private static final int ALIGNMENT = 4096;
    /** Of a segment, and of a record; docs/protocol/mailbox-format.md, sections 2 and 3. */
    private static final int HEADER_BYTES = 64;
    private static final int RECORD_HEADER_BYTES = 40;
    private static final int MESSAGE_TYPE = 1;
    private static final int FOOTER_TYPE = 8;
    private static final int ENTRY_TYPE = 9;

    private final SettableClock clock = new SettableClock(Messages.NOON);
    private final Random random = new Random(5);
    private CrashVolume volume = new CrashVolume();
    private StorageService service;

    /** Messages 1 to 20, turn about to Alice and to Bob, two entries of the ledger and a value between them. */
    @BeforeEach
    void fill() throws IOException {
        service = open(volume, SETTINGS);
        write(service);
    }

    @Test
    void wholeStoreIsWhole() throws IOException {
        service.close();
        try (StoreReader store = check(volume)) {
            assertEquals(List.of(), store.findings());
            assertEquals(MESSAGES, store.messages());
            assertEquals(2, store.mailboxes());
            assertEquals(2, store.unsettled());
            assertEquals(Messages.NOON / 1000, store.times(SETTINGS).oldestSeconds());
            assertTrue(store.files().stream().filter(file -> file.state() == LogReader.State.SEALED).count() >= 2);
        }
    }

    @Test
    void storeThatIsBeingWrittenIsWholeUpToWhatIsComplete() throws IOException {
        Messages.store(service, BOB, body(99));
        try (StoreReader store = check(volume)) {
            assertEquals(List.of(), store.findings());
            assertEquals(MESSAGES, store.messages());
            assertFalse(store.isChanged());
        }
    }

    @Test
    void acknowledgedMessagesDoNotWait() throws IOException {
        Messages.get(service.acknowledge(ALICE, Messages.hash(body(0))));
        service.close();
        try (StoreReader store = check(volume)) {
            assertEquals(MESSAGES - 1, store.messages());
            List<Long> sequences = new ArrayList<>();
            store.forEach(store.blind(ALICE), message -> sequences.add(message.sequence()));
            assertEquals(List.of(3L, 5L, 7L, 9L, 11L, 13L, 15L, 17L, 19L), sequences);
        }
    }

    @Test
    void tornTailIsNoDamage() throws IOException {
        String newest = newest();
        byte[] bytes = volume.content(newest);
        int last = lastGroup(bytes);
        for (int at = last + 100; at < bytes.length; at++) {
            bytes[at] = 0;
        }
        volume.setContent(newest, bytes);
        try (StoreReader store = check(volume)) {
            assertEquals(List.of(), store.findings());
            assertTrue(store.messages() < MESSAGES);
        }
    }

    @Test
    void damagedPayloadIsNamedByTheIndexOfItsSegment() throws IOException {
        service.close();
        flip("seg-00000", record("seg-00000", MESSAGE_TYPE) + RECORD_HEADER_BYTES + 100);
        try (StoreReader store = check(volume)) {
            StoreFinding finding = only(store.findings());
            assertEquals("seg-00000", finding.file());
            assertEquals(HEADER_BYTES, finding.from());
            assertEquals(List.of(new Lost("message", store.blind(ALICE), 1, true, true, true)), finding.lost());
            assertEquals(10, store.count(store.blind(ALICE)));
            store.forEach(store.blind(ALICE), message -> {
                if (message.sequence() == 1) {
                    assertNull(message.message());
                } else {
                    assertArrayEquals(body((int) message.sequence() - 1), message.message().armor());
                }
            });
        }
    }

    @Test
    void damagedPayloadOfNewestSegmentIsNamedByItsHeader() throws IOException {
        service.close();
        flip(newest(), record(newest(), MESSAGE_TYPE) + RECORD_HEADER_BYTES + 100);
        try (StoreReader store = check(volume)) {
            Lost lost = only(only(store.findings()).lost());
            assertTrue(lost.isMessage() && lost.isWaiting() && !lost.isProven(), lost.toString());
            assertEquals(MESSAGES, store.messages(), "damaged, not gone");
        }
    }

    @Test
    void damagedCopyOfCompactionIsMissed() throws IOException {
        service.close();
        volume = new CrashVolume();
        StorageService wide = open(volume, Messages.settings(32 * 1024, 8, 100, 8 * 1024, 64 * 1024, 1000, 30));
        write(wide);
        wide.compact();
        wide.close();
        String newest = newest();
        assertTrue(record(newest, MESSAGE_TYPE) > 0, "a copy stands in " + newest);
        flip(newest, record(newest, MESSAGE_TYPE) + RECORD_HEADER_BYTES + 100);
        try (StoreReader store = check(volume)) {
            Lost lost = only(only(store.findings()).lost());
            assertTrue(lost.isMessage() && lost.isWaiting(), lost.toString());
            assertEquals(MESSAGES, store.messages());
        }
    }

    @Test
    void damagedMessageThatWasAcknowledgedIsNotMissed() throws IOException {
        Messages.get(service.acknowledge(ALICE, Messages.hash(body(0))));
        service.close();
        flip("seg-00000", record("seg-00000", MESSAGE_TYPE) + RECORD_HEADER_BYTES + 100);
        try (StoreReader store = check(volume)) {
            assertFalse(only(only(store.findings()).lost()).isWaiting());
        }
    }

    @Test
    void damagedHeaderLosesItsFileAndTheMessagesAreNamedByTheirHeaders() throws IOException {
        service.close();
        flip("seg-00000", 20);
        try (StoreReader store = check(volume)) {
            assertTrue(store.findings().stream()
                    .anyMatch(each -> each.what().equals("the segment of generation 1 is missing")));
            StoreFinding finding = store.findings().get(0);
            assertEquals("the header of the segment is damaged", finding.what());
            Set<Long> named = sequencesOf(finding);
            assertTrue(named.contains(1L) && named.contains(2L), named.toString());
            assertEquals(MESSAGES, store.messages() + named.size());
        }
    }

    @Test
    void missingFileIsMissed() throws IOException {
        service.close();
        volume.delete("seg-00001");
        try (StoreReader store = check(volume)) {
            assertEquals("the segment of generation 2 is missing", only(store.findings()).what());
        }
    }

    @Test
    void fileThatIsCutShortIsTold() throws IOException {
        service.close();
        volume.setContent("seg-00000", java.util.Arrays.copyOf(volume.content("seg-00000"), ALIGNMENT + 100));
        try (StoreReader store = check(volume)) {
            assertTrue(store.findings().stream().anyMatch(finding -> finding.what().equals("the file is cut short")));
        }
    }

    @Test
    void indexThatContradictsItsRecordsIsTold() throws IOException {
        service.close();
        byte[] bytes = volume.content("seg-00000");
        int footer = record("seg-00000", FOOTER_TYPE);
        int length = ByteBuffer.wrap(bytes).getInt(footer + 4);
        bytes[footer + RECORD_HEADER_BYTES + 2 + 1 + 2 + 1 + 8 + 1] ^= 1; // begin of the first message's hash
        CRC32C crc = new CRC32C();
        crc.update(bytes, 32, 8);
        crc.update(bytes, 8, 8);
        crc.update(ByteBuffer.allocate(8).putLong(footer).flip());
        crc.update(bytes, footer + 4, RECORD_HEADER_BYTES - 4 + length);
        ByteBuffer.wrap(bytes).putInt(footer, (int) crc.getValue());
        volume.setContent("seg-00000", bytes);
        try (StoreReader store = check(volume)) {
            assertEquals("the index of the segment does not say what the records say", only(store.findings()).what());
        }
    }

    @Test
    void damagedEntryOfTheLedgerIsNamed() throws IOException {
        service.close();
        String file = fileWith(ENTRY_TYPE);
        flip(file, record(file, ENTRY_TYPE) + RECORD_HEADER_BYTES + 33);
        try (StoreReader store = check(volume)) {
            assertTrue(store.findings().stream().flatMap(finding -> finding.lost().stream())
                    .anyMatch(lost -> lost.what().equals("ledger entry")), store.findings().toString());
        }
    }

    @Test
    void snapshotThatDoesNotFitIsTold() throws IOException {
        StorageSettings large = SETTINGS.withIndex(new StorageSettings.Index(100, 100, 1));
        service.close();
        volume = new CrashVolume();
        StorageService other = open(volume, large);
        write(other);
        other.close();
        try (StoreReader store = check(volume)) {
            assertEquals(List.of(), store.findings());
        }
        flip(IndexFile.NAME, 100);
        try (StoreReader store = check(volume)) {
            assertEquals(IndexFile.NAME, only(store.findings()).file());
        }
        volume.delete(IndexFile.NAME);
        try (StoreReader store = check(volume)) {
            assertEquals("the snapshot of the index is missing", only(store.findings()).what());
        }
    }

    @Test
    void withoutTheKeyChecksumsAreStillLookedAt() throws IOException {
        service.close();
        try (StoreReader store = new StoreReader(new FrozenVolume(volume), SETTINGS, null, true)) {
            assertEquals(List.of(), store.findings());
            assertEquals(MESSAGES, store.messages());
            assertEquals(2, store.mailboxes());
        }
        flip("seg-00000", record("seg-00000", MESSAGE_TYPE) + RECORD_HEADER_BYTES + 100);
        try (StoreReader store = new StoreReader(new FrozenVolume(volume), SETTINGS, null, true)) {
            assertEquals(Messages.key().blind(ALICE.value()), only(only(store.findings()).lost()).mailbox());
        }
        byte[] other = new byte[StorageKey.BYTES];
        other[0] = 1;
        assertThrows(OtherKeyException.class,
                () -> new StoreReader(new FrozenVolume(volume), SETTINGS, StorageKey.of(other), true));
    }

    /** Whatever byte is hit: what the node does not serve any more, the check has named or given up with its file. */
    @Test
    void whatTheNodeLosesTheCheckNames() throws IOException {
        service.close();
        int flips = 0;
        int lossy = 0;
        for (String name : volume.list()) {
            int size = volume.content(name).length;
            for (int at = 0; at < size; at += at < 512 ? 11 : 97) {
                CrashVolume copy = volume.copy();
                byte[] bytes = copy.content(name);
                bytes[at] ^= (byte) (1 + random.nextInt(255));
                copy.setContent(name, bytes);
                Set<Long> named = new TreeSet<>();
                boolean isWhole;
                boolean isProven;
                try (StoreReader store = check(copy)) {
                    isWhole = store.findings().isEmpty();
                    store.findings().forEach(finding -> named.addAll(sequencesOf(finding)));
                    isProven = store.findings().stream().flatMap(finding -> finding.lost().stream())
                            .allMatch(Lost::isProven);
                }
                StorageService node = open(copy, SETTINGS);
                Set<Long> lost = new TreeSet<>();
                for (long sequence = 1; sequence <= MESSAGES; sequence++) {
                    lost.add(sequence);
                }
                Messages.all(node, ALICE).forEach(message -> lost.remove(message.sequence()));
                Messages.all(node, BOB).forEach(message -> lost.remove(message.sequence()));
                String what = name + " byte " + at;
                assertFalse(isWhole && !lost.isEmpty(), what + ": lost " + lost + ", nothing found");
                // Where no index names it, the header that names it may be what was hit.
                boolean isNameLost = lost.size() == 1 && (!isProven || named.isEmpty());
                assertTrue(named.containsAll(lost) || isNameLost, what + ": lost " + lost + ", named " + named);
                lossy += lost.isEmpty() ? 0 : 1;
                flips++;
            }
        }
        assertTrue(flips > 500 && lossy > 100, flips + " flips, " + lossy + " with losses");
    }

    private static Set<Long> sequencesOf(StoreFinding finding) {
        return finding.lost().stream().filter(lost -> lost.isMessage() && lost.isWaiting()).map(Lost::sequence)
                .collect(Collectors.toSet());
    }

    private static <T> T only(List<T> list) {
        assertEquals(1, list.size(), list.toString());
        return list.get(0);
    }

    private void write(StorageService to) {
        for (int i = 0; i < MESSAGES; i++) {
            Messages.store(to, i % 2 == 0 ? ALICE : BOB, body(i));
            if (i % 8 == 4) {
                to.ledger().append(new byte[] {(byte) i, 1, 2, 3});
            }
            if (i == 10) {
                to.values().put("test", "key", new byte[] {1});
            }
            if (i % 2 == 1) {
                clock.advanceMillis(100);
                to.pump();
            }
        }
    }

    private StoreReader check(CrashVolume disk) throws IOException {
        return new StoreReader(new FrozenVolume(disk), SETTINGS, Messages.key(), true);
    }

    private void flip(String name, int at) {
        byte[] bytes = volume.content(name);
        bytes[at] ^= 1;
        volume.setContent(name, bytes);
    }

    private String newest() {
        return volume.list().stream().filter(name -> name.startsWith("seg-") && volume.content(name).length > 0)
                .max(java.util.Comparator.comparingLong(name -> ByteBuffer.wrap(volume.content(name)).getLong(8)))
                .orElseThrow();
    }

    private String fileWith(int type) {
        return volume.list().stream().filter(name -> name.startsWith("seg-") && record(name, type) > 0).findFirst()
                .orElseThrow();
    }

    /** The first record of a type in a file; 0 when there is none. */
    private int record(String name, int type) {
        byte[] bytes = volume.content(name);
        for (int group = 0; group < bytes.length; group += ALIGNMENT) {
            int at = group == 0 ? HEADER_BYTES : group;
            while (at + RECORD_HEADER_BYTES <= bytes.length && bytes[at + 8] != 0) {
                if (bytes[at + 8] == type) {
                    return at;
                }
                boolean isLast = (bytes[at + 9] & 1) != 0;
                at += RECORD_HEADER_BYTES + ByteBuffer.wrap(bytes).getInt(at + 4);
                if (isLast) {
                    break;
                }
            }
        }
        return 0;
    }

    private static int lastGroup(byte[] bytes) {
        int last = HEADER_BYTES;
        for (int at = ALIGNMENT; at < bytes.length; at += ALIGNMENT) {
            boolean isFirst = bytes[at + 8] > 0 && bytes[at + 8] <= 12 && (bytes[at + 9] & 2) != 0;
            last = isFirst && bytes[at + 9] <= 7 && bytes[at + 10] == 0 && bytes[at + 11] == 0 ? at : last;
        }
        return last;
    }

    private static byte[] body(int i) {
        return Messages.body(i, 700 + 60 * i);
    }

    private StorageService open(CrashVolume disk, StorageSettings settings) throws IOException {
        return Messages.open(disk, settings, clock, new PlainCounters(), random);
    }
}
